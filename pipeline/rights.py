"""Notices and machine signals to rights. The strictest signal wins; unknown is never permission."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from pipeline.records import Rights, Signal, Use, Uses
from pipeline.structured import Head

_STRICTNESS: tuple[Use, ...] = ("allowed", "licensed", "unknown", "reserved", "prohibited")

_NO_REDISTRIBUTION = re.compile(
    r"무단\s?(전재|복제|배포|전제)|(전재|복제|배포)[^.。]{0,15}(금지|금합|금함|불허|불가)"
    r"|redistribution (is )?prohibited|unauthori[sz]ed (reproduction|copying|(re)?distribution|use)"
    r"|may not be (copied|reproduced|redistributed|republished)",
    re.IGNORECASE,
)
_RESERVED = re.compile(r"all\s+rights?\s+reserved|모든 권리 보유", re.IGNORECASE)
_REFUSAL = r"(금지|불허|금합|금함|불가|[할될] 수 없)"
_AI = r"\b(AI|LLMs?|artificial intelligence|machine learning)\b"
_TRAINING = rf"({_AI}[^.]{{0,20}}\btrain|\btrain\w*[^.]{{0,30}}{_AI})"
# "AI학습 이용 금지", "AI 학습 및 활용 금지", "인공지능 학습 데이터 활용 금지", "not for AI training"
_NO_AI = re.compile(
    rf"(AI|인공지능)[^.。]{{0,10}}(학습|트레이닝|훈련|활용|이용)[^.。]{{0,20}}{_REFUSAL}"
    rf"|\b(no|not|prohibit\w*|forbid\w*)\b[^.]{{0,80}}{_TRAINING}"
    rf"|{_TRAINING}\w*[^.]{{0,40}}(prohibited|forbidden|not (permitted|allowed))",
    re.IGNORECASE,
)
_NO_MINING = re.compile(
    rf"(크롤링|스크래핑|데이터\s?마이닝|무단\s?수집)[^.。]{{0,20}}{_REFUSAL}"
    r"|(crawling|scraping|data mining)[^.]{0,40}(prohibited|forbidden|not (permitted|allowed))",
    re.IGNORECASE,
)
_LOOKED_AT = 500
"""Characters of a notice that are weighed; what is kept as evidence is the whole of it."""
_HOLDER_WITH_SITE = re.compile(
    r"[ⓒ©].{0,40}?(?P<holder>[가-힣A-Za-z0-9]{2,20})\((www\.)?[\w-]+\.[\w.-]+\)"
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
        if value.strip() == "1":
            uses = _strictest(uses, Uses(tdm="reserved", ai_train="reserved"))
    if permission:
        signals.append(Signal("permission", permission, seen_at))
    first = notices[0] if notices else None
    return Rights(first, _holder(first), None, uses, tuple(signals))


def _notice_uses(notice: str) -> Uses:
    notice, uses = notice[:_LOOKED_AT], Uses()
    if _RESERVED.search(notice):
        uses = _strictest(uses, Uses(redistribute="reserved"))
    if _NO_REDISTRIBUTION.search(notice):
        uses = _strictest(uses, Uses(redistribute="prohibited"))
    if _NO_AI.search(notice):
        uses = _strictest(uses, Uses(tdm="reserved", ai_train="prohibited"))
    if _NO_MINING.search(notice):
        uses = _strictest(uses, Uses(tdm="prohibited"))
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
    # a slogan with a comma may stand between the sign and the name: "ⓒ경제를 보는 눈, 한빛경제(www.…)"
    said = (notice or "")[:_LOOKED_AT]
    match = _HOLDER_WITH_SITE.search(said) or _HOLDER.search(said)
    return match.group("holder").strip(" '\"‘’“”") or None if match else None
