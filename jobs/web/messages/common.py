"""Texts that several pages have."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "nav.front": ("현황", "Overview"),
    "nav.search": ("검색", "Search"),
    "nav.stories": ("사안", "Stories"),
    "nav.sources": ("수집원", "Sources"),
    "nav.data": ("데이터", "Data"),
    "nav.label": ("주 메뉴", "Main"),
    "skip": ("본문으로 건너뛰기", "Skip to content"),
    "footer.read_only": ("읽기 전용", "Read-only"),
    "footer.rights": (
        "기사마다 이용 조건이 다릅니다. 쓰기 전에 권리 표시를 확인하세요.",
        "Every article has its own terms of use: look at its rights before you use it.",
    ),
    "ago.now": ("방금", "just now"),
    "ago.minutes": ("{n}분 전", "{n} min ago"),
    "ago.hours": ("{n}시간 전", "{n} h ago"),
    "ago.days": ("{n}일 전", "{n} d ago"),
    "in.minutes": ("{n}분 뒤", "in {n} min"),
    "in.hours": ("{n}시간 뒤", "in {n} h"),
    "in.days": ("{n}일 뒤", "in {n} d"),
    "never": ("없음", "never"),
    "error.400": ("요청을 이해할 수 없습니다", "That request makes no sense"),
    "error.403": ("볼 수 없는 페이지입니다", "This page is not for you"),
    "error.404": ("없는 페이지입니다", "There is no such page"),
    "error.500": (
        "오류가 났습니다. 서버 기록을 보세요.",
        "Something went wrong; the server's log tells what.",
    ),
    "error.database": (
        "지금은 데이터베이스를 읽을 수 없습니다. 이유는 서버의 로그에 있습니다",
        "The database cannot be read now; the server's log tells why",
    ),
    "error.503": (
        "너무 오래 걸려 그만두었습니다. 기간이나 조건을 좁혀 보세요.",
        "That took too long and was stopped. Ask for a shorter time or fewer things.",
    ),
}
