"""Addresses and selectors of config.toml: what a source is read from."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

from pipeline.discover.archives import archive_fault
from pipeline.source import MAY_BE_ABSENT
from pipeline.urls import absolute


def listing_url(url: str) -> str:
    """Refuse what is no URL of a page, or holds a password."""
    if absolute(url, url) is None or not url.isprintable() or " " in url:
        raise ValueError("should be an http(s) URL")
    if "@" in urlsplit(url).netloc:
        raise ValueError("should hold no user name or password: it would be logged and stored")
    return url


def robots_of_home(url: str) -> str:
    """Return for a site's home page its robots.txt, which names its sitemaps; any other address as it is."""
    parts = urlsplit(url)
    is_home = parts.path in ("", "/") and not parts.query
    return f"{parts.scheme}://{parts.netloc}/robots.txt" if is_home else url


def css(value: str) -> str:
    """Refuse what is no CSS selector that the parser knows."""
    from pipeline.select import selector_fault  # few configurations need the parser

    if fault := selector_fault(value):
        raise ValueError(f"should be a CSS selector: {fault}")
    return value


def field_css(value: str) -> str:
    """Refuse what is no CSS selector; one that need not match ends with a question mark."""
    css(value.removesuffix(MAY_BE_ABSENT))
    return value


def archive_url(template: str) -> str:
    """Refuse what is no address of an archive by date."""
    if fault := archive_fault(template):
        raise ValueError(fault)
    return listing_url(template)


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Url = Annotated[str, AfterValidator(listing_url)]
Addresses = Annotated[list[Url], BeforeValidator(_as_list), Field(min_length=1)]
Archives = Annotated[
    list[Annotated[str, AfterValidator(archive_url)]],
    BeforeValidator(_as_list),
    Field(min_length=1),
]
Selector = Annotated[str, AfterValidator(css)]
FieldSelector = Annotated[str, AfterValidator(field_css)]
