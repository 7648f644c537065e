"""Who may ask for the page, what may be asked, and what browsers are told."""

from __future__ import annotations

import base64
import re
import socket
from collections.abc import Callable

import httpx
import pytest
from datasette.app import Datasette

from jobs.web.guard import Guard
from pipeline.store import Store

Serve = Callable[..., httpx.Client]
TOKEN = "a-token-of-some-length"
HTML = {"accept": "text/html"}


@pytest.fixture
def locked(store: Store, serve: Serve) -> httpx.Client:
    """A page that needs the token."""
    return serve(Guard(token=TOKEN))


def _raw(client: httpx.Client, head: str) -> str:
    """What the server says to bytes that no client library would send."""
    host, port = str(client.base_url.host), client.base_url.port
    with socket.create_connection((host, port or 0), timeout=10) as connection:
        connection.sendall(head.replace("\n", "\r\n").encode("latin-1"))
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode("utf-8", "replace")


def test_every_answer_tells_browsers_what_they_may_do(page: httpx.Client) -> None:
    for path in ("/", "/data", "/nothing", "/static/gisa.css", "/data.json?sql=x"):
        headers = page.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy, path
        assert "frame-ancestors 'none'" in policy, path
        assert "script-src 'self';" in policy, path
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["x-frame-options"] == "DENY", path
        assert headers["referrer-policy"] == "no-referrer", path
        assert "access-control-allow-origin" not in headers, path
        assert "server" not in headers, path


def test_styles_within_a_page_are_for_datasettes_own_pages_only(page: httpx.Client) -> None:
    assert "unsafe-inline" not in page.get("/").headers["content-security-policy"]
    theirs = page.get("/data").headers["content-security-policy"]
    assert "style-src 'self' 'unsafe-inline'" in theirs


def test_no_page_has_a_script_within_it(page: httpx.Client) -> None:
    for path in ("/", "/data", "/data/articles", "/data/articles?_sort=id"):
        text = page.get(path).text.lower()
        openings = [part.split(">")[0] for part in text.split("<script")[1:]]
        assert all(" src=" in opening for opening in openings), path
        assert " onclick=" not in text


