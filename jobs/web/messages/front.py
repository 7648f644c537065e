"""Texts of the front page."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "front.lead.none": ("켜져 있는 수집원이 없습니다.", "No source is configured and enabled."),
    "front.lead.unused": (
        "수집원 {n}곳이 설정되어 있고, 아직 수집을 시작하지 않았습니다.",
        "Sources: {n} configured, none has run yet.",
    ),
    "front.lead.well": ("수집원 {n}곳이 모두 정상입니다.", "{n} sources, all well."),
    "front.lead.some": ("수집원 {n}곳 중 {well}곳이 정상입니다.", "{n} sources, {well} well."),
    "front.lead.more": ("그 밖에 {n}곳에 문제가 있습니다.", "{n} more are in trouble."),
    "front.start": ("시작하기", "How to begin"),
    "front.start.source": (
        "config.toml에 수집원을 적습니다. 보기는 docs/configuration.md에 있습니다.",
        "Write a source into config.toml; docs/configuration.md has examples.",
    ),
    "front.start.check": (
        "설정과 수집원을 미리 점검합니다:",
        "Check the configuration and the sources:",
    ),
    "front.start.run": ("한 번 수집해 봅니다:", "Collect once:"),
    "front.start.daemon": ("일정에 따라 계속 수집합니다:", "Keep collecting by the schedule:"),
    "front.figure.day": ("지난 24시간 새 기사", "new articles in 24 hours"),
    "front.figure.open": ("수집 대기", "waiting to be fetched"),
    "front.figure.quarantined": ("격리된 페이지", "pages in quarantine"),
    "front.figure.articles": ("전체 기사", "articles in all"),
    "front.sources": ("수집원", "Sources"),
    "front.sources.rest": ("그 밖의 수집원 {n}곳", "{n} other sources"),
    "front.source.last_ok": ("마지막 성공", "last success"),
    "front.source.next": ("다음 실행", "next run"),
    "front.source.due": ("곧", "due now"),
    "front.source.open": ("대기", "waiting"),
    "front.source.quarantined": ("격리", "quarantined"),
    "front.yield.legend": (
        "막대는 지난 24시간 동안 시간마다 목록에 새로 오른 항목, 점선은 평소 수준입니다."
        " 평소의 절반에 못 미치면 색이 다르고, 회색 밑줄은 확인하지 못한 시간입니다.",
        "Bars are entries that listings newly showed, hour by hour over 24 hours; the dashed line is"
        " what is usual. Hours with less than half of it have another colour; a grey foot is an"
        " hour in which nobody looked.",
    ),
    "front.yield.table": ("시간별 수치 (새 항목 / 평소)", "The figures by the hour (new / usual)"),
    "front.hours": ("시간별 새 기사, 지난 48시간", "New articles an hour, the last 48 hours"),
    "front.hours.title": (
        "지난 48시간 동안 시간마다 새로 저장한 기사 수, 수집원별. 모두 {n}건, 가장 많은 시간에 {most}건.",
        "Articles stored for the first time, by hour and source, over 48 hours: {n} in all,"
        " {most} at most.",
    ),
    "front.hours.bar": ("{hour}: {n}건 ({parts})", "{hour}: {n} ({parts})"),
    "front.hours.others": ("그 밖의 {n}곳", "{n} others"),
    "front.hours.none": (
        "지난 48시간 동안 새로 저장한 기사가 없습니다.",
        "Nothing new was stored in the last 48 hours.",
    ),
    "front.hours.most": ("최대 {n}건", "at most {n}"),
    "front.hours.table": ("표로 보기", "The figures as a table"),
    "front.hours.hour": ("시간", "hour"),
    "front.hours.sum": ("합계", "sum"),
    "front.newest": ("새로 들어온 기사", "The newest articles"),
    "front.newest.none": ("아직 저장한 기사가 없습니다.", "No article is stored yet."),
    "front.newest.more": ("모두 검색하기", "Search all of them"),
    "front.edited": ("수정됨", "edited"),
    "front.removed": ("삭제됨", "removed"),
    "front.changed": ("달라진 기사", "What changed"),
    "front.changed.headlines": ("바뀐 제목", "Edited headlines"),
    "front.changed.before": ("전", "before"),
    "front.changed.after": ("후", "after"),
    "front.changed.removals": ("삭제와 복구", "Taken down, and back again"),
    "front.changed.took_down": ("삭제", "taken down"),
    "front.changed.restored": ("복구", "back again"),
    "front.changed.none": (
        "바뀐 제목도 삭제된 기사도 없습니다.",
        "No headline was edited and nothing taken down.",
    ),
    "front.no_publisher": ("언론사 미상", "publisher unknown"),
}
