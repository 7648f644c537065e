"""The portal over real sockets: every kind of answer, keep-alive, compression and a prompt stop."""

import http.client
import threading
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from jobs.sample_portal import Answer, Newsroom, SamplePortal, SeenRequest

SOME_DATE = "Thu, 01 Jan 2026 00:00:00 GMT"


def newest(portal: SamplePortal) -> str:
    return f"/v/{portal.newsroom.ids()[0]}"


def test_serves_listings_and_articles(portal: SamplePortal, get) -> None:
    for section in portal.newsroom.sections:
        got = get(f"/{section}")
        assert got.status == 200
        assert got.headers["Content-Type"] == "text/html; charset=utf-8"
        assert portal.newsroom.listing(section)[0].id in got.text
    article = portal.newsroom.article(portal.newsroom.ids()[0])
    assert article.headline in get(f"/v/{article.id}?f=m").text
    assert get("/").status == get("/gallery/p/1").status == 200


def test_plain_urllib_is_enough(portal: SamplePortal) -> None:
    with urllib.request.urlopen(portal.listing_url("society"), timeout=10) as answer:
        assert "사회" in answer.read().decode()
    with urllib.request.urlopen(portal.article_url(portal.newsroom.ids()[0]), timeout=10) as answer:
        assert answer.status == 200


def test_two_portals_differ_only_in_their_port() -> None:
    texts = []
    for _ in range(2):
        with SamplePortal(seed=4) as portal:
            url = portal.article_url(portal.newsroom.ids()[0])
            with urllib.request.urlopen(url, timeout=10) as answer:
                port = str(urlsplit(portal.base_url).port)
                texts.append(answer.read().decode().replace(f":{port}/", ":0/"))
    assert texts[0] == texts[1]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "news.example"])