def test_a_foreign_name_that_was_pointed_here_is_refused(page: httpx.Client) -> None:
    for host in ("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "[::2]"):
        assert page.get("/", headers={"host": host}).status_code == 421, host


def test_names_of_this_machine_are_served(page: httpx.Client) -> None:
    for host in ("localhost", "LOCALHOST:99", "127.0.0.1", "[::1]:8001", "localhost."):
        assert page.get("/", headers={"host": host}).status_code == 200, host


def test_two_names_or_none_are_refused(page: httpx.Client) -> None:
    twice = "GET / HTTP/1.1\nHost: localhost\nHost: localhost\nConnection: close\n\n"
    assert " 400 " in _raw(page, twice).split("\n")[0]
    assert " 421 " in _raw(page, "GET / HTTP/1.0\n\n").split("\n")[0]


def test_an_operator_can_allow_a_name(store: Store, serve: Serve) -> None:
    client = serve(Guard(["News.Example"]))
    assert client.get("/", headers={"host": "news.example:443"}).status_code == 200


def test_only_reading_is_served(page: httpx.Client) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        answer = page.request(method, "/data")
        assert answer.status_code == 405, method
        assert answer.headers["allow"] == "GET, HEAD"


def test_head_has_the_headers_and_no_body(page: httpx.Client) -> None:
    answer = page.head("/")
    assert answer.status_code == 200
    assert answer.content == b""


def test_a_foreign_page_may_link_here_and_no_more(page: httpx.Client) -> None:
    foreign = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
    own = {**foreign, "sec-fetch-site": "same-origin"}
    assert page.get("/data/articles.json", headers=foreign).status_code == 403
    assert page.get("/", headers={**foreign, "sec-fetch-mode": "navigate"}).status_code == 200
    assert page.get("/", headers=own).status_code == 200


def test_no_path_leads_away_or_out_of_its_folder(page: httpx.Client) -> None:
    for target in (
        "//evil.example/", "//evil.example/%41", "/\\evil.example/", "/x/%00",
        "/static/..%2f..%2fguard.py", "/static/../guard.py", "/static/%2e%2e/%2e%2e/config.toml",
        "/-/static/../../app.py", "/data/%2e%2e/%2e%2e/etc/passwd",
    ):  # fmt: skip
        answer = _raw(page, f"GET {target} HTTP/1.1\nHost: localhost\nConnection: close\n\n")
        assert answer.split(" ")[1] in ("404", "302", "400"), answer[:200]
        location = [v for v in answer.splitlines() if v.lower().startswith("location:")]
        assert not any("//" in v for v in location), location
        assert "root:" not in answer
        assert "import" not in answer


def test_an_address_in_the_place_of_a_path_leads_nowhere(page: httpx.Client) -> None:
    for target in ("http://evil.example/", "http://evil.example/%41", "*"):
        answer = _raw(page, f"GET {target} HTTP/1.1\nHost: localhost\nConnection: close\n\n")
        assert " 404 " in answer.split("\n")[0]
        assert "\nlocation:" not in answer.lower()


def test_what_datasette_tells_its_operator_is_not_told_to_visitors(
    page: httpx.Client,
) -> None:
    plain = {route for route in _own_routes() if route.startswith("/-/")}
    assert len(plain) > 10
    kept = {"/-/static/", "/-/static-plugins/"}
    for path in sorted(plain - kept):
        for ending in ("", ".json"):
            answer = page.get(path + ending)
            assert answer.status_code == 404, path
            assert "set-cookie" not in answer.headers
    assert page.get("/-/static/app.css").status_code == 200


def _own_routes() -> set[str]:
    """Addresses of Datasette itself, up to the first part that is a pattern."""
    patterns = [pattern.pattern for pattern, _ in Datasette([])._routes()]
    return {re.split(r"[$(\\]|\.json", pattern)[0] for pattern in patterns}


def test_nobody_between_may_keep_a_page(page: httpx.Client) -> None:
    for path in ("/", "/search", "/sources", "/article/x", "/data/articles.json"):
        assert "no-cache" in page.get(path).headers["cache-control"], path
        assert "public" not in page.get(path).headers["cache-control"], path
    assert page.get("/static/gisa.css").headers["cache-control"] == "private, max-age=600"


def test_a_head_that_is_too_long_is_refused_even_where_it_comes_at_once(
    page: httpx.Client,
) -> None:
    for extra in ("/?q=" + "a" * 100_000, "/" + "a" * 20_000):
        answer = _raw(page, f"GET {extra} HTTP/1.1\nHost: localhost\nConnection: close\n\n")
        assert answer.split(" ")[1] in ("400", "431")
    long = "GET / HTTP/1.1\nHost: localhost\nConnection: close\nX: " + "a" * 20_000 + "\n\n"
    assert _raw(page, long).split(" ")[1] in ("400", "431")


def test_a_name_in_the_address_that_is_no_name_is_404_at_once(page: httpx.Client) -> None:
    for path in ("/sources/%EC%A0%95", "/sources/%ff", "/article/%ff", "/stories/%ff"):
        assert page.get(path).status_code == 404, path


def test_without_the_token_nothing_is_shown(locked: httpx.Client) -> None:
    for path in ("/", "/data/articles.json", "/static/gisa.css", "/?token=", "/?token=wrong"):
        answer = locked.get(path)
        assert answer.status_code == 401, path
        assert answer.headers["www-authenticate"].startswith("Basic")


def test_the_token_opens_as_bearer_as_password_and_in_the_address(locked: httpx.Client) -> None:
    basic = base64.b64encode(f"anybody:{TOKEN}".encode()).decode()
    for headers in ({"authorization": f"Bearer {TOKEN}"}, {"authorization": f"Basic {basic}"}):
        assert locked.get("/", headers=headers).status_code == 200
    assert locked.get("/data.json", params={"token": TOKEN}).status_code == 200
    for wrong in (
        "Bearer",
        "Bearer x",
        "Basic !!!",
        "Basic " + base64.b64encode(b"\xff:x").decode(),
    ):
        assert locked.get("/", headers={"authorization": wrong}).status_code == 401


def test_a_token_may_be_korean(store: Store, serve: Serve) -> None:
    korean = "아주 긴 열쇠이니 아무도 맞히지 못한다"
    page = serve(Guard(token=korean))
    basic = base64.b64encode(f"누구나:{korean}".encode()).decode()
    for header in (f"Bearer {korean}".encode(), f"Basic {basic}".encode()):
        assert page.get("/static/gisa.css", headers={b"authorization": header}).status_code == 200
    assert page.get("/static/gisa.css", params={"token": korean}).status_code == 200
    broken = {b"authorization": b"Bearer \xff\xfe"}
    assert page.get("/static/gisa.css", headers=broken).status_code == 401


def test_a_browser_gets_a_cookie_and_loses_the_token_from_its_address(
    locked: httpx.Client,
) -> None:
    answer = locked.get("/data", params={"token": TOKEN, "sql": "select 1"}, headers=HTML)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/data?sql=select+1"
    cookie = answer.headers["set-cookie"]
    assert TOKEN not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert locked.get("/data").status_code == 200  # the client kept it


def test_the_redirect_after_the_token_stays_here(locked: httpx.Client) -> None:
    head = f"GET //evil.example/?token={TOKEN} HTTP/1.1\nHost: localhost\nAccept: text/html\n"
    assert "\nlocation:" not in _raw(locked, head + "Connection: close\n\n").lower()


def test_made_up_cookies_open_nothing(locked: httpx.Client) -> None:
    for cookie in ("gisa_session=x", "gisa_session=", "a=b; ;;=", "gisa_session=" + "0" * 64):
        assert locked.get("/", headers={"cookie": cookie}).status_code == 401, cookie
