"""Who signs the article: data, head and visible bylines against each other; e-mails from the page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import islice

from pipeline.bylines import EMAIL, merge, parse_byline
from pipeline.extract.facts_headline import key_of
from pipeline.extract.nearby import Nearby
from pipeline.extract.people import (
    AGENCIES,
    has_prefix,
    is_prefix,
    looks_like_person,
    names_of_data,
    read_people,
    signed_name,
)
from pipeline.extract.witnesses import Witnesses, short_text
from pipeline.records import Author
from pipeline.select import Node

_META = (
    "author", "article:author", "article:author_name", "parsely-author", "sailthru.author",
    "dc.creator", "dcterms.creator", "dc.author", "dable:author", "og:article:author", "byl",
    "citation_author", "cxenseparse:author", "article.author", "authors", "articleauthor",
    "twitter:misc:written by",
)  # fmt: skip
_VISIBLE = (
    "[class*=aut i], [class*=byline i], [class*=writer i], [class*=report i], [class*=journalist i]"
)
_NAMING = re.compile(r"aut(?:h?or|eur)|byline|writer|reporter|journalist", re.IGNORECASE)
_SIGNATURE = "p[style*=text-align i][style*=right i]"
_HANGUL = re.compile("[가-힣]")
_ELSEWHERE = re.compile(
    r"teaser|card|related|recommend|comment|footer|sidebar|caption|image|photo|foto|picture|media"
    r"|more-|most|popular|promo|newsletter|box__|profile|bio\b|copyright|subscribe",
    re.IGNORECASE,
)
_VISIBLE_MOST, _LONGEST = 40, 160
_HOUSE_LONGEST = 40
_GOES_ON = re.compile(r"(?:[,&]|\b(?:and|und|et|y|e|en|och|og))$")
_DATED = re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\b(?:19|20)\d\d\b")
_OTHERS = re.compile(r"외\s?\d+\s?명|et al|and \d+ (?:more|others)", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,400}>")
_OPEN_TAG = re.compile(r"<[^<>]*$")
_BLANKS = re.compile(r"\s+")
_ESCAPED = re.compile(r"\\u003[ce]|\\[\"nrt]", re.IGNORECASE)
_ROLE_NAME = re.compile(
    r"(?:(?P<name>[가-힣]{2,4})\s?(?P<role>[가-힣]{0,4}(?:기자|특파원|앵커|위원|피디|PD|리포터|에디터))"
    r"|(?P<role2>기자|칼럼니스트|평론가|작가|교수)\s(?P<name2>[가-힣]{2,4})|(?P<name3>[가-힣]{2,4}))\s?(?P<signs>입니다\.?)?\s*[(\[:/|,]?\s*$"
)
_WINDOW, _EMAILS_MOST, _SIGNS_MOST = 300, 60, 1000
_SIGNING = 40  # characters before an e-mail: name, role and signs have room in them


def read_authors(witnesses: Witnesses, headline: str, nearby: Nearby) -> tuple[Author, ...]:
    """Return the persons that data, head or page name; where none does, the house or agency that signs."""
    stated = tuple(_from_data(witnesses))
    people = _people(stated, witnesses)
    meta = tuple(_meta(witnesses))
    if not people:
        people = tuple(a for a in meta if looks_like_person(a.name) or a.role)
    people = _with_linked(people, witnesses, nearby)
    if not people or _names_others(witnesses):
        visible = tuple(_visible(witnesses, headline, nearby))
        people = people if len(people) > len(visible) else visible
    if witnesses.language == "ko":
        people = _with_emails(people, witnesses)
    return people or _house(meta, merge(stated), witnesses) or _signature(nearby)


def _house(
    meta: tuple[Author, ...], stated: tuple[Author, ...], witnesses: Witnesses
) -> tuple[Author, ...]:
    """Return the agency that signs, else the paper itself by the name that it signs with."""
    sites = {key_of(site) for site in witnesses.sites}
    for signed in (meta, stated):
        if any(key_of(author.name) not in sites for author in signed):
            return signed
    return meta or stated


def _with_linked(
    people: tuple[Author, ...], witnesses: Witnesses, nearby: Nearby
) -> tuple[Author, ...]:
    """Data may name the first author only, where the page links to all of them."""
    if not people or len(witnesses.signed) <= len(people):
        return people
    linked = [a for said in witnesses.signed for a in read_people(said, sites=witnesses.sites)]
    known = {a.name.casefold() for a in people}
    if not known or not known < {a.name.casefold() for a in linked}:
        return people
    shown = " ".join(nearby.lines).casefold()  # not those of other articles
    linked = [a for a in linked if a.name.casefold() in shown]
    return merge(linked, people) if known < {a.name.casefold() for a in linked} else people


def _signature(nearby: Nearby) -> tuple[Author, ...]:
    """Return who signs a page that names no person: "By TPN", "AFP, MANILA"."""
    for line in nearby.lines:
        names = names_of_data(line)
        if names and (
            names[0].casefold() in AGENCIES or (has_prefix(line) and len(line) <= _HOUSE_LONGEST)
        ):
            found = signed_name(line) if has_prefix(line) else names[0]
            return (Author(found),) if found else ()
    return ()


def _names_others(witnesses: Witnesses) -> bool:
    return any(_OTHERS.search(said) for said in witnesses.head.meta.get("author", ()))


def _from_data(witnesses: Witnesses) -> Iterator[Author]:
    for author in witnesses.data.authors:
        for name in names_of_data(author.name, witnesses.sites):
            yield Author(name, author.email, author.role)


def _people(stated: tuple[Author, ...], witnesses: Witnesses) -> tuple[Author, ...]:
    """Return the data's authors where at least one is a person; the site itself is none then."""
    sites = {key_of(site) for site in witnesses.sites}
    organisations = {key_of(a.name) for a in witnesses.data.authors if a.is_organisation}
    korean = [
        Author(p.name, p.email or a.email, p.role or a.role)
        for a in stated
        if _HANGUL.search(a.name)
        for p in parse_byline(a.name, publisher=_press(witnesses))
    ]
    if korean:
        return merge(korean)
    kept = [a for a in stated if key_of(a.name) not in sites]
    if any(key_of(a.name) not in organisations for a in kept):
        return merge(kept)
    return ()


