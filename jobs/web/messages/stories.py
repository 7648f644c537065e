"""Texts of the stories' pages."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "stories.said": (
        "같은 기사나 같은 글을 옮긴 기사를 한 사안으로 묶었습니다. 먼저 발행한 기사가 맨 앞입니다.",
        "Articles that are one, or copies of one text. The earliest published stands first.",
    ),
    "stories.sort": ("정렬", "Order"),
    "stories.sort.newest": ("최근 순", "Newest first"),
    "stories.sort.biggest": ("발행사 많은 순", "Most publishers first"),
    "stories.days": ("기간", "Time"),
    "stories.days.n": ("최근 {n}일", "last {n} days"),
    "stories.days.all": ("전체", "all"),
    "stories.least": ("규모", "Size"),
    "stories.least.n": ("기사 {n}건 이상", "{n} articles or more"),
    "stories.publisher": ("발행사", "Publisher"),
    "stories.show": ("보기", "Show"),
    "stories.size": ("기사 {n}건 · 발행사 {m}곳", "{n} articles, publishers: {m}"),
    "stories.by": ("최초", "First:"),
    "stories.earliest": ("최초", "first"),
    "stories.relation.first": ("gisa가 먼저 수집", "gisa found it first"),
    "stories.relation.same": ("같은 기사", "same article"),
    "stories.relation.copy": ("옮긴 글", "copy of the text"),
    "stories.removed": ("삭제됨", "taken down"),
    "stories.after": ("{length} 뒤", "{length} later"),
    "stories.at_once": ("같은 시각", "same minute"),
    "stories.first_seen": ("처음 본 시각 기준", "by when it was first seen"),
    "stories.same_headline": ("제목 같음", "same headline"),
    "stories.rest": ("외 {n}건 모두 보기", "and {n} more"),
    "stories.none": ("조건에 맞는 사안이 없습니다.", "No stories fit."),
    "stories.pages": ("페이지 이동", "Pages"),
    "stories.before": ("이전", "Previous"),
    "stories.next": ("다음", "Next"),
    "stories.joined": ("마지막 합류", "Last joined"),
    "stories.timeline": ("발행 시각", "When they appeared"),
    "stories.chart": (
        "기사 {n}건이 {span} 사이에 나왔고 {first} 기사가 가장 빨랐습니다",
        "{n} articles within {span}; {first} was first",
    ),
    "stories.members": ("기사", "Articles"),
    "stories.members.said": (
        "제목은 최초 기사의 제목과 다른 부분을 표시합니다. 백분율은 짧은 쪽 글이 겹치는 비율입니다.",
        "Headlines show how they differ from the first one's. The percentage is the share of the"
        " shorter text that stands in the other.",
    ),
    "stories.cut": ("기사 {n}건은 줄였습니다.", "{n} more articles are not shown."),
}
