"""URLs of Naver's articles: fifteen years of forms, and one pair of numbers in all of them.

The key is (office, article): an article's number is unique only within the office that sent it.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit, urlunsplit

from pipeline.urls import absolute

NAME = "naver"

# n.news/article/001/0012345678, /mnews/article/…, /mnews/ranking/article/…, /article/comment/…,
# /article/newspaper/…; m.entertain/article/…, m.entertain/ranking/article/…; m.sports/kbaseball/article/…
_PATH = re.compile(
    r"^(?:/\w+){0,3}/article(?:/(?:comment|newspaper|print))?/(?P<oid>[0-9]{1,4})/(?P<aid>[0-9]{1,10})/?$"
)
# /main/read.nhn?oid=&aid=, /main/ranking/read.naver, /kbaseball/news/read.nhn, m.news/rankingRead.nhn,
# m.news/newspaper/read.nhn, sports.news/news.nhn, entertain/read, /main/tool/print.nhn
_READ = re.compile(
    r"^(?:/\w+){0,3}/(?:\w*read|read\w*|news|print)(?:\.nhn|\.naver)?/?$", re.IGNORECASE
)
_SECTION = re.compile(r"/breakingnews/section/[0-9]{3}/[0-9]{3}/?")
_HOSTS = re.compile(
    r"^(?:(?:n|m|www|sports|m\.sports|entertain|m\.entertain)\.)?"
    r"(?:news|sports|entertain)\.naver\.com$"
)
_SCRIPTED = re.compile(r"(?:^|\.)(?:sports|entertain)\.(?:news\.)?naver\.com$")
_OFFICE, _ARTICLE = 3, 10
"""Digits, filled with noughts: `oid=1` is office 001."""
_IMAGES = re.compile(r"(?:^|\.)(?:pstatic\.net|naver\.net)$")
_SIZES = frozenset({"type", "ut"})


def article_id(url: str, *, base: str = "") -> str | None:
    """Return `naver:<oid>:<aid>` of an article URL in any of Naver's forms; relative ones hold for `base`."""
    numbers = _numbers(url, base)
    return f"{NAME}:{numbers[0]}:{numbers[1]}" if numbers else None


def canonical_url(url: str) -> str:
    """Return `https://n.news.naver.com/article/<oid>/<aid>`, whatever service showed the article."""
    numbers = _numbers(url, "")
    return f"https://n.news.naver.com/article/{numbers[0]}/{numbers[1]}" if numbers else url


def archive(listing: str) -> str | None:
    """Return `breakingnews/section/<sid>/<sid2>` by date; other listings of Naver have no past.

    It is the first page of a day, some dozens of articles: scripts load what is behind it.
    """
    parts = urlsplit(listing)
    is_ours = parts.hostname == "news.naver.com" and _SECTION.fullmatch(parts.path)
    return f"https://news.naver.com{parts.path.rstrip('/')}?date={{date}}" if is_ours else None


def is_scripted(url: str) -> bool:
    """Is this a page of the sports and entertainment services, which scripts fill after it is loaded?"""
    return bool(_SCRIPTED.search(_host(url)))


def original(url: str) -> str:
    """Return the address of the whole picture: `?type=w647` asks for a smaller one."""
    parts = urlsplit(url)
    if not _IMAGES.search(parts.hostname or ""):
        return url
    kept = [pair for pair in parts.query.split("&") if pair.partition("=")[0] not in _SIZES]
    return urlunsplit(parts._replace(query="&".join(filter(None, kept))))


def _numbers(url: str, base: str) -> tuple[str, str] | None:
    whole = absolute(base, url) if base else url
    if not whole or not _HOSTS.match(_host(whole)):
        return None
    parts = urlsplit(whole)
    match = _PATH.match(parts.path)
    if match:
        return match["oid"].zfill(_OFFICE), match["aid"].zfill(_ARTICLE)
    if not _READ.match(parts.path):
        return None
    query = parse_qs(parts.query)
    office, article = query.get("oid", [""])[0], query.get("aid", [""])[0]
    is_pair = re.fullmatch(r"[0-9]{1,4}", office) and re.fullmatch(r"[0-9]{1,10}", article)
    return (office.zfill(_OFFICE), article.zfill(_ARTICLE)) if is_pair else None


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # "http://[": no address at all
        return ""
