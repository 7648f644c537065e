"""Headlines as printed: the labels of a newsroom, in brackets before or behind, are split off."""

from __future__ import annotations

import re

from pipeline.text import clean

# Labels say what kind of piece it is. Any other bracket (a series, a place) is part of the headline.
_WORDS = (
    "단독", "속보", "긴급", "특종", "종합", "종합2보", "1보", "2보", "3보", "상보", "인터뷰", "포토",
    "사진", "화보", "영상", "동영상", "현장영상", "르포", "사설", "칼럼", "기고", "논평", "기자수첩",
    "데스크", "오피니언", "만평", "팩트체크", "그래픽", "카드뉴스", "인사", "부고", "알림", "정정",
    "공식", "공식입장", "단독인터뷰", "현장", "생중계", "라이브", "LIVE", "AI픽", "기획", "특집", "분석",
)  # fmt: skip
_LABEL = re.compile(
    rf"^[\[［【〔〈<(（] ?(?P<label>{'|'.join(_WORDS)}) ?[\]］】〕〉>)）] ?", re.IGNORECASE
)
_SUFFIX = re.compile(
    r" ?(?:[(（](?P<wire>종합(?: ?\d보)?|\d보|속보|상보)[)）]"
    rf"|[\[［【〔](?P<label>{'|'.join(_WORDS)})[\]］】〕])$",
    re.IGNORECASE,
)


def split_labels(printed: str) -> tuple[str, tuple[str, ...]]:
    """Split "[단독] 시의회, 예산안 가결(종합)" into the headline and its labels ("단독", "종합")."""
    headline, labels = clean(printed), []
    while (match := _LABEL.match(headline)) and headline[match.end() :]:
        labels.append(match.group("label"))
        headline = headline[match.end() :]
    behind: list[str] = []
    while (match := _SUFFIX.search(headline)) and headline[: match.start()]:
        behind.insert(0, match.group("wire") or match.group("label"))
        headline = headline[: match.start()]
    return headline, tuple(dict.fromkeys([*labels, *behind]))
