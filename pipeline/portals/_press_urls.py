"""Addresses of articles on the sites of the press, in all their forms: one host, one rule."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from pipeline.urls import absolute

NAME = "press"
_END = r"/?(?:\?|$)"


@dataclass(frozen=True, slots=True)
class Address:
    """How a site names its articles.

    `path` is matched against path and query; `canonical` is filled with its groups. `also` are hosts that serve
    the same articles, besides those with `www.` and `m.` before `host`.
    """

    host: str
    path: str
    canonical: str
    also: tuple[str, ...] = ()


_ADDRESSES = (
    Address(
        "yna.co.kr",
        rf"/(?:amp/)?view/(?P<id>AKR\d{{17}}){_END}",
        "https://www.yna.co.kr/view/{id}",
    ),
    Address(
        "hani.co.kr",
        rf"/arti/(?:PRINT/)?(?P<section>(?:[a-z_]+/)*)(?P<id>\d{{3,9}})\.html{_END}",
        "https://www.hani.co.kr/arti/{section}{id}.html",
    ),
    Address(
        "joongang.co.kr",
        rf"/(?:amp)?article/(?P<id>\d{{6,10}}){_END}",
        "https://www.joongang.co.kr/article/{id}",
        ("mnews.joongang.co.kr", "news.joins.com", "mnews.joins.com"),
    ),
    Address(
        "donga.com",
        r"/(?:news/(?:[A-Za-z]+/)?(?:article|amp)|3)/(?:all|[A-Za-z0-9]+)/(?P<day>\d{8})/(?P<id>\d{6,10})"
        rf"(?:/\d+)?{_END}",
        "https://www.donga.com/news/article/all/{day}/{id}/1",
        ("news.donga.com",),
    ),
    Address(
        "chosun.com",
        rf"/(?P<way>(?:[a-z0-9_-]+/)+\d{{4}}/\d\d/\d\d)/(?P<id>[A-Z2-7]{{26}}){_END}",
        "https://www.chosun.com/{way}/{id}/",
    ),
    Address(
        "biz.chosun.com",
        rf"/(?P<way>(?:[a-z0-9_-]+/)+\d{{4}}/\d\d/\d\d)/(?P<id>[A-Z2-7]{{26}}){_END}",
        "https://biz.chosun.com/{way}/{id}/",
    ),
    Address(
        "news.chosun.com",
        rf"/site/data/html_dir/(?P<day>\d{{4}}/\d\d/\d\d)/(?P<id>\d{{13}})\.html{_END}",
        "https://news.chosun.com/site/data/html_dir/{day}/{id}.html",
    ),
    Address(
        "hankookilbo.com",
        rf"/(?:[Nn]ews/(?:Read|article|amp)|amp)/(?P<id>A?\d{{16,19}}){_END}",
        "https://www.hankookilbo.com/news/article/{id}",
    ),
    Address(
        "mk.co.kr",
        rf"/(?:news/(?!view/)[a-z-]+|article)/(?P<id>\d{{6,9}}){_END}",
        "https://www.mk.co.kr/article/{id}",
    ),
    Address(
        "yonhapnewstv.co.kr",
        rf"/news/(?P<id>[A-Z]{{3}}\d{{17}}){_END}",
        "https://www.yonhapnewstv.co.kr/news/{id}",
    ),
    Address(
        "asiae.co.kr",
        rf"/article/(?P<id>\d{{16,19}}){_END}",
        "https://www.asiae.co.kr/article/{id}",
        ("view.asiae.co.kr", "cm.asiae.co.kr"),
    ),
    Address(
        "seoul.co.kr",
        r"/news/(?:(?:[a-z-]+/)+\d{4}/\d\d/\d\d/(?P<path_id>\d{14})/?(?:\?|$)"
        r"|newsView\.php\?(?:[^#]*&)?id=(?P<id>\d{14})(?:&|$))",
        "https://www.seoul.co.kr/news/newsView.php?id={id}",
    ),
    Address(
        "munhwa.com",
        rf"/article/(?P<id>\d{{7,9}}){_END}",
        "https://www.munhwa.com/article/{id}",
    ),
    Address(
        "news.kbs.co.kr",
        r"/news/(?:(?:pc|mobile)/view/)?view\.do\?(?:[^#]*&)?ncd=(?P<id>\d{6,9})(?:&|$)",
        "https://news.kbs.co.kr/news/pc/view/view.do?ncd={id}",
    ),
    Address(
        "news.sbs.co.kr",
        r"/(?:news/endPage\.do|amp/news\.amp)\?(?:[^#]*&)?news_id=(?P<id>N\d{10})(?:&|$)",
        "https://news.sbs.co.kr/news/endPage.do?news_id={id}",
    ),
    Address(
        "wowtv.co.kr",
        r"/NewsCenter/News/Read\?(?:[^#]*&)?articleId=(?P<id>[A-Z]{1,4}\d{8,20})(?:&|$)",
        "https://www.wowtv.co.kr/NewsCenter/News/Read?articleId={id}",
    ),
    Address(
        "nongmin.com",
        rf"/article/(?P<id>\d{{14}}){_END}",
        "https://www.nongmin.com/article/{id}",
    ),
    Address(
        "entermedia.co.kr",
        r"/(?:news|m)/news_view\.html\?(?:[^#]*&)?idx=(?P<id>\d{1,9})(?:&|$)",
        "http://entermedia.co.kr/news/news_view.html?idx={id}",
    ),
)
_BY_HOST = {
    host: (address, re.compile(address.path))
    for address in _ADDRESSES
    for host in (address.host, f"www.{address.host}", f"m.{address.host}", *address.also)
}


def host_of(url: str) -> str | None:
    """Return the host that names the site in ids, None where the URL is of no site of the table."""
    try:
        found = _BY_HOST.get(urlsplit(url).hostname or "")
    except ValueError:  # "http://[": no address at all
        return None
    return found[0].host if found else None


def article_id(url: str, *, base: str = "") -> str | None:
    """Return `press:<host>:<id>` of an article URL in any of a site's forms; relative ones hold for `base`."""
    found = _match(absolute(base, url) if base else url)
    return f"{NAME}:{found[0].host}:{found[1]['id']}" if found else None


def canonical_url(url: str) -> str:
    """Return the one address of an article, as its site writes it today."""
    found = _match(url)
    return found[0].canonical.format(**found[1]) if found else url


def _match(url: str | None) -> tuple[Address, dict[str, str]] | None:
    try:
        parts = urlsplit(url or "")
        found = _BY_HOST.get(parts.hostname or "")
    except ValueError:
        return None
    if found is None or parts.scheme not in ("http", "https"):
        return None
    match = found[1].match(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    if match is None:
        return None
    groups = {name: value or "" for name, value in match.groupdict().items()}
    groups["id"] = groups["id"] or groups["path_id"]
    return found[0], groups
