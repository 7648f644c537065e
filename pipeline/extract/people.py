"""Bylines of any language to names: prefixes, roles, places, conjunctions and the site's own name go."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.bylines import EMAIL, parse_byline
from pipeline.records import Author
from pipeline.text import clean

_LOOKED_AT = 400
_LONGEST_NAME = 60
_PREFIX = re.compile(
    r"^(?:(?:[^\W\d]+\s){0,5}?(?:by|von|par|por|przez|door|szerző|författare|oleh|från|av|af"
    r"|skrevet av|skrivet av)(?:\s*[:：]\s*|\s+)"
    r"|(?:de|di|da|από|του)\s+"
    r"|(?:text|texte|texto|testo|tekst|teksti?|tekijä|foto|autor(?:in|en|a|es)?|author\(?s?\)?|auteurs?|autore|autori|автор(?:ы|и)?|текст"
    r"|words|story|yazar|haber|penulis|reporter|reporting|redaktion|tác giả|byline|wire)\s*[:：]\s*"
    r"|取材・文\s*[:：/／=＝]?\s*|[文撰記记](?:者)?\s*[／/|｜:：]\s*|(?:作者|記者|记者|編輯|编辑|撰文|文)\s*[:：／/]?\s*)",
    re.IGNORECASE,
)
_PREFIX_OF_DATA = re.compile(
    r"^(?:(?:written |words |story )?by|von|par|por)[:\s]\s*(?=\w+\s+\w)", re.IGNORECASE
)
_BEFORE_BY = re.compile(r"^(?:published |posted |last updated |updated ).*?\bby ", re.IGNORECASE)
_AND = re.compile(
    r"\s+(?:and|und|et|y|e|ed|en|och|og|oraz|i|a|ve|и|та|ja|és|și|si|dan|και|with|mit|avec|con|&|\+)\s+",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"\s*(?:[;|·•,、，/／]|\s[-–—]\s|\n)\s*")
_AFTER = re.compile(
    r"\s*(?:\([^()]*\)?|\[[^\[\]]*\]?|（[^（）]*）?|\b(?:for|für|pour|para|per|in|aus|from|reports?|à|@)\s.*)$"
)
_WHEN = re.compile(r"\d|@|https?:|www\.|\.(?:com|net|org|html?)\b", re.IGNORECASE)
_RANK = (
    r"chief|senior|deputy|associate|assistant|managing|executive|contributing|political|economics?"
    r"|business|sports?|foreign|science|health|education|technology|environment|staff|special"
    r"|royal|news|digital|lead|global|online|world|us|uk"
)
_JOB = (
    r"editors?|reporters?|correspondents?|writers?|journalists?|columnists?|producers?"
    r"|contributors?|photographers?|bureau|desk|staff|team|analyst|in-chief|redakteur(?:in)?"
    r"|redaktor(?:ka)?|redaktion|redacteur|redactie|redacción|rédaction|redazione|redação"
    r"|redakcja|korrespondent(?:in)?|correspondante?|corresponsal|corrispondente|journaliste?"
    r"|journalistin|periodista|giornalista|jornalista|dziennikarz|reporterin|autor(?:in)?"
    r"|volont[äa]r(?:in)?|kolumnist(?:in)?|chefredakteur(?:in)?|muhabir|editörü?|jurnalis|wartawan"
)
_ROLE = re.compile(rf"(?:^|[\s-])(?:(?:{_RANK})\s+)*(?:{_JOB})(?:$|[\s,-])", re.IGNORECASE)
_NO_PERSON = re.compile(
    r"\b(?:news|redaktion|rédaction|redacción|redazione|redactie|redação|agency|agence|agentur"
    r"|agencia|agenzia|press|presse|staff|team|desk|editorial|zeitung|times|online|magazine?"
    r"|radio|tv|media|network|service|newsroom|ajansı|haber|group|gmbh|inc|ltd|read more|mehr"
    r"|share|follow|subscribe|about|advertisement|comments?|contact|view|all|posts|profile"
    r"|minutes?|min|updated|published|ago|uhr|today|yesterday|redaksi|wire|bureau)\b",
    re.IGNORECASE,
)
AGENCIES = frozenset(
    {
        "afp", "ap", "dpa", "reuters", "apa", "sda", "ats", "ansa", "efe", "tass", "pap", "ctk", "čtk",
        "ntb", "ritzau", "tt", "belga", "anp", "lusa", "kna", "epd", "sid", "aap", "pa", "pti", "ani",
        "upi", "xinhua", "kyodo", "jiji", "bloomberg", "associated press", "the associated press",
        "agence france-presse", "press association", "pa media", "the canadian press", "keystone-sda",
        "deutsche presse-agentur", "anadolu ajansı", "연합뉴스", "뉴시스", "뉴스1", "共同通信",
        "時事通信", "中央社", "新華社",
    }
)  # fmt: skip
_PARTICLES = frozenset(
    {
        "de", "da", "do", "dos", "das", "del", "della", "di", "du", "la", "le", "van", "von", "der",
        "den", "ten", "ter", "zu", "zum", "zur", "al", "el", "bin", "bint", "ibn", "af", "av", "i", "y",
        "e", "ó", "o'", "und",
    }
)  # fmt: skip
_HANGUL = re.compile("[가-힣]")
_NO_WORD = re.compile(r"[\W_]+")
_FAR_EAST_NAME = re.compile(
    r"[\u3400-\u9fff々]{2,5}(?:[\s　][\u3040-\u30ff\u3400-\u9fff々]{1,5})?|[\u30a0-\u30ff・=＝]{3,25}"
)
_FAR_EAST_ROLE = re.compile(
    r"(?:論説委員|編集委員|特派員|記者|编辑|編輯|撰文|報導|报道|記|通讯员)$|(?:[／/]?[\u3400-\u9fff]{2,4}(?:報導|报道|專訪))$"
)


def read_people(printed: str | None, *, sites: Sequence[str] = ()) -> tuple[Author, ...]:
    """Read a visible byline: only what looks like a person's name counts."""
    text = clean((printed or "")[:_LOOKED_AT])
    if _HANGUL.search(text):
        return parse_byline(text, publisher=next(iter(sites), None))
    email = EMAIL.search(text) if "@" in text else None
    authors = [a for name in _split(text) if (a := _person(name, sites))]
    if email and len(authors) == 1:
        authors = [Author(authors[0].name, email.group().lower(), authors[0].role)]
    return tuple({author.name.casefold(): author for author in authors}.values())


