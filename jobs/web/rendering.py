"""From what a page found to HTML: the language of the browser, times in the zone of the configuration."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response
from markupsafe import Markup, escape

from jobs.web.language import Language, Translate, chosen, translator
from jobs.web.site import Site, site_of
from pipeline.text import one_line

_ADDRESS_MOST = 4000
"""Characters of an address that is linked to; no browser needs more, and no page should be made of one."""
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def language_of(request: Request | None) -> Language:
    """Return the language that the browser of a request wants."""
    return chosen(request.headers.get("accept-language", "") if request else "")


async def rendered(
    datasette: Datasette,
    request: Request,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> Response:
    """Return the page of a template. `variables` adds what every template may use."""
    html = await datasette.render_template(template, context, request=request)
    headers = {"content-language": language_of(request), "vary": "Accept-Language, Cookie"}
    return Response.html(html, status=status, headers=headers)


def variables(datasette: Datasette, request: Request | None) -> dict[str, Any]:
    """Return what every template may use: texts, times, addresses, and what makes foreign text harmless."""
    site = site_of(datasette)
    language = language_of(request)
    t = translator(language)
    words = Words(site, t)
    return {
        "t": t,
        "lang": language,
        "time": words.time,
        "ago": words.ago,
        "number": lambda value: f"{value:,}" if value is not None else "–",
        "article_url": lambda article_id: f"/article/{quote(article_id, safe=':')}",
        "source_url": lambda name: f"/sources/{quote(name, safe='')}",
        "external": external,
        "host": host,
        "clean": lambda text, most=300: one_line(str(text or ""), most),
        "here": request.path.partition("?")[0] if request else "/",
    }


class Words:
    """Times as a reader of the page has them."""

    def __init__(self, site: Site, t: Translate) -> None:
        self._zone, self._now, self._t = site.config.zone, site.now(), t

    def time(self, value: str | datetime | None) -> Markup:
        """Return a time of the database as an element that says the exact time, too."""
        at = _moment(value)
        if at is None:
            return Markup('<span class="none">–</span>')
        local = at.astimezone(self._zone)
        return Markup('<time datetime="{}" title="{}">{}</time>').format(
            local.isoformat(timespec="seconds"),
            f"{local:%Y-%m-%d %H:%M:%S %Z}",
            f"{local:%Y-%m-%d %H:%M}",
        )

    def ago(self, value: str | datetime | None) -> Markup:
        """Return how long ago a time was, or how soon it is."""
        at = _moment(value)
        if at is None:
            return Markup('<span class="none">{}</span>').format(self._t("never"))
        local = at.astimezone(self._zone)
        return Markup('<time datetime="{}" title="{}">{}</time>').format(
            local.isoformat(timespec="seconds"),
            f"{local:%Y-%m-%d %H:%M:%S %Z}",
            self._distance((self._now - at).total_seconds()),
        )

    def _distance(self, seconds: float) -> str:
        side = "ago" if seconds >= 0 else "in"
        seconds = abs(seconds)
        if seconds < _MINUTE:
            return self._t("ago.now")
        for unit, length, most in (
            ("minutes", _MINUTE, _HOUR),
            ("hours", _HOUR, 2 * _DAY),
            ("days", _DAY, float("inf")),
        ):
            if seconds < most:
                return self._t(f"{side}.{unit}", n=f"{seconds // length:,.0f}")
        raise AssertionError("the last unit has no end")


def _moment(value: str | datetime | None) -> datetime | None:
    if value is None or value == "":
        return None
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def external(url: str | None, text: str = "") -> Markup:
    """Return a link that leaves the site and tells nobody where it was followed; else its text."""
    said = escape(one_line(text or url or "", 300))
    if not url or len(url) > _ADDRESS_MOST or not _is_web(url):
        return Markup("<bdi>{}</bdi>").format(said)
    return Markup('<a href="{}" rel="noopener noreferrer nofollow"><bdi>{}</bdi></a>').format(
        url, said
    )


def host(url: str | None) -> str:
    """Return the host that an address names, nothing where it names none."""
    try:
        return urlsplit(url or "").hostname or ""
    except ValueError:  # such as "http://["
        return ""


def _is_web(url: str) -> bool:
    return url.startswith(("http://", "https://")) and host(url) != ""
