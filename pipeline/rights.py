"""Notices and machine signals to rights. The strictest signal wins; unknown is never permission."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from pipeline.records import Rights, Signal, SignalType, Use, Uses
from pipeline.rights_signals import is_creative_commons, uses_by
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
_RSL = re.compile(r"/(?:license\.xml|[^/]*\.rsl|rsl[^/]*\.xml)(?:[?#]|$)", re.IGNORECASE)
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


def read_rights(
    *,
    notices: Sequence[str],
    head: Head,
    robots_tags: Iterable[str],
    permission: str | None,
    seen_at: datetime,
    site_signals: Iterable[tuple[SignalType, str]] = (),
) -> Rights:
    """Weigh everything that is said about the use of a page.

    Args:
        notices: the copyright lines, verbatim, the page's own first.
        head: the page's meta tags (robots, tdm-reservation) and licence links.
        robots_tags: values of X-Robots-Tag headers.
        permission: what the operator's licence says, from the configuration; recorded, never weighed
            above a notice, since only its reader knows what it covers.
        seen_at: when the page was fetched.
        site_signals: what robots.txt and other headers say, by the standard they follow.
    """
    said: list[tuple[SignalType, str]] = [("notice", notice) for notice in dict.fromkeys(notices)]
    said += [("meta-robots", value) for value in head.meta.get("robots", ())]
    said += [("x-robots-tag", value) for value in robots_tags]
    said += [("tdmrep", value) for value in head.meta.get("tdm-reservation", ())]
    said += [("license" if is_creative_commons(it) else "rsl", it) for it in _licences(head)]
    said += site_signals
    uses = Uses()
    for kind, value in said:
        uses = _strictest(uses, _notice_uses(value) if kind == "notice" else uses_by(kind, value))
    if permission:
        said.append(("permission", permission))
    first = notices[0] if notices else None
    signals = tuple(Signal(kind, value, seen_at) for kind, value in said)
    licence = next((value for kind, value in said if kind in ("license", "rsl")), None)
    return Rights(first, _holder(first), licence, uses, signals)


def _licences(head: Head) -> list[str]:
    """Return the licence links that we can tell: Creative Commons, and RSL documents."""
    return [it for it in head.licenses if is_creative_commons(it) or _RSL.search(it)]


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
