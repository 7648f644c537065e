"""A page with its text replaced by fiction of the same shape, so that it may be kept as a test.

Every word becomes another one of as many letters, the same word always the same one: what stood in two places
still does. Markup, classes, addresses, numbers and dates stay, and so do the words that pages say about
themselves (입력, 기자, 무단 전재 …): parsers live by them. E-mail addresses, telephone numbers, names do not.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from html import escape, unescape
from urllib.parse import quote, unquote

from pipeline.boilerplate import is_told

_ROLES = (
    "기자|특파원|논설위원|논설실장|논설주간|편집위원|해설위원|위원|앵커|아나운서|캐스터|에디터|리포터|통신원|칼럼니스트|평론가|작가|교수|"
    "변호사|피디|대표|국장|부장|차장|팀장"
)
_KEPT = re.compile(
    # times and their labels
    r"(?:최종\s?)?(?:입력|등록|송고|수정|업데이트|발행)(?:일시?|시간)?|오전|오후|방금|어제|오늘|(?:초|분|시간|일|주|개월|달|년)?\s?전|"
    r"초|분|시|시간|년|월|일|개월|[월화수목금토일]요일|"
    # who signs
    rf"(?:선임|수습|인턴|전문|온라인|객원|시민|사진|영상|외신|수석|편집|의학|환경|과학|대학생)?(?:{_ROLES})|선임|인턴|"
    r"글|사진|영상|그래픽|정리|외|명|"
    # rights
    r"저작권자?|무단|전재|무단전재|복제|배포|재배포|재배포금지|재가공|학습|학습용|이용|활용|금지|AI|및|제공|캡처|자료|출처|"
    r"copyright|all|rights|reserved|by|"
    # the interface
    r"기사|뉴스|본문|메뉴|검색|바로가기|로그인|구독|구독하기|댓글|공유|공유하기|인쇄|글자|크기|요약|요약보기|자동|자동요약|닫기|보기|"
    r"원문|원문보기|관련|관련기사|인기|인기뉴스|주요|많이|본|이|시각|해당|언론사로|언론사|이동합니다|이동|편집자주|편집자|주|끝|"
    r"제보|기사제보|보도자료|카톡|카카오톡|네이버|다음|채널|앱|앱에서|홈|전체|더보기|목록|위로|동의|쿠키|"
    r"단독|속보|포토|종합|르포|인터뷰|사설|칼럼|영상뉴스|"
    r"정치|경제|사회|국제|문화|연예|스포츠|생활|세계|과학|기술|지역|오피니언|IT|PD",
    re.IGNORECASE,
)  # fmt: skip
_OF_THE_PAGE = re.compile(
    r"무단\s?(?:전재|복제|배포)|재배포|저작권자|[ⓒ©]|copyright|all rights|"
    r"자동\s?(?:요약|추출)|전체 맥락|본문 (?:전체)?보기|해당 언론사로|기사\s?원문|"
    r"(?:기사|페이지|뉴스|게시물).{0,20}(?:삭제|존재하지\s?않|찾을\s?수\s?없)|"
    r"(?:삭제|존재하지\s?않|찾을\s?수\s?없).{0,12}(?:기사|페이지|뉴스|게시물|습니다)",
    re.IGNORECASE,
)
"""Lines that a page says of itself: they stay, but for names and addresses."""
_LINE_MOST = 120
_PIECES = re.compile(
    r"(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)|(?P<phone>(?<![\d-])0\d{1,2}[-)\s.]\s?\d{3,4}[-\s.]\d{4}(?!\d))"
    r"|(?P<address>(?:https?://|www\.)[\w./?=&%-]+)|(?P<word>[가-힣]+|[A-Za-z]+|[\u4e00-\u9fff]+)"
)
_SIGNED = re.compile(
    rf"((?:[가-힣]{{2,4}}\s?[·,]\s?)*[가-힣]{{2,4}})\s?(?:\w{{2}}\s?)?(?:{_ROLES})(?![가-힣]{{3}})"
)
_SIGNED_AFTER = re.compile(rf"(?:{_ROLES})\s([가-힣]{{3}})(?![가-힣])|([가-힣]{{3}})\s\(?[\w.+-]+@")
_ENDS = frozenset("다요까죠은는이가을를에의로와과도")
"""Syllables that end sentences and nouns: by them a parser knows what is told from what is called."""
_PARTS = re.compile(
    r"(<!--.*?-->)|(<(script|style)\b[^>]*>)(.*?)(</\3\s*>)|(<[^>]*>)|([^<]+)",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""([\w:.-]+)(\s*=\s*)("[^"]*"|'[^']*')""")