def has_prefix(printed: str) -> bool:
    """Does this text open as a byline does: "By …", "Von …", "文／…"?"""
    return bool(_PREFIX.match(printed) or _BEFORE_BY.match(printed))


def names_of_data(stated: str, sites: Sequence[str] = ()) -> list[str]:
    """Return the names in the author field of data: typed as authors, so any form of name is taken."""
    text = clean(stated[:_LOOKED_AT])
    if _WHEN.match(text) or text.startswith(("http", "@", "/", "{")):
        return []
    text = _PREFIX_OF_DATA.sub("", EMAIL.sub(" ", text) if "@" in text else text, count=1)
    signing = {key_of_name(part) for part in _AND.split(text)}
    if any(key_of_name(site) in signing for site in sites):
        return [text]  # "The Paper and Agency": a signature of its own
    return [name for name in _pieces(text) if name and len(name) <= _LONGEST_NAME * 2]


def looks_like_person(name: str) -> bool:
    """Two to five words with capitals, none of them of the trade."""
    if _FAR_EAST_NAME.fullmatch(name):
        return True
    words = name.split()
    if not 2 <= len(words) <= 6 or len(name) > _LONGEST_NAME or _WHEN.search(name):
        return False
    if _NO_PERSON.search(name) or name.casefold() in AGENCIES:
        return False
    return (
        all(word[0].isupper() or word.casefold() in _PARTICLES or "'" in word for word in words)
        and words[-1][0].isupper()
    )


def _split(text: str) -> list[str]:
    """Split a byline at commas and conjunctions where persons stand on both sides."""
    text = _BEFORE_BY.sub("", EMAIL.sub(" ", text))
    return _pieces(clean(_PREFIX.sub("", text, count=1)))


def is_prefix(printed: str) -> bool:
    """Is this nothing but what opens a byline: "By", "Von:"?"""
    match = _PREFIX.match(f"{printed} ")
    return match is not None and match.end() >= len(printed)


def signed_name(line: str) -> str | None:
    """Return what stands behind "By", whatever it names."""
    return _bare(_PREFIX.sub("", line, count=1)) or None


def key_of_name(name: str) -> str:
    """Return what of a name counts when two are compared."""
    return _NO_WORD.sub("", name.casefold())


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for piece in _SEPARATORS.split(text):
        piece = _PREFIX.sub("", piece, count=1) if pieces else piece
        parts = [_bare(part) for part in _AND.split(piece)]
        is_split = len(parts) == 1 or all(_is_name_or_agency(part) for part in parts)
        pieces += parts if is_split else [_bare(piece)]
    return _without_roles([piece for piece in pieces if piece])


def _bare(piece: str) -> str:
    piece = _AFTER.sub("", piece).strip(' .,:;–—-"“”*')
    return _FAR_EAST_ROLE.sub("", piece).strip(" /／")


def _without_roles(pieces: list[str]) -> list[str]:
    """Drop what stands behind a name and is none: "Political Editor", "London"."""
    kept: list[str] = []
    for piece in pieces:
        if kept and not looks_like_person(piece) and piece.casefold() not in AGENCIES:
            continue
        role = _ROLE.search(piece)
        if role and looks_like_person(piece[: role.start()].strip()):
            piece = piece[: role.start()].strip()
        elif role and kept:
            continue
        kept.append(piece)
    return kept


def _is_name_or_agency(part: str) -> bool:
    return looks_like_person(part) or part.casefold() in AGENCIES


def _person(name: str, sites: Sequence[str]) -> Author | None:
    if not looks_like_person(name) or _ROLE.search(name):
        return None
    key = name.casefold()
    return None if any(key == site.casefold() for site in sites) else Author(name)
