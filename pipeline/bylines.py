"""Bylines to authors: names without roles, e-mails, for the forms that the Korean press prints."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipeline.records import Author
from pipeline.text import clean

EMAIL = re.compile(r"(?<!\w)(?<!\w[.+-])\w[\w.+-]{0,63}@[\w-]{1,63}(?:\.[\w-]{1,63})+", re.ASCII)
_CUT_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?![\w-])", re.ASCII)  # "abc159@": no host
_LONGEST = 400
"""Characters of a byline that are looked at: thirty reporters have room in it."""

_RANKS = "선임|수습|인턴|전문|온라인|객원|시민|사진|영상|외신|수석|편집|의학|환경|과학|대학생"
_RANK = re.compile(rf"(?:{_RANKS})+")
_ROLE = re.compile(
    rf"(?P<role>(?:{_RANKS}){{0,3}}"
    r"(?:기자|특파원|논설위원|논설실장|논설주간|편집위원|해설위원|위원|앵커|아나운서|캐스터|기상캐스터"
    r"|에디터|리포터|통신원|칼럼니스트|평론가|작가|교수|변호사|피디|PD|대표|국장|부장|차장|팀장))$"
)
_GLUED_ROLES = ("기자", "특파원", "앵커", "아나운서")  # "홍길동기자", but "여행작가" names nobody
_BRACKETS = re.compile(r"[\[\](){}<>〈〉《》【】〔〕]")
_SEPARATORS = "·•,、ㆍ/&;|，・"
_AND = re.compile(r" 및 |(?<=[가-힣]{3})[과와] ")
_OTHERS = re.compile(r" ?외 ?\d+ ?명")
_PIECES = re.compile(rf"{EMAIL.pattern}|[{_SEPARATORS}]|=|[^\s=@{_SEPARATORS}]+", re.ASCII)
# "(한빛=다온통신) 홍길동 기자 = …", "[한빛일보] 홍길동 기자= …" and "[한빛일보=홍길동 기자] …"
_OPENING = re.compile(
    r"^[\[(【〔][^\])】〕]{2,30}[\])】〕]\s*(?P<after>[가-힣·,\s]{2,40}(?:기자|특파원))\s*="
    r"|^[\[(【〔](?P<inside>[^\])】〕]{2,40}(?:기자|특파원))\s*[\])】〕]"
)


def parse_byline(printed: str | None, *, publisher: str | None = None) -> tuple[Author, ...]:
    """Read one byline as printed.

    Args:
        printed: "이상현 기자", "조희형 joyhyeong@…", "장충 = 최병진 기자", "가나다·라마바 기자", …
        publisher: the press; its own name in the slot of the reporter is no person.

    Returns:
        The persons in their order; empty where the slot names none.
    """
    text = clean((printed or "")[:_LONGEST])
    text = _AND.sub(" · ", _BRACKETS.sub(" ", _OTHERS.sub("", _CUT_EMAIL.sub(" ", text))))
    reading = _Reading(publisher)
    for piece in _PIECES.findall(text):
        reading.take(piece)
    return reading.authors()


class _Reading:
    """What a byline has said so far: words of a name, names that wait for a role, persons."""

    def __init__(self, publisher: str | None) -> None:
        self._publisher = publisher
        self._words: list[str] = []
        self._waiting: list[str] = []
        self._people: list[Author] = []
        self._emails: list[str] = []
        self._role: str | None = None  # one that stands before its name
        self._is_after_separator = True

    def take(self, piece: str) -> None:
        role = _ROLE.search(piece)
        if "@" in piece:
            self._end_without_role()
            self._take_email(piece.lower())
        elif piece in _SEPARATORS:
            self._waiting += names_in(self._words, None, self._publisher)
            self._words = []
            self._is_after_separator = True
        elif piece == "=":  # a place, the press or "사진" stood before it
            self._words, self._waiting = [], []
        elif role:
            self._take_role(piece[: role.start()], role.group("role"))
        else:
            self._words.append(piece)

    def authors(self) -> tuple[Author, ...]:
        self._end_without_role()
        without = [a for a in self._people if a.email is None]
        if len(without) == len(self._emails):
            emails = dict(zip((a.name for a in without), self._emails, strict=True))
            self._people = [
                Author(a.name, a.email or emails.get(a.name), a.role) for a in self._people
            ]
        return merge(self._people)

    def _take_role(self, stem: str, role: str) -> None:
        if stem and role.endswith(_GLUED_ROLES):
            self._words.append(stem)
        while self._words and _RANK.fullmatch(self._words[-1]):
            role = f"{self._words.pop()} {role}"
        names = [*self._waiting, *names_in(self._words, role, self._publisher)]
        self._people += [Author(name, None, role) for name in names]
        self._role = None if names else role
        self._words, self._waiting, self._is_after_separator = [], [], False

    def _take_email(self, email: str) -> None:
        last = self._people[-1] if self._people else None
        if last and last.email is None and len(self._people) - len(self._emails) == 1:
            self._people[-1] = Author(last.name, email, last.role)
        elif last is None or last.email is None:
            self._emails.append(email)

    def _end_without_role(self) -> None:
        names = [*self._waiting, *names_in(self._words, self._role, self._publisher)]
        if self._people and not self._is_after_separator:
            names = []  # "홍길동 기자 구독"
        self._people += [Author(name, None, self._role) for name in names]
        self._words, self._waiting, self._role = [], [], None
        self._is_after_separator = True


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


_NAME = re.compile(r"[가-힣]{2,4}")
_LATIN = re.compile(r"[A-Z][a-z]+(?:[-'][A-Za-z]+)?")
# Family names of the census of 2015 (Statistics Korea), the compounds apart.
_COMPOUND = re.compile("남궁|황보|제갈|선우|독고|사공|서문|동방|망절|어금|장곡|강전")
_FAMILY_NAMES = frozenset(
    "가간갈감강개견경계고곡공곽관구국군궁궉권근금기길김나남낭내노뇌누단담당대도돈동두등라란랑려로뢰류리림마만매맹명모목"
    "묘무묵문미민박반방배백범변복봉부비빈빙사삼상서석선설섭성소손송수순승시신심아안애야양어엄여연염엽영예오옥온옹완왕요용우"
    "운원위유육윤은음이인임자장저전점정제조종좌주준지진차창채천초최추춘탁탄태판팽편평포표풍피필하학한함해허현형호홍화환황후"
)
_PRESS = re.compile(
    r"(일보|신문|뉴스|방송|통신|경제|타임스|타임즈|닷컴|미디어|저널|투데이|데일리|스포츠|연합|매거진|리포트|헤럴드)$"
)
_DESK = re.compile(
    r"(정치|사회|경제|산업|문화|국제|전국|체육|스포츠|사진|편집|보도|뉴스|생활|지방|금융|증권|부동산|과학|의학|미디어"
    r"|영상|그래픽|논설|통일|외교|안보|법조|교육|취재|기획|특집|온라인|디지털|통합|심층|사건|글로벌|탐사)+"
    r"(부|국|팀|실|부문|센터|본부|데스크|취재진)?"
)
_AFFILIATION = re.compile(
    r"(대|대학|대학교|병원|연구원|연구소|협회|재단|은행|증권|시|군|시청|군청)$"
)
_CREDITS = re.compile("글|사진|글사진|정리|대담|촬영|(영상)?(취재|편집)?|그래픽|번역|감수")
_NO_NAMES = re.compile(  # papers, places and words of the trade that look like names
    "조선|동아|한국|서울|국민|세계|문화|경향|연합|한겨레|노컷|전자|본지|한경|매경|로봇|종합|제공|구독|기사"
    "|독자|시민|관리자|운영자|편집자|강원|경기|경남|경북|전남|전북|충남|충북|제주|부산|대구|인천|광주|대전"
    "|울산|수원|성남|고양|용인|안양|안산|부천|하남|구리|남양주|의정부|여주|이천|원주|강릉|전주|군산|나주"
    "|여수|순천|목포|포항|경주|구미|안동|창원|진주|김해|양산|거제|상주|영주|도쿄|방콕|제네바|마닐라"
    "|모스크바|하노이|홍콩|이스탄불|예루살렘|두바이|상하이|나이로비|선양|광저우|자카르타|오사카|파리|로마"
)


def names_in(words: Sequence[str], role: str | None, publisher: str | None) -> list[str]:
    """Return the names among the words before a role; without a role nothing else may stand there."""
    press = (publisher or "").replace(" ", "")
    kept = [word for word in _joined(words) if not _is_no_name(word, press)]
    names = [word for word in kept if _is_name(word)]
    if role is None:
        return (
            names
            if names and names == kept and (len(names) == 1 or min(map(len, names)) > 2)
            else []
        )
    at_home = [name for name in names if not _AFFILIATION.search(name)]
    if not at_home and role == "교수":
        return []
    whole = [name for name in at_home if len(name) == 3]
    if whole or names:
        return whole or (at_home or names)[-1:]
    if kept and _NAME.fullmatch(kept[-1]) and kept[-1][0] in _FAMILY_NAMES:
        return kept[-1:]  # four syllables with a short family name: rare, and so only before a role
    latin = [word for word in kept if _LATIN.fullmatch(word)]
    return [" ".join(latin)] if len(latin) > 1 and latin == kept[-len(latin) :] else []


def _joined(words: Sequence[str]) -> list[str]:
    """Join what is printed apart: "이 솔", "제갈 민", "황보 혜경"."""
    joined: list[str] = []
    for word in words:
        before = joined[-1] if joined else ""
        is_family = before in _FAMILY_NAMES or _COMPOUND.fullmatch(before)
        if is_family and re.fullmatch(r"[가-힣]{1,2}", word) and not _CREDITS.fullmatch(word):
            joined[-1] = before + word
        else:
            joined.append(word)
    return joined


def _is_no_name(word: str, press: str) -> bool:
    return bool(
        _NO_NAMES.fullmatch(word)
        or _CREDITS.fullmatch(word)
        or _PRESS.search(word)
        or _DESK.fullmatch(word)
        or (press and word in press)
    )


def _is_name(word: str) -> bool:
    if not _NAME.fullmatch(word):
        return False
    return (len(word) <= 3 and word[0] in _FAMILY_NAMES) or bool(_COMPOUND.match(word))