def _press(witnesses: Witnesses) -> str | None:
    return next(iter(witnesses.sites), None)


def _meta(witnesses: Witnesses) -> Iterator[Author]:
    for name in _META:
        if not (values := witnesses.head.meta.get(name)):
            continue
        found: list[Author] = []
        for value in values[:20]:
            if "://" in value or value.startswith("@"):
                continue
            if _HANGUL.search(value):
                found += parse_byline(value, publisher=_press(witnesses))
            else:
                found += map(Author, names_of_data(value, witnesses.sites))
        if found:
            yield from merge(found)
            return


def _visible(witnesses: Witnesses, headline: str, nearby: Nearby) -> Iterator[Author]:
    for said in _slots(witnesses, headline, nearby):
        if found := read_people(said, sites=witnesses.sites):
            yield from found
            return


def _slots(witnesses: Witnesses, headline: str, nearby: Nearby) -> Iterator[str]:
    """Yield the texts that may be bylines, the surest first."""
    yield from witnesses.items.get("author", ())
    yield from (", ".join(witnesses.signed),) if witnesses.signed else ()
    for node in islice(_naming(witnesses), _VISIBLE_MOST):
        said = short_text(node, _LONGEST) or ""
        if said and len(said) <= _LONGEST:
            yield said
    lines = nearby.lines
    for number, line in enumerate(lines):
        if is_prefix(line):  # "By" on a line of its own
            yield " ".join(_list_from(lines[number + 1 : number + 12]))
        yield from (said for said in line.split("|") if has_prefix(said.strip()))
        name, below = line.strip(" |"), " ".join(lines[number + 1 : number + 3])
        if looks_like_person(name) and _DATED.search(below) and name not in headline:
            yield name  # over the time of publication
    for node in witnesses.tree.css(_SIGNATURE)[-_VISIBLE_MOST:]:  # set to the right under the text
        said = short_text(node, _LONGEST) or ""
        if len(said) <= _LONGEST:
            yield said


def _list_from(lines: list[str]) -> Iterator[str]:
    """Yield the lines of a list of names: each but the last ends in a comma or a conjunction."""
    for line in lines:
        yield line
        if not _GOES_ON.search(line):
            return


def _naming(witnesses: Witnesses) -> Iterator[Node]:
    for node in witnesses.tree.css(_VISIBLE):
        classes = node.attributes.get("class") or ""
        if _ELSEWHERE.search(classes):
            continue
        if _NAMING.search(classes):
            yield node


def _with_emails(people: tuple[Author, ...], witnesses: Witnesses) -> tuple[Author, ...]:
    """Korean bylines carry e-mails, often under the text only: name and address stand side by side."""
    if people and all(author.email for author in people):
        return people
    page = witnesses.page.html
    found: list[Author] = []
    signing: list[Author] = []
    for match in islice(_addresses(page), _EMAILS_MOST):
        before = _ESCAPED.sub(_unescaped, page[max(0, match.start() - _WINDOW) : match.start()])
        before = _TAG.sub(" ", _OPEN_TAG.sub(" ", before).partition(">")[2] or before)
        said = _ROLE_NAME.search(_BLANKS.sub(" ", html.unescape(before))[-_SIGNING:])
        name = said["name"] or said["name2"] or said["name3"] if said else ""
        if said and parse_byline(f"{name} 기자"):
            role = said["role"] or said["role2"]
            found.append(Author(name, match.group().lower(), role))
            signing += [found[-1]] if role or said["signs"] else []
    known = {author.name for author in people}
    if known:
        return merge(people, (a for a in found if a.name in known))
    return merge(signing[-1:])


def _addresses(page: str) -> Iterator[re.Match[str]]:
    """Yield e-mails by their signs: the pattern alone is slow on a whole page."""
    at, end = page.find("@"), 0
    for _ in range(_SIGNS_MOST):
        if at < 0:
            return
        match = EMAIL.search(page, max(end, at - 64), at + 200)
        if match and match.start() < at < match.end():
            yield match
            end = match.end()
        at = page.find("@", max(at + 1, end))


def _unescaped(match: re.Match[str]) -> str:
    return {"\\u003c": "<", "\\u003e": ">"}.get(match.group().lower(), " ")