_PROSE = frozenset({"alt", "title", "aria-label", "placeholder", "data-title", "summary"})
_MACHINES = re.compile(r"https?:|//|^[\w.:/+-]*$|^[\d\s.:+TZ-]+$|=|width")
_HANGUL = re.compile(r"[가-힣]")
_SAYS = re.compile(r"[가-힣]|\\u[abcdABCD][0-9a-fA-F]{3}|ld\+json|articleBody")
_PIECES_OF_DATA = re.compile(r"(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)|(?P<word>[가-힣]+)")
_JSON_TEXT = re.compile(
    r'("(?:headline|alternativeHeadline|description|articleBody|name|caption|keywords|title|subtitle|content)"'
    r'\s*:\s*")((?:[^"\\]|\\.)*)"'
)
_ESCAPED = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_SYLLABLES = (
    "가나다라마바사아자차카타파하거너더러머버서어저처고노도로모보소오조초"
    "구누두루무부수우주추기니디리미비시이지치"
)
_CLOSED = (
    "간난단란만반산안잔찬건넌던런먼번선언전천곤논돈론몬본손온존춘"
    "군눈둔룬문분순운준인진민빈신친길널달말발살알잘"
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_HAN = "山川水火木金土日月星春夏秋冬東西南北"


def fictional(html: str) -> str:
    """Return the page with other words. Styles, comments and scripts without text are emptied."""
    names = names_of(re.sub(r"<[^>]*>", " ", unescape(html)))

    def part(match: re.Match[str]) -> str:
        comment, opening, kind, content, closing, tag, text = match.groups()
        if comment:
            return "<!---->"
        if opening:
            keeps = kind.lower() == "script" and _SAYS.search(opening + content)
            return _tag(opening, names) + (_script(content, names) if keeps else "") + closing
        return _tag(tag, names) if tag else _markup_text(text or "", names)

    return _PARTS.sub(part, html)


def words(text: str, names: frozenset[str] = frozenset()) -> str:
    """Return a text with other words, e-mail addresses, telephone numbers and names of persons.

    Args:
        text: plain.
        names: those that are known to be names; they keep their first syllable.
    """
    lines = []
    for line in text.split("\n"):
        keeps = len(line) <= _LINE_MOST and _OF_THE_PAGE.search(line) and not is_told(line)
        lines.append(_PIECES.sub(lambda m, k=bool(keeps): _piece(m, names, k), line))  # type: ignore[misc]
    return "\n".join(lines)


def names_of(text: str) -> frozenset[str]:
    """Return what is signed with in a text: 홍길동 of "홍길동 기자"."""
    found = {name.strip() for said in _SIGNED.findall(text) for name in re.split(r"[·,]", said)}
    found |= {one or other for one, other in _SIGNED_AFTER.findall(text)}
    return frozenset(name for name in found if len(name) > 1 and not _KEPT.fullmatch(name))


def _piece(match: re.Match[str], names: frozenset[str], keeps: bool) -> str:  # noqa: FBT001
    kind, said = match.lastgroup, match[0]
    if kind == "email":
        return _email(said)
    if kind == "phone":
        return re.sub(r"\d", "0", said)
    if kind == "address":
        return _data(said, names)
    for length in (3, 2, 4):
        name, rest = said[:length], said[length:]
        if name in names and (not rest or _KEPT.fullmatch(rest) or set(rest) <= _ENDS):
            return name[0] + _other(name[1:]) + rest
    return said if keeps or _KEPT.fullmatch(said) else _other(said)


def _email(address: str) -> str:
    return f"{_other(re.sub(r'[^A-Za-z]', 'x', address.partition('@')[0]))}@press.example"


def _other(word: str) -> str:
    """Another word of the same letters' kinds, always the same one."""
    digest = blake2b(word.lower().encode(), digest_size=64).digest()
    new = "".join(_letter(letter, digest[i % 64]) for i, letter in enumerate(word))
    kept = 2 if word.endswith("니다") else int(len(word) > 1 and word[-1] in _ENDS)
    if not kept:
        return new
    stem = new[:-kept]
    # "…니다" is how notices end, and "…다" how reporters do
    stem = f"{stem[:-1]}머" if word[-1] == "다" and kept == 1 and stem.endswith("니") else stem
    return stem + word[-kept:]


def _letter(letter: str, number: int) -> str:
    if "가" <= letter <= "힣":
        closed = (ord(letter) - 0xAC00) % 28
        pool = _CLOSED if closed else _SYLLABLES
    elif letter > "\u2fff":
        pool = _HAN
    elif letter.isascii():
        new = _LETTERS[number % 26]
        return new.upper() if letter.isupper() else new
    else:
        return letter
    return pool[number % len(pool)]


def _markup_text(text: str, names: frozenset[str]) -> str:
    said = unescape(text)
    new = words(said, names)
    return text if new == said else escape(new, quote=False)


def _tag(tag: str, names: frozenset[str]) -> str:
    is_meta = tag[:5].lower() == "<meta"

    def attribute(match: re.Match[str]) -> str:
        name, equals, quoted = match.groups()
        mark, value = quoted[0], quoted[1:-1]
        is_prose = is_meta and name.lower() == "content" and not _MACHINES.search(value)
        if is_prose or name.lower() in _PROSE:
            new = words(unquote(unescape(value)), names)
            new = quote(new, safe=" /:,.") if _PERCENT.search(value) else escape(new, quote=True)
        else:
            new = _data(value, names)
        return f"{name}{equals}{mark}{new}{mark}"

    return _ATTRIBUTE.sub(attribute, tag)


def _data(text: str, names: frozenset[str]) -> str:
    """An address, or data: only its Hangul and its e-mail addresses are replaced."""

    def percent(match: re.Match[str]) -> str:
        said = unquote(match[0])
        return quote(_data(said, names), safe="") if _HANGUL.search(said) else match[0]

    def piece(match: re.Match[str]) -> str:
        is_ours = match.lastgroup == "email" or _HANGUL.match(match[0])
        return _piece(match, names, False) if is_ours else match[0]  # noqa: FBT003

    return _PIECES_OF_DATA.sub(piece, _PERCENT.sub(percent, text))


def _script(content: str, names: frozenset[str]) -> str:
    """Texts by the names they have in data; in all the rest Hangul and e-mail addresses."""
    content = _ESCAPED.sub(_unescaped, content)
    pieces, at = [], 0
    for match in _JSON_TEXT.finditer(content):
        pieces += [_data(content[at : match.start()], names), match[1], _json(match[2], names)]
        at = match.end() - 1
    return "".join([*pieces, _data(content[at:], names)])


def _json(value: str, names: frozenset[str]) -> str:
    if value.startswith(("http:", "https:", "//")):
        return _data(value, names)
    pieces = re.split(r"(\\.)", value)
    return "".join(it if it.startswith("\\") else words(it, names) for it in pieces)


def _unescaped(match: re.Match[str]) -> str:
    """`\\uac00` as the letter it stands for: but quotes and controls stay escaped."""
    numbers = [int(it, 16) for it in re.findall(r"[0-9a-fA-F]{4}", match[0])]
    return "".join(
        chr(n) if n > 0x9F and not 0xD800 <= n < 0xE000 else f"\\u{n:04x}" for n in numbers
    )
