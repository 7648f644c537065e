"""Lines inside a Korean article body that are not its text: sign-offs, notices, appeals, credits.

Measured on 158 bodies of about 80 publishers: the last block is an e-mail line in six of ten, a copyright
line in one of ten. A line that might be text stays: to lose text is worse than to keep a credit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.bylines import EMAIL
from pipeline.records import Block

_SHORT = 90
_SENTENCE_END = re.compile(r"[다요죠까네음함임됨][.!?…]?[\"'”’)\]」』]*$|[.!?][\"'”’)\]」』]*$")
_WORD = re.compile(r"\w")

_NOTICE = re.compile(
    r"무단\s?(전재|복제|배포|사용|이용|도용|수집).{0,40}(금지|금합|불허|불가|reserved)|무단\s?전재|재배포\s?금지"
    r"|저작권자|all\s+rights\s+reserved|copyrights?\s*[ⓒ©(]|[ⓒ©]\s?[\w'‘(]"
    r"|(AI|인공지능)\s?학습.{0,12}(금지|금합|불허)"
    r"|(기사|콘텐츠|게시물|자료|사진|글)의?\s?(모든\s?)?저작권은 .{2,40}(있습니다|귀속)",
    re.IGNORECASE,
)
_MAY_BE_NOTICE = re.compile("무단|재배포|저작권|학습|ⓒ|Ⓒ|©|gh|gH|Gh|GH")
"""Every notice has one of these, and most lines have none. `IGNORECASE` knows no other forms of g and h."""
# "…했다." is a reporter's sentence whatever it speaks of; notices and appeals end in "…니다", "…세요" or short.
_STOPS, _CLOSING = (".", "!", "?", "…"), "\"'”’)]」』"
_APPEAL = re.compile(
    r"^[▶▷☞■▣●◆※△★☎\[\s]*(제보(하기|는|\s?[:：])|여러분의 (소중한 )?제보)"
    r"|^.{0,20}(기사\s?제보|보도\s?자료).{0,20}(@|[:：]|\d{3}-)|^.{0,12}기사\s?제보"
    r"|^※.{0,40}제보"
    r"|^[▶▷☞●■].{0,60}(구독\s?(하기|하세요|해\s?주|신청|$)|채팅\s?하기|카톡\s?[:：'‘@a-z]|확인하세요|바로\s?가기)"
    r"|^[▶▷☞●■].{0,60}(뉴스레터|팔로우|친구\s?추가|보러\s?가기|(클릭|다운로드)\s?(하기|하세요|해\s?주|!|$))"
    r"|^.{0,30}(네이버|다음|유튜브|카카오\S{0,10})에서 .{0,40}(구독|친구|채널).{0,12}(해\s?주세요|하세요|추가)"
)
_CONTACT = re.compile(
    r"^[▶▷☞△•·\-\s]*(전화|이메일|e-?mail|카카오톡?|카톡|QR\s?코드|사이트|홈페이지|팩스|문자|유튜브)\s?[:：'‘@]",
    re.IGNORECASE,
)
_RELATED = re.compile(
    r"^[\[<【▶▷☞■●◆\s]*(관련|주요|인기|추천|함께 (보면|읽으면) 좋은|많이 본|이 시각( 인기| 주요)?)"
    r"\s?(기사|뉴스|콘텐츠)[\]>】\s:：]*$"
)
_CALL = re.compile(
    r"(보내\s?주세요|보내\s?주시기 바랍니다|■ 제보하기|사연.{0,12}(받습니다|기다립니다))"
)
_CREDIT = re.compile(
    r"^[\[(#/\s]*(사진|영상|그래픽|자료|이미지)\s?(및 영상\s?)?(제공|출처|캡처|캡쳐|자료)?\s?[=:：_\]ⓒ]"
    r"|[|/]\s?(사진|화면)\s?(캡처|캡쳐|출처|제공).{0,40}$"
    r"|^(온라인\s?기사\s?)?(영상|촬영|편집|그래픽|자료조사|영상편집|영상취재|촬영기자)\s?[:：=]"
    r"|(사진|화면)\s?(캡처|캡쳐|출처|제공)\s?[=:]?\s?\S{0,40}$"
)
_MAY_BE_CREDIT = re.compile("사진|영상|그래픽|자료|이미지|화면|촬영|편집")
_PERSON_LINE = re.compile(
    r"^([\[(【][^\])】]{2,30}[\])】])?[\[(#/☞\s]*(글\s?[=_·]|\S{1,12}\s?=)?[가-힣A-Za-z·,\s]{2,30}"
    r"(기자|특파원|논설위원|편집위원|칼럼니스트|캐스터|앵커|아나운서|에디터|리포터|평론가|통신원)[\])\s]*$"
)
_CONTRIBUTOR = re.compile(r"^[가-힣]{2,4}\s*\([^)]{2,40}\)$")
_WIRE_END = re.compile(r"^\(?끝\)?\.?$")
_GLUED_WITHIN = 150
"""Characters: a sign-off glued to the last sentence is at most as long."""
_GLUED = re.compile(  # not behind a full stop within an address
    r"(?:(?<=[!?다\"”'’)\]])|(?<=[^A-Za-z0-9_]\.)|(?<=\.)(?= )) ?[/|]? ?(?:[가-힣A-Za-z·=]{1,12} ){0,3}[(\[<]?"
    r"[a-zA-Z0-9_.+-]+@[\w-]+(?:\.[\w-]+)+[)\]>]?\s*(?:/?\d{4}[.-]\d{1,2}[.-]\d{1,2}\.?/?)?\s*$"
)
_EDITORS_NOTE = re.compile(r"^[\[<【※■▶\s]*편집자\s?주")
_BYLINE_HEAD = re.compile(r"^[\[(【〈<][^\])】〉>]{2,40}[\])】〉>]$")


class Trimmed(NamedTuple):
    """The lines that are text, the lines that sign the piece, and the notices found among them."""

    text: list[str]
    signoffs: list[str]
    notices: list[str]
    kept: list[int]


def is_notice(line: str) -> bool:
    """Is this line a copyright notice and nothing else?"""
    if len(line) > 2 * _SHORT or not _MAY_BE_NOTICE.search(line):
        return False
    return bool(_NOTICE.search(line)) and not is_told(line)


def is_told(line: str) -> bool:
    """Does this line end as reporters end their sentences, and neither notices nor advertisements do?"""
    bare = line.removesuffix("\n").rstrip(_CLOSING)
    bare = bare[:-1] if bare.endswith(_STOPS) else bare
    return bare.endswith("다") and not bare.endswith("니다")


def trim(lines: list[str], *, publisher: str | None = None) -> Trimmed:
    """Drop what is not text from the lines of a body, in order; `kept` are the indexes that stayed.

    Anywhere: notices, appeals, contact lines, photo credits, e-mail lines, lines without a word.
    Only at the ends: names without an e-mail, the press's own name, calls to write in.
    """
    signoffs, notices, text, kept = [], [], [], []
    first, last = _bounds(lines, publisher)
    for index, line in enumerate(lines):
        signs = _signs(line)
        if is_notice(line):
            notices.append(line)
        signs = signs and not _APPEAL.match(line)
        if signs or (not first <= index < last and _is_byline(line)):
            signoffs.append(line)
        if first <= index < last and not _signs(line) and not _is_noise(line):
            bare = _unglued(line)
            if bare != line:
                signoffs.append(line[len(bare) :].strip(" /|"))
            text.append(bare)
            kept.append(index)
    return Trimmed(text, signoffs, notices, kept)


def _bounds(lines: list[str], publisher: str | None) -> tuple[int, int]:
    first, last = 0, len(lines)
    while first < last and _ends_only(lines[first], publisher, head=True):
        first += 1
    tail = range(max(first, len(lines) - 12), len(lines))
    calls = [i for i in tail if _CALL.search(lines[i]) or _RELATED.match(lines[i])]
    for call in calls:
        rest = lines[call + 1 :]
        # what follows a call to write in is its small print, once an address is given there
        if rest and (any(map(_CONTACT.match, rest)) or all(map(_is_aside, rest))):
            last = call
            break
    while last > first and _ends_only(lines[last - 1], publisher, head=False):
        last -= 1
    return first, last


def _ends_only(line: str, publisher: str | None, *, head: bool) -> bool:
    if _is_noise(line) or _signs(line):
        return True
    if publisher and line.strip("[]() ") == publisher:
        return True
    if head:
        return bool(_BYLINE_HEAD.match(line)) and "기자" in line
    return _is_byline(line) or bool(_CONTRIBUTOR.match(line) or _WIRE_END.match(line))


def _is_byline(line: str) -> bool:
    return len(line) <= 40 and bool(_PERSON_LINE.match(line))


def _is_aside(line: str) -> bool:
    return _is_noise(line) or _signs(line) or _is_byline(line) or not _is_sentence(line)


def _is_noise(line: str) -> bool:
    if not _WORD.search(line):
        return True
    if len(line) > 2 * _SHORT:
        return False
    return bool(
        is_notice(line)
        or (not is_told(line) and (_APPEAL.match(line) or _CONTACT.match(line)))
        or _RELATED.match(line)
        or (len(line) <= _SHORT and _is_credit(line) and not _is_sentence(line.rstrip(". ")))
    )


def _is_credit(line: str) -> bool:
    return bool(_MAY_BE_CREDIT.search(line) and _CREDIT.search(line))


def _signs(line: str) -> bool:
    """An e-mail with little beside it is a sign-off, wherever it stands."""
    if len(line) > _SHORT or "@" not in line:
        return False
    before = _unglued(line).strip()
    if before != line.strip() and " " in before and _is_sentence(before):
        return False  # a sentence stands before it
    rest = EMAIL.sub("", line)
    return not _is_sentence(rest.strip()) and (rest != line or line.rstrip().endswith("@"))


def _is_sentence(line: str) -> bool:
    return bool(_SENTENCE_END.search(line))


def _unglued(line: str) -> str:
    """Cut "…고 밝혔다. 홍길동 기자 hong@…" after the sentence."""
    if "@" not in line[-60:]:
        return line
    return line[:-_GLUED_WITHIN] + _GLUED.sub("", line[-_GLUED_WITHIN:])


def is_headline_like(line: str) -> bool:
    """Is this line no sentence? Headlines and subheads do not end as Korean sentences do."""
    return not _is_sentence(line) or line.endswith(("?", "!"))


def opening_of(blocks: Sequence[Block]) -> str:
    """Return the first paragraph, empty where there is none."""
    return next((block.text for block in blocks if block.type == "paragraph"), "")


def joined_text(blocks: Sequence[Block]) -> str:
    """Return the running text: no captions, no tables, no editor's note (편집자주)."""
    return "\n\n".join(
        block.text
        for block in blocks
        if block.type not in ("caption", "table")
        and not (block.type == "quote" and _EDITORS_NOTE.match(block.text))
    )
