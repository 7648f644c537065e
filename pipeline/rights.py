"""Notices and machine signals to rights. The strictest signal wins; unknown is never permission."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from pipeline.records import Rights, Signal, Use, Uses
from pipeline.structured import Head

_STRICTNESS: tuple[Use, ...] = ("allowed", "licensed", "unknown", "reserved", "prohibited")

_NO_REDISTRIBUTION = re.compile(
    r"무단\s?(전재|복제|배포|전제)|재배포\s?(를\s?)?금|redistribution (is )?prohibited"
    r"|may not be (reproduced|redistributed|republished)",
    re.IGNORECASE,
)
_RESERVED = re.compile(r"all\s+rights?\s+reserved|모든 권리 보유", re.IGNORECASE)
# "AI학습 이용 금지", "AI 학습 및 활용 금지", "인공지능 학습 데이터 활용 금지", "not for AI training"
_NO_AI = re.compile(
    r"(AI|인공지능)[^.。]{0,10}(학습|트레이닝|훈련)[^.。]{0,20}(금지|불허|금합니다)"
    r"|(no|not for|prohibit\w*)[^.]{0,30}\b(AI|machine learning)\b[^.]{0,20}training",
    re.IGNORECASE,
)
_HOLDER = re.compile(
    r"(?:copyrights?|저작권자|[ⓒ©]|\(c\))+[\s:ⓒ©(c)]*(?:(?:19|20)\d\d[\s,.-]*)?"
    r"(?P<holder>[^.,<>\[\]|]{1,40}?)\s*(?:[.,|>\]]|무단|all rights|$)",
    re.IGNORECASE,
)
_NO_AI_DIRECTIVES = frozenset({"noai", "noml"})


def read_rights(
    *,
    notices: Sequence[str],
    head: Head,
    robots_tags: Iterable[str],
    permission: str | None,
    seen_at: datetime,
) -> Rights:
    """Weigh everything a page says about its use.

    Args:
        notices: the copyright lines, verbatim, the page's own first.
        head: the page's meta tags (robots, tdm-reservation).
        robots_tags: values of X-Robots-Tag headers.
        permission: what the operator's licence says, from the configuration; recorded, never weighed
            above a notice, since only its reader knows what it covers.
        seen_at: when the page was fetched.
    """
    signals: list[Signal] = []
    uses = Uses()
    for notice in dict.fromkeys(notices):
        signals.append(Signal("notice", notice, seen_at))
        uses = _strictest(uses, _notice_uses(notice))
    for value in head.meta.get("robots", ()):
        signals.append(Signal("meta-robots", value, seen_at))
        uses = _strictest(uses, _robots_uses(value))
    for value in robots_tags:
        signals.append(Signal("x-robots-tag", value, seen_at))
        uses = _strictest(uses, _robots_uses(value))
    for value in head.meta.get("tdm-reservation", ()):
        signals.append(Signal("tdmrep", value, seen_at))
        if value == "1":
            uses = _strictest(uses, Uses(tdm="reserved", ai_train="reserved"))
    if permission:
        signals.append(Signal("permission", permission, seen_at))
    first = notices[0] if notices else None
    return Rights(first, _holder(first), None, uses, tuple(signals))


def _notice_uses(notice: str) -> Uses:
    uses = Uses()
    if _RESERVED.search(notice):
        uses = _strictest(uses, Uses(redistribute="reserved"))
    if _NO_REDISTRIBUTION.search(notice):
        uses = _strictest(uses, Uses(redistribute="prohibited"))
    if _NO_AI.search(notice):
        uses = _strictest(uses, Uses(tdm="reserved", ai_train="prohibited"))
    return uses


def _robots_uses(value: str) -> Uses:
    directives = set(re.split(r"[,\s:]+", value.lower()))
    if directives & _NO_AI_DIRECTIVES:
        return Uses(tdm="reserved", ai_train="prohibited")
    return Uses()


def _strictest(a: Uses, b: Uses) -> Uses:
    def stricter(x: Use, y: Use) -> Use:
        # "unknown" from one witness says nothing against what another one does say
        known = [use for use in (x, y) if use != "unknown"]
        return max(known, key=_STRICTNESS.index) if known else "unknown"

    return Uses(
        stricter(a.redistribute, b.redistribute),
        stricter(a.tdm, b.tdm),
        stricter(a.ai_train, b.ai_train),
    )


def _holder(notice: str | None) -> str | None:
    match = _HOLDER.search(notice or "")
    return match.group("holder").strip(" '\"‘’“”") or None if match else None
