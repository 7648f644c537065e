"""A search API as Naver has it, over the paper's articles: addresses, keys, refusals, quota."""

import json
from collections.abc import Mapping
from email.utils import format_datetime
from html import escape
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from jobs.sample_portal.answers import Reply
from jobs.sample_portal.article import SampleArticle
from jobs.sample_portal.paper import story_url
from jobs.sample_portal.site import Site

HUB: Final = "/search/v1/news"
DEVELOPERS: Final = "/v1/search/news.json"
CLIENT_ID: Final = "sample-client-id"
CLIENT_SECRET: Final = "sample-client-secret"  # noqa: S105 - of a fictional API
AT_NAVER_ONLY: Final = 7
"""Results whose number this divides stand at Naver only."""
_HEADERS: Final = {
    HUB: ("x-ncp-apigw-api-key-id", "x-ncp-apigw-api-key"),
    DEVELOPERS: ("x-naver-client-id", "x-naver-client-secret"),
}
_QUOTA: Final = 25_000
_DISPLAY_MOST, _START_MOST = 100, 1000


class NaverApi:
    """Answers calls, and counts them."""

    def __init__(self) -> None:
        self.quota = _QUOTA
        self.calls = 0

    def answer(self, site: Site, target: str, headers: Mapping[str, str]) -> Reply:
        """Return the reply to a call of one of the two addresses."""
        path = urlsplit(target).path
        given = tuple(headers.get(name) for name in _HEADERS[path])
        if given != (CLIENT_ID, CLIENT_SECRET):
            return _refusal(path, 401, {HUB: "200", DEVELOPERS: "024"}, "Authentication failed")
        if self.calls >= self.quota:
            return _refusal(path, 429, {HUB: "400", DEVELOPERS: "010"}, "Quota exceeded")
        self.calls += 1
        asked = dict(parse_qsl(urlsplit(target).query))
        fault = _fault(asked)
        if fault:
            return _refusal(path, 400, {HUB: fault, DEVELOPERS: fault}, "Incorrect request")
        return _json(_results(site, asked))


def _fault(asked: Mapping[str, str]) -> str | None:
    if not asked.get("query", "").strip():
        return "SE01"
    if not 1 <= int(asked.get("display", "10")) <= _DISPLAY_MOST:
        return "SE02"
    if not 1 <= int(asked.get("start", "1")) <= _START_MOST:
        return "SE03"
    return None if asked.get("sort", "sim") in ("sim", "date") else "SE04"


def _results(site: Site, asked: Mapping[str, str]) -> dict[str, object]:
    words = asked["query"].split()
    found = [
        a
        for a in site.newsroom.articles()
        if a.kind == "article"
        and a.id.isdecimal()
        and all(w in f"{a.headline} {a.text}" for w in words)
    ]
    found.sort(key=lambda article: article.published_at, reverse=True)
    start, display = int(asked.get("start", "1")), int(asked.get("display", "10"))
    shown = found[start - 1 : start - 1 + display]
    return {
        "lastBuildDate": format_datetime(site.newsroom.now),
        "total": len(found),
        "start": start,
        "display": len(shown),
        "items": [_item(site, article, words) for article in shown],
    }


def _item(site: Site, article: SampleArticle, words: list[str]) -> dict[str, str]:
    at_naver = f"https://n.news.naver.com/mnews/article/901/{int(article.id) % 10**10:010d}?sid=102"
    url = story_url(site, article)
    is_navers = int(article.id) % AT_NAVER_ONLY == 0
    return {
        "title": _marked(article.headline_as_printed, words),
        "originallink": "" if is_navers else url,
        "link": at_naver if is_navers or int(article.id) % 2 else url,
        "description": _marked(article.lead[:80], words),
        "pubDate": format_datetime(article.published_at),
    }


def _marked(text: str, words: list[str]) -> str:
    said = escape(text)
    for word in words:
        said = said.replace(escape(word), f"<b>{escape(word)}</b>")
    return said


def _refusal(path: str, status: int, codes: Mapping[str, str], said: str) -> Reply:
    if path == HUB:
        return _json(
            {"error": {"errorCode": codes[path], "message": said, "details": said}}, status
        )
    return _json({"errorMessage": said, "errorCode": codes[path]}, status)


def _json(content: dict[str, object], status: int = HTTPStatus.OK) -> Reply:
    text = json.dumps(content, ensure_ascii=False)
    return Reply(status, text.encode(), {"Content-Type": "application/json; charset=utf-8"})