def test_refuses_to_leave_loopback(host: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        SamplePortal(host=host)


def test_one_connection_serves_many_requests(portal: SamplePortal) -> None:
    connection = http.client.HTTPConnection(urlsplit(portal.base_url).netloc, timeout=10)
    connection.request("GET", "/politics")
    connection.getresponse().read()
    socket = connection.sock
    for path in ("/society", "/nowhere", "/robots.txt"):
        connection.request("GET", path)
        connection.getresponse().read()
        assert connection.sock is socket
    connection.close()


def test_compresses_for_those_who_accept_it(get) -> None:
    plain, packed = get("/digital"), get("/digital", Accept_Encoding="gzip, br")
    assert plain.headers["Content-Encoding"] is None
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert len(packed.raw) < len(plain.raw) / 2
    assert packed.text == plain.text


def test_head_tells_the_same_without_the_body(portal: SamplePortal, get) -> None:
    whole, head = get(newest(portal)), get(newest(portal), method="HEAD")
    assert head.status == 200
    assert head.raw == b""
    for name in ("Content-Length", "ETag", "Last-Modified", "Content-Type"):
        assert head.headers[name] == whole.headers[name]


def test_unchanged_page_is_answered_with_304(portal: SamplePortal, get) -> None:
    first = get(newest(portal))
    tag, date = first.headers["ETag"], first.headers["Last-Modified"]
    for fresh in (
        {"If_None_Match": tag},
        {"If_None_Match": tag, "Accept_Encoding": "gzip"},
        {"If_None_Match": f'"other", {tag}'},
        {"If_None_Match": "*"},
        {"If_Modified_Since": date},
        {"If_None_Match": tag, "If_Modified_Since": SOME_DATE},
    ):
        got = get(newest(portal), **fresh)
        assert (got.status, got.raw) == (304, b"")
        assert got.headers["ETag"] == tag
    for stale in (
        {"If_None_Match": '"other"'},
        {"If_None_Match": '"other"', "If_Modified_Since": date},
        {"If_Modified_Since": SOME_DATE},
        {"If_Modified_Since": "yesterday"},
    ):
        assert get(newest(portal), **stale).status == 200


def test_edit_is_visible_to_both_validators(portal: SamplePortal, get) -> None:
    before = get(newest(portal))
    edited = portal.newsroom.edit(portal.newsroom.ids()[0])
    for name, header in (("If_None_Match", "ETag"), ("If_Modified_Since", "Last-Modified")):
        got = get(newest(portal), **{name: before.headers[header]})
        assert got.status == 200
        assert edited.headline in got.text


def test_edit_of_one_article_leaves_others_unchanged(portal: SamplePortal, get) -> None:
    ids = portal.newsroom.ids()
    tag = get(f"/v/{ids[1]}").headers["ETag"]
    portal.newsroom.edit(ids[0])
    portal.newsroom.publish("politics")
    portal.newsroom.advance(timedelta(hours=1))
    assert get(f"/v/{ids[1]}", If_None_Match=tag).status == 304


def test_removed_and_unknown_articles_are_404(portal: SamplePortal, get) -> None:
    gone = portal.newsroom.ids("society")[0]
    portal.newsroom.remove(gone)
    for path in (f"/v/{gone}", "/v/20000101000000000", "/no/such/page"):
        got = get(path)
        assert got.status == 404
        assert "삭제되었거나 존재하지 않는 기사입니다" in got.text
    assert gone not in get("/society").text.partition("list_popnews")[0]


def test_published_article_leads_its_listing(portal: SamplePortal, get) -> None:
    article = portal.newsroom.publish("culture")
    assert get(f"/v/{article.id}").status == 200
    first = get("/culture").text.partition("item_newsheadline2")[2][:200]
    assert article.id in first


def test_listing_ages_with_the_clock(portal: SamplePortal, get) -> None:
    portal.newsroom.publish("digital")
    assert "방금 전" in get("/digital").text
    portal.newsroom.advance(timedelta(minutes=22))
    assert "방금 전" not in get("/digital").text
    assert "22분 전" in get("/digital").text


def test_too_many_requests_for_a_while(portal: SamplePortal, get) -> None:
    portal.answer("/politics", Answer(429, {"Retry-After": "5"}, times=2))
    for _ in range(2):
        got = get("/politics?page=1")
        assert (got.status, got.headers["Retry-After"]) == (429, "5")
    assert get("/politics").status == 200


def test_ordered_answer_holds_until_healed(portal: SamplePortal, get) -> None:
    portal.answer("/politics", Answer(503))
    portal.answer("/society", Answer(403))
    assert [get("/politics").status for _ in range(3)] == [503] * 3
    portal.heal("/politics")
    assert get("/politics").status == 200
    assert get("/society").status == 403
    portal.heal()
    assert get("/society").status == 200


def test_empty_and_foreign_bodies(portal: SamplePortal, get) -> None:
    portal.answer("/politics", Answer(200, body="", times=1))
    assert (get("/politics").status, get("/digital").status) == (200, 200)
    portal.answer("/politics", Answer(200, body=""))
    assert get("/politics").raw == b""
    euc_kr = "<title>정치</title>".encode("euc-kr")
    portal.answer("/politics", Answer(200, {"Content-Type": "text/html; charset=euc-kr"}, euc_kr))
    got = get("/politics")
    assert got.raw == euc_kr
    assert got.headers.get_all("Content-Type") == ["text/html; charset=euc-kr"]
    portal.answer("/politics", Answer(302, {"Location": "/society"}))
    assert get("/politics").headers["Location"] == "/society"
    portal.answer("/politics", Answer(200, body=portal.deleted_page()))
    assert "삭제되었거나" in get("/politics").text


def test_stalled_answer_waits_for_its_release(portal: SamplePortal, get) -> None:
    release, arrived = threading.Event(), threading.Event()
    portal.on_request = lambda _seen: arrived.set()
    portal.answer("/politics", Answer(stall=release, times=1))
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(get, "/politics")
        assert arrived.wait(10)
        assert not answer.done()
        release.set()
        assert answer.result(10).status == 200


@pytest.mark.parametrize("slow", [Answer(hold=3600), Answer(stall=threading.Event())])
def test_closing_releases_slow_answers(slow: Answer) -> None:
    portal, arrived = SamplePortal(), threading.Event()
    portal.on_request = lambda _seen: arrived.set()
    portal.answer("/politics", slow)
    connection = http.client.HTTPConnection(urlsplit(portal.base_url).netloc, timeout=10)
    connection.request("GET", "/politics")
    assert arrived.wait(10)
    portal.close()
    portal.close()
    connection.close()
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(portal.base_url, timeout=10)


def test_closing_ends_idle_connections() -> None:
    portal = SamplePortal()
    connection = http.client.HTTPConnection(urlsplit(portal.base_url).netloc, timeout=10)
    connection.request("GET", "/robots.txt")
    connection.getresponse().read()
    assert connection.sock is not None
    portal.close()
    assert connection.sock.recv(1) == b""
    connection.close()


def test_robots_is_whatever_a_test_wants(portal: SamplePortal, get) -> None:
    got = get("/robots.txt")
    assert got.text == "User-agent: *\nAllow: /\n"
    assert got.headers["Content-Type"] == "text/plain; charset=utf-8"
    portal.robots = "User-agent: *\nDisallow: /v/\n"
    assert get("/robots.txt").text == "User-agent: *\nDisallow: /v/\n"
    for setting, status in ((None, 404), (404, 404), (500, 500)):
        portal.robots = setting
        assert get("/robots.txt").status == status


def test_robots_can_be_given_at_the_start() -> None:
    with (
        SamplePortal(robots=503) as portal,
        pytest.raises(urllib.error.HTTPError) as failed,
    ):
        urllib.request.urlopen(f"{portal.base_url}/robots.txt", timeout=10)
    assert failed.value.code == 503
    failed.value.close()


def test_broken_layout_keeps_the_text_and_loses_the_names(portal: SamplePortal, get) -> None:
    tag = get(newest(portal)).headers["ETag"]
    names = {
        "/politics": ("item_newsheadline2", "item_newsbasic", "tit_txt", "data-title"),
        newest(portal): ("tit_view", "article_view", "dmcf-ptype", "info_view"),
    }
    for path, lost in names.items():
        assert all(name in get(path).text for name in lost)
    portal.break_layout("listing")
    portal.break_layout("article")
    for path, lost in names.items():
        assert not any(name in get(path).text for name in lost)
    headline = portal.newsroom.article(portal.newsroom.ids()[0]).headline
    assert headline in get(newest(portal), If_None_Match=tag).text
    portal.heal_layout()
    assert get(newest(portal), If_None_Match=tag).status == 304


def test_requests_are_noted_in_order(portal: SamplePortal, get) -> None:
    seen: list[SeenRequest] = []
    portal.on_request = seen.append
    get("/politics?page=2", User_Agent="gisa-test")
    get("/nowhere", method="HEAD")
    assert portal.requests == seen
    assert [(r.method, r.path, r.status) for r in seen] == [
        ("GET", "/politics?page=2", 200),
        ("HEAD", "/nowhere", 404),
    ]
    assert seen[0].headers["user-agent"] == "gisa-test"
    assert seen[0].at_monotonic <= seen[1].at_monotonic
    portal.forget_requests()
    assert portal.requests == []


def test_many_clients_at_once(portal: SamplePortal) -> None:
    def fetch(article_id: str) -> int:
        with urllib.request.urlopen(portal.article_url(article_id), timeout=10) as answer:
            return len(answer.read())

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(fetch, portal.newsroom.ids()))
    assert len(portal.requests) == 60


def test_serves_a_given_newsroom_with_so_many_entries() -> None:
    newsroom = Newsroom(seed=2, articles=120, sections=("politics", "culture"))
    with SamplePortal(newsroom, entries=7, page_weight=60_000) as portal:
        with urllib.request.urlopen(portal.listing_url("culture"), timeout=10) as answer:
            page = answer.read()
        entries = page.partition(b"list_popnews")[0]
        assert sum(article.id.encode() in entries for article in newsroom.listing("culture")) == 7
        assert len(page) >= 60_000


def test_other_methods_are_refused(get) -> None:
    got = get("/politics", method="POST")
    assert (got.status, got.headers["Allow"]) == (405, "GET, HEAD")
    assert get("/politics").status == 200
