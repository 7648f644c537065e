"""Bylines to authors: names without roles, e-mails, for the forms that the Korean press prints."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipeline.records import Author
from pipeline.text import clean

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_CUT_EMAIL = re.compile(r"[\w.+-]+@(?![\w-])", re.ASCII)  # "abc159@": the host is left off
_ROLE = re.compile(
    r"(?P<role>(?:(?:선임|수습|인턴|전문|온라인|객원|시민|사진|영상|외신|수석|편집|의학|환경|과학)\s?)?"
    r"(?:기자|특파원|논설위원|논설실장|논설주간|편집위원|해설위원|위원|앵커|아나운서|캐스터|기상캐스터"
    r"|에디터|리포터|통신원|칼럼니스트|평론가|작가|교수|변호사|피디|PD|대표|국장|부장|팀장))$"
)
_NAME = re.compile(r"[가-힣]{2,4}")
# Family names of the census of 2015 (Statistics Korea), compounds first.
_FAMILY_NAMES = re.compile(
    "남궁|황보|제갈|선우|독고|사공|서문|동방|망절|어금|장곡|강전"
    "|[가간갈감강개견경계고곡공곽관구국군궁궉권근금기길김나남낭내노뇌누단담당대도돈동두등라란랑려로뢰류리림마만매맹명모목"
    "묘무묵문미민박반방배백범변복봉부비빈빙사삼상서석선설섭성소손송수순승시신심아안애야양어엄여연염엽영예오옥온옹완왕요용우"
    "운원위유육윤은음이인임자장저전점정제조종좌주준지진차창채천초최추춘탁탄태판팽편평포표풍피필하학한함해허현형호홍화환황후]"
)
_PRESS = re.compile(
    r"(일보|신문|뉴스|방송|통신|경제|타임스|타임즈|닷컴|미디어|저널|투데이|데일리|스포츠|연합|매거진|리포트|헤럴드)$"
)
_DATELINE_PREFIX = re.compile(r"^[^=]{1,30}=\s*")
_CREDIT_WORDS = re.compile(r"(글\s?·\s?사진|사진\s?·\s?글|^글|^사진|정리|대담)\s*[=_:]?\s*")
_BRACKETS = re.compile(r"[\[\](){}<>〈〉《》【】|]")
_SEPARATORS = re.compile(r"\s*[·•,、ㆍ/&]\s*|\s+및\s+")
# "(한빛=다온통신) 홍길동 기자 = …", "[한빛일보] 홍길동 기자= …" and "[한빛일보=홍길동 기자] …"
_OPENING = re.compile(
    r"^[\[(][^\])]{2,30}[\])]\s*(?P<after>[가-힣·,\s]{2,40}(?:기자|특파원))\s*="
    r"|^[\[(](?P<inside>[^\])]{2,40}(?:기자|특파원))\s*[\])]"
)
_OTHERS = re.compile(r"\s*외\s*\d+\s*명")


def parse_byline(printed: str | None, *, publisher: str | None = None) -> tuple[Author, ...]:
    """Read one byline as printed.

    Args:
        printed: "이상현 기자", "조희형 joyhyeong@…", "장충 = 최병진 기자", "가나다·라마바 기자", …
        publisher: the press; its own name in the slot of the reporter is no person.

    Returns:
        The persons in their order; empty where the slot names none.
    """
    text = clean(printed or "")
    emails = [found.lower() for found in EMAIL.findall(text)]
    text = _CUT_EMAIL.sub(" ", EMAIL.sub(" ", text))
    text = _CREDIT_WORDS.sub(
        " ", _DATELINE_PREFIX.sub("", _BRACKETS.sub(" ", _OTHERS.sub("", text)))
    )
    people: list[Author] = []
    role_to_come: str | None = None
    for part in reversed([p for p in _SEPARATORS.split(clean(text)) if p]):
        name, role = _name_and_role(clean(part), publisher, has_role=role_to_come is not None)
        role_to_come = role or role_to_come
        if name:
            people.append(Author(name, None, role_to_come))
    people.reverse()
    return _with_emails(people, emails)


def merge(*groups: Iterable[Author]) -> tuple[Author, ...]:
    """Join what several bylines say of the same persons: first come, later ones fill the gaps."""
    people: dict[str, Author] = {}
    for author in (a for group in groups for a in group):
        known = people.get(author.name)
        if known is None:
            people[author.name] = author
        else:
            people[author.name] = Author(
                known.name, known.email or author.email, known.role or author.role
            )
    return tuple(people.values())


def authors_of(
    slot: str | None, opening: str, signoffs: Sequence[str], *, publisher: str | None
) -> tuple[Author, ...]:
    """Weigh every place of a page that names its authors.

    Args:
        slot: what stands under the headline; whoever it names are the authors.
        opening: the first paragraph, which may open with a byline.
        signoffs: lines under the text; they add e-mails and roles, and names where the slot has none.
        publisher: the press.
    """
    named = parse_byline(slot, publisher=publisher)
    match = _OPENING.match(opening)
    printed = [*signoffs, *([match.group("after") or match.group("inside")] if match else [])]
    others = [parse_byline(line, publisher=publisher) for line in printed]
    if named:
        known = {author.name for author in named}
        found = merge(named, *([a for a in group if a.name in known] for group in others))
    else:
        found = merge(*others[: len(signoffs)]) or merge(*others[len(signoffs) :])
    return _with_lone_emails(found, signoffs)


def _with_lone_emails(authors: tuple[Author, ...], signoffs: Sequence[str]) -> tuple[Author, ...]:
    """Give e-mails that stand alone under the text to the authors that lack one, in order."""
    known = {author.email for author in authors}
    lone = [m.lower() for line in signoffs for m in EMAIL.findall(line) if m.lower() not in known]
    without = [author for author in authors if author.email is None]
    if not lone or len(lone) != len(without):
        return authors
    emails = dict(zip((a.name for a in without), lone, strict=True))
    return tuple(Author(a.name, a.email or emails.get(a.name), a.role) for a in authors)


def _name_and_role(
    part: str, publisher: str | None, *, has_role: bool
) -> tuple[str | None, str | None]:
    match = _ROLE.search(part)
    role = match.group("role") if match else None
    words = (part[: match.start()] if match else part).split()
    names = [word for word in words if _is_name(word, publisher)]
    if not names or (role is None and not has_role and len(words) > 2):
        return None, role
    # "동아닷컴 전효진 기자" has the name beside the role, "손진아 MK스포츠 기자" has it first.
    return (names[-1] if words[-1] in names else names[0]), role


def _is_name(word: str, publisher: str | None) -> bool:
    if not _NAME.fullmatch(word) or _PRESS.search(word):
        return False
    if publisher and word in publisher.replace(" ", ""):
        return False
    return bool(_FAMILY_NAMES.match(word))


def _with_emails(people: list[Author], emails: list[str]) -> tuple[Author, ...]:
    if len(emails) == len(people) or len(people) == 1:
        padded = [*emails, *[None] * len(people)]
        return tuple(
            Author(a.name, email, a.role) for a, email in zip(people, padded, strict=False)
        )
    return tuple(people)
