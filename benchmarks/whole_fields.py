"""The fields of an article of the portal: selectors, and what both Scrapy spiders make of texts they find."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from typing import Any

LINKS = "a.item_newsheadline2, a.item_newsbasic, a.item_newsblock"
HEADLINE, SUBHEADLINE, NOTICE = "h3.tit_view", "strong.summary_view", "p.txt_copyright"
PUBLISHER, LOGO, SECTION = (
    "#kakaoServiceLogo",
    "h1.doc-title img",
    "section.inner-main h2.screen_out",
)
INFOS, DATES = ".info_view .txt_info", ".info_view .num_date"
BLOCKS = (
    ".article_view p[dmcf-ptype=general], .article_view div[dmcf-ptype=general], .article_view h3[dmcf-ptype],"
    " .article_view blockquote[dmcf-ptype], .article_view table[dmcf-ptype]"
)
FIGURES, CAPTION = ".article_view figure", "figcaption"
REG_DATE = "meta[property='og:regDate']"
ARTICLE = re.compile(r"/v/(\w+)")

_KST = timezone(timedelta(hours=9))
_LABELS = re.compile(r"^(?:\[[^\]]*\]\s*)+")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NAME = re.compile(r"[가-힣]{2,4}")
_NUMBERS = re.compile(r"\d+")
_BLANKS = re.compile(r"[ \t\r\f\v\xa0\u200b]+")
_ROLES = frozenset({"기자", "특파원", "사진"})


def tidy(text: str) -> str:
    """Return a text with its blanks made one."""
    return _BLANKS.sub(" ", text.replace("\n", " ")).strip()


def lines(text: str) -> list[str]:
    """Return the lines of an element in which every br is a line feed."""
    return [line for part in text.split("\n") if (line := _BLANKS.sub(" ", part).strip())]


def without_labels(headline: str) -> str:
    """[단독] and its like are no part of a headline."""
    return _LABELS.sub("", headline)


def people(byline: str, publisher: str, body: Iterable[str]) -> list[dict[str, str | None]]:
    """Return names and address as byline and last line have them."""
    said = _EMAIL.search(byline)
    last = list(body)[-2:]
    address = said or next((it for line in last if (it := _EMAIL.search(line))), None)
    names = [
        name
        for name in _NAME.findall(byline.replace(publisher, " "))
        if name not in _ROLES and not (said and name in said.group())
    ]
    return [{"name": name, "email": address.group() if address else None} for name in names]


def stamped(said: str | None) -> str | None:
    """20260927095437 of the portal's meta element, as ISO 8601."""
    if not said:
        return None
    return datetime.strptime(said, "%Y%m%d%H%M%S").replace(tzinfo=_KST).isoformat()


def shown(said: str) -> str | None:
    """2026. 9. 27. 09:54 of the screen, as ISO 8601."""
    numbers = [int(number) for number in _NUMBERS.findall(said)[:5]]
    return datetime(*numbers, tzinfo=_KST).isoformat() if len(numbers) == 5 else None  # type: ignore[arg-type, misc]


def item(found: dict[str, Any]) -> dict[str, Any]:
    """Return the item of what was found on a page: texts of elements, by name."""
    dates: list[str] = found["dates"]
    body: list[str] = found["body"]
    return {
        "id": found["id"],
        "url": found["url"],
        "headline": without_labels(found["headline"]),
        "subheadline": found["subheadline"] or None,
        "publisher": found["publisher"],
        "section": found["section"],
        "published_at": stamped(found["reg_date"]) or (shown(dates[0]) if dates else None),
        "modified_at": shown(dates[1]) if len(dates) > 1 else None,
        "notice": found["notice"],
        "text": "\n\n".join(body),
        "body": body,
        "authors": people(found["byline"], found["publisher"], body),
        "images": found["images"],
    }
