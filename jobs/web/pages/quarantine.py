"""Pages that could not be read: which ones, and the source of one as text."""

from __future__ import annotations

import re

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from jobs.web import asked
from jobs.web.asked import Missing
from jobs.web.rendering import rendered
from jobs.web.site import site_of
from pipeline.errors import PageDamaged
from pipeline.store import Store

_PER_PAGE = 50
_MOST_PAGES = 200
_SHOWN = 200_000
"""Characters of a saved page that are shown."""
# what could turn a line around, hide in it or end the document, for whoever reads the source
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


async def all_pages(datasette: Datasette, request: Request) -> Response:
    """Return the page of all kept pages, or of those of one source."""
    site = site_of(datasette)
    page = asked.number(request, "page", 1, _MOST_PAGES)
    source = (request.args.get("source") or "")[:200] or None
    begin = (page - 1) * _PER_PAGE
    rows = await site.read(
        datasette, lambda store: store.quarantine.all(_PER_PAGE + 1, begin, source)
    )
    more = page + 1 if len(rows) > _PER_PAGE and page < _MOST_PAGES else None
    context = {"rows": rows[:_PER_PAGE], "source": source, "more": more}
    return await rendered(datasette, request, "quarantine.html", context)


async def one_page(datasette: Datasette, request: Request) -> Response:
    """Return the page of one kept page.

    Raises:
        Missing: there is none of this number, or it was pruned.
    """
    site = site_of(datasette)
    number = asked.place_number(request, "number")

    def look(store: Store) -> tuple[dict[str, object] | None, str | None]:
        row = store.quarantine.get(number)
        try:
            return row, store.quarantine.html(number)
        except PageDamaged:
            return row, None

    row, html = await site.read(datasette, look)
    if row is None:
        raise Missing
    context = {
        "it": row,
        "html": None if html is None else visible(html[:_SHOWN]),
        "length": len(html or ""),
        "shown": min(len(html or ""), _SHOWN),
    }
    return await rendered(datasette, request, "saved_page.html", context)


def visible(text: str) -> str:
    """Return text in which every invisible or reordering character is named: <U+202E>."""
    plain = text.replace("\r\n", "\n")
    return _UNSEEN.sub(
        lambda found: (
            f"\N{MATHEMATICAL LEFT ANGLE BRACKET}U+{ord(found[0]):04X}\N{MATHEMATICAL RIGHT ANGLE BRACKET}"
        ),
        plain,
    )
