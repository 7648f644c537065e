"""Soft failures: every kind is known by its marks, and no page with content of its own is taken for one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline import walls
from pipeline.records import Page
from pipeline.select import Node
from pipeline.walls import Wall, WallKind, wall_of

URL = "https://news.gasang.example/article/20260101000001"
AT = datetime(2026, 1, 1, tzinfo=UTC)
SENTENCE = (
    "가상시의 새 도서관이 다음 달 문을 열고 주민에게 늦은 밤까지 자리를 내준다고 시가 밝혔다. "
)
HEADLINES = "".join(
    f"<li><a href='/article/2026010100{n:04}'>가상시가 {n}번째 다리를 놓는다, 주민은 반긴다</a></li>"
    for n in range(12)
)
OG_ARTICLE = "<meta property='og:type' content='article'>"
PASSWORD = "<form><input name=id><input type=password name=pw><button>확인</button></form>"
BANNER = (
    "<div class=cookie><h3>쿠키 동의</h3><p>We use cookies. 쿠키 사용에 동의해 주세요.</p></div>"
)


def _page(body: str, *, title: str = "가상일보", head: str = "", url: str = URL) -> Page:
    html = (
        f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    )
    return Page(url=url, html=html, fetched_at=AT)


def _article(
    extra: str = "", *, sentences: int = 12, head: str = "", headline: str = "새 도서관이 문을 연다"
) -> Page:
    text = f"<p>{SENTENCE}</p>" * sentences
    return _page(f"<h1>{headline}</h1><article>{text}</article>{extra}", title=headline, head=head)


WALLS: list[tuple[str, WallKind, Page]] = [
    ("login form", "login", _page(f"<h1>가상일보</h1>{PASSWORD}")),
    ("login title", "login", _page(f"<p>아이디와 비밀번호를 넣는다</p>{PASSWORD}", title="로그인 : 가상일보")),
    ("login sentence", "login", _page("<p>로그인이 필요한 서비스입니다.</p><a href='/in'>로그인</a>")),
    ("login, English", "login", _page("<h2>Please sign in to continue</h2>", title="Gasang Times")),
    ("login, Japanese", "login", _page("<p>この先はログインが必要です。</p>")),
    ("login by address", "login", _page(
        "<p>어서 오세요</p>", url="https://nid.gasang.example/nidlogin.login?to=x")),
    ("login by folder", "login", _page("<p>hello</p>", url="https://news.gasang.example/member/login/form.do")),
    ("login by alert", "login", _page("<script>alert('로그인 후 이용해 주세요.');history.back();</script>")),
    ("login by script", "login", _page("<script>location.href = '/login?next=1';</script>")),
    ("consent by host", "consent", _page("<p>hello</p>", url="https://consent.gasang.example/m?continue=x")),
    ("consent title", "consent", _page(
        "<p>We and our partners use cookies.</p>", title="Before you continue to Gasang")),
    ("consent, Korean", "consent", _page(
        "<h2>쿠키 사용 동의</h2><p>계속하려면 쿠키 사용에 동의해야 합니다.</p>")),
    ("challenge title", "captcha", _page(
        "<h1>news.gasang.example</h1><p>Checking…</p>", title="Just a moment...")),
    ("challenge form", "captcha", _page("<form id=challenge-form></form><p>잠시만 기다리면 넘어간다</p>")),
    ("puzzle", "captcha", _page("<div class=h-captcha data-sitekey=x></div><p>One more step</p>")),
    ("checkbox", "captcha", _page("<p>로봇이 아닙니다.</p><div class=g-recaptcha></div>")),
    ("letters", "captcha", _page(
        "<h2>자동입력 방지문자</h2><p>보안문자를 입력해 주세요.</p><img src=/captcha.png>")),
    ("abnormal access", "captcha", _page("<p>비정상적인 접근이 감지되었습니다.</p>")),
    ("denied", "captcha", _page("<h1>Access Denied</h1><p>You don't have permission to access this page.</p>",
                                title="Access Denied")),
    ("other country", "captcha", _page("<p>This page is not available in your country.</p>")),
    ("other country, Korean", "captcha", _page("<p>현재 국가에서는 이용할 수 없습니다.</p>")),
    ("puzzle by address", "captcha", _page("<p>hello</p>", url="https://news.gasang.example/captcha?to=x")),
    ("paywall", "subscription", _page(
        "<h1>가상시가 다리를 놓는다</h1><p>이 기사는 구독자 전용 콘텐츠입니다.</p>", head=OG_ARTICLE)),
    ("paywall, English", "subscription", _page(
        "<h1>A bridge for Gasang</h1><p>Subscribe to continue reading.</p>"
                                               "<p>Cancel your subscription at any time.</p>")),
    ("paywall, Japanese", "subscription", _page("<h1>橋ができる</h1><p>この記事は有料会員限定です。</p>")),
    ("shell with root", "script_shell", _page(
        "<div id=root></div><script src=/app.js></script>", title="가상스포츠")),
    ("shell with notice", "script_shell", _page(
        "<p>JavaScript를 활성화해야 볼 수 있다.</p><script src=/a.js></script>")),
    ("shell of an article", "script_shell", _page(
        "<noscript>자바스크립트를 켜 주세요</noscript><div id=app></div>"
                                                 "<script src=/a.js></script>", head=OG_ARTICLE)),
    ("shell without root", "script_shell", _page(
        "<div class=wrap></div><script type=module src=/a.js></script>")),
    ("service check", "maintenance", _page("<h1>서비스 점검 중</h1><p>02시부터 06시까지 점검 중입니다.</p>")),
    ("passing error", "maintenance", _page("<p>일시적인 오류가 발생했습니다. 다시 시도해 주세요.</p>")),
    ("system error", "maintenance", _page("<p>담당자에게 알렸다</p>", title="시스템 오류 | 가상일보")),
    ("503 as 200", "maintenance", _page("<h1>Service Unavailable</h1>", title="503 Service Unavailable")),
    ("maintenance, Japanese", "maintenance", _page("<p>ただいまメンテナンスを行っています。</p>")),
    ("adults", "age", _page("<h2>성인인증</h2><p>이 내용은 청소년 유해 매체물로 19세 미만이 볼 수 없다.</p>")),
    ("adults with form", "age", _page(f"<p>성인 인증이 필요한 페이지입니다.</p>{PASSWORD}")),
    ("adults, English", "age", _page("<h1>Are you over 18?</h1>")),
    ("adults by address", "age", _page("<p>hello</p>", url="https://news.gasang.example/adult/check")),
    ("front page", "front_page", _page(f"<ul>{HEADLINES}</ul>", url="https://news.gasang.example/")),
    ("front page of www", "front_page", _page("<p>hello</p>", url="https://www.gasang.example/index.html")),
    ("front page by refresh", "front_page", _page("", head="<meta http-equiv=Refresh content='0; URL=/'>")),
    ("front page by script", "front_page", _page("<script>location.replace('/main.do')</script>")),
    ("deleted", "not_found", _page("<h3>삭제된 기사입니다.</h3><p>주소를 확인해 주세요.</p>")),
    ("deleted by alert", "not_found", _page(
        "<script>alert(\"존재하지 않는 기사입니다.\");history.go(-1)</script>")),
    ("not found title", "not_found", _page(f"<ul>{HEADLINES}</ul>", title="404 Not Found | 가상일보")),
    ("not found", "not_found", _page(
        "<p>요청하신 페이지를 찾을 수 없습니다.</p><p>불편을 드려 죄송합니다.</p>")),
    ("not found, English", "not_found", _page("<p>The page you are looking for could not be found.</p>")),
    ("not found, Japanese", "not_found", _page("<p>お探しのページは見つかりません。</p>")),
    ("not found by address", "not_found", _page(
        "<p>hello</p>", url="https://news.gasang.example/error/404.html")),
    ("nothing", "empty", Page(url=URL, html="", fetched_at=AT)),
    ("blank", "empty", _page(" \n &nbsp;<div>\u200b</div>", title="")),
    ("moved", "empty", _page(
        "", head="<meta http-equiv=refresh content='0;url=https://new.example/article/1'>")),
]  # fmt: skip

CONTENT: list[tuple[str, Page]] = [
    ("article", _article()),
    ("article on log-ins", _article(headline="로그인이 필요한 서비스, 절반으로 준다")),
    ("article called log-in", _article(headline="로그인")),
    ("article on captchas", _article("<p>'로봇이 아닙니다'를 누르던 시대가 간다</p>")),
    ("article with cookie banner", _article(BANNER)),
    ("short article with cookie banner", _article(BANNER, sentences=1)),
    ("article with log-in box", _article(PASSWORD + "<h3>로그인</h3><p>로그인 후 이용해 주세요.</p>")),
    ("short article with log-in box", _article(PASSWORD + "<h3>로그인</h3>", sentences=2, head=OG_ARTICLE)),
    ("article with comment form", _article(
        "<form><textarea></textarea><img src=/captcha.png></form>", sentences=2)),
    ("article with invisible test", _article("<div class=g-recaptcha></div>", sentences=1, head=OG_ARTICLE)),
    ("flash on a failure", _page(
        "<h1>[속보] 가상은행 앱 시스템 오류, 송금 서비스 일시 중단</h1><p>복구에 나섰다. "
        "“서비스 점검 중입니다”라는 글만 떴다.</p>", title="[속보] 가상은행 앱 시스템 오류")),
    ("flash without text", _page(
        "<h3>[속보] 가상시 새 다리 오늘 저녁에 열린다</h3><script src=/a.js></script>")),
    ("byline", _page("<p>점검 중입니다라는 글이 떴다.</p><p>나가상 기자</p>")),
    ("short article on deleted pages", _page(
        "<h2>“존재하지 않는 기사입니다” 문구에 독자 갸우뚱</h2><p>까닭은 낡은 서버였다.</p>")),
    ("paywall with a lead", _page(f"<h1>가상시가 다리를 놓는다</h1><p>{SENTENCE}</p><p>{SENTENCE}</p>"
                                 "<p>이 기사는 구독자 전용 콘텐츠입니다.</p>", head=OG_ARTICLE)),
    ("paywall with a lead on subscriptions", _page(
        "<p>가상시 주민 셋 가운데 하나는 신문을 구독한다고 답했으며 "
        "이 가운데 절반은 종이로 읽는다고 가상연구원이 밝혔다.</p>"
        "<p>전문을 읽으려면 구독하세요.</p>", head=OG_ARTICLE)),
    ("video", _page(f"<video src=/a.mp4></video><p>새 다리</p>{BANNER}<script src=/a.js></script>")),
    ("video of another host", _page(
        "<iframe src='https://video.example/embed/1'></iframe><p>로그인이 필요합니다</p>")),
    ("photo", _page("<img src=/a.jpg><script src=/a.js></script>", title="")),
    ("listing", _page(f"<h2>정치</h2><ul>{HEADLINES}</ul>")),
    ("listing with log-in box", _page(f"{PASSWORD}<h2>로그인</h2><ul>{HEADLINES}</ul>")),
    ("listing with hints", _page(
        f"<p>로그인이 필요한 서비스입니다.</p><p>일시적인 오류가 발생했습니다.</p><ul>{HEADLINES}</ul>")),
    ("listing with an offer", _page(f"<p>Subscribe to continue reading.</p><ul>{HEADLINES}</ul>")),
    ("hidden hint", _page(
        f"<h1>새 도서관이 문을 연다</h1><p>{SENTENCE}</p><div hidden>로그인이 필요한 서비스입니다.</div>")),
    ("log-in link in the header", _page(f"<header><a href=/login>로그인</a></header><p>{SENTENCE}</p>")),
    ("text in data for scripts", _page(
        "<div id=root></div><script src=/a.js></script><script type=application/ld+json>"
                                       '{"@type":"NewsArticle","articleBody":"새 다리"}</script>')),
    ("text in state", _page(
        "<div id=root></div><script src=/a.js></script><script>window.__INITIAL_STATE__={}</script>")),
    ("drawn page", _page(f"<div id=app><p>{SENTENCE}</p><p>{SENTENCE}</p></div><script src=/a.js></script>")),
    ("article on scripts", _page(
        "<h1>자바스크립트 새 판이 나왔다</h1><p>빨라졌다.</p><script src=/a.js></script>")),
    ("frames", Page(url=URL, html="<frameset><frame src=/a></frameset>", fetched_at=AT)),
    ("article behind a log-in address", _page(f"<p>{SENTENCE}</p>", head=OG_ARTICLE,
                                              url="https://news.gasang.example/login/1")),
    ("id at the front door", _page(
        f"<h1>새 다리</h1><p>{SENTENCE}</p>", url="https://news.gasang.example/?no=20260101")),
    ("front page of another site", _page(f"<p>{SENTENCE}</p>", url="https://other.example/")),
    ("renamed", _page(
        f"<h1>새 다리</h1><p>{SENTENCE}</p>", url="https://news.gasang.example/v/20260101000001")),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "page"), [pytest.param(k, p, id=n) for n, k, p in WALLS])
def test_a_wall_is_named(kind: WallKind, page: Page) -> None:
    wall = wall_of(page, asked=URL)
    assert wall is not None
    assert wall.kind == kind
    assert 0 < len(wall.evidence) <= 120


@pytest.mark.parametrize("page", [pytest.param(p, id=n) for n, p in CONTENT])
def test_content_is_no_wall(page: Page) -> None:
    assert wall_of(page, asked=URL) is None


def test_every_kind_is_tried() -> None:
    assert {kind for _, kind, _ in WALLS} == set(get_args(WallKind))


@pytest.mark.parametrize(
    ("asked", "url", "kind"),
    [
        ("https://news.gasang.example/", "https://news.gasang.example/main", None),
        ("https://news.gasang.example", "https://news.gasang.example/", None),
        ("https://a.co.kr/v/1", "https://b.co.kr/", None),
        ("https://m.a.co.kr/v/1", "https://www.a.co.kr/", "front_page"),
        ("http://127.0.0.1:8000/v/1", "http://127.0.0.1:8000/", "front_page"),
        ("http://127.0.0.1/v/1", "http://126.0.0.1/", None),
        ("http://[::1]/v/1", "http://[::1]/index.php", "front_page"),
        ("http://localhost/v/1", "http://localhost/", "front_page"),
        ("https://a.example/login", "https://a.example/login/", None),
        ("https://a.example/v/1", "https://a.example/v/login-with-a-key", None),
        ("https://a.example/v/1", "https://a.example/signin", "login"),
        ("", "https://a.example/", None),
        ("https://[", "https://a.example/", None),
        ("https://a.example/v/1", "//[", None),
    ],
)
def test_addresses(asked: str, url: str, kind: WallKind | None) -> None:
    wall = wall_of(_page(f"<h1>새 다리</h1><p>{SENTENCE}</p>", url=url), asked=asked)
    assert (wall and wall.kind) == kind


_PIECES = st.sampled_from(
    ["<div id=root>", "</div>", "<h1>", "<a>", "<title>", "<frameset>", "로그인이 필요", "404", "\ud800",
     "<script src=x></script>", "<script>alert('", "location='", "http://[", "')</script>", "\x00", "&#0;",
     "<meta http-equiv=refresh content='0;url=http://[", "'>", "<svg><title>", "<template>", "구독자 전용 기사"]
)  # fmt: skip


@given(st.lists(_PIECES | st.text(max_size=12), max_size=25).map("".join), st.text(max_size=30))
@example("<meta http-equiv=refresh content='0;url=http://['>", "https://a.example/v/1")
@example("<meta http-equiv=refresh content=5>", "")
@settings(max_examples=300, deadline=None)
def test_never_raises(html: str, address: str) -> None:
    for url, asked in ((URL, address), (address, URL), ("http://" + address, "http://" + address)):
        wall = wall_of(Page(url=url, html=html, fetched_at=AT), asked=asked)
        assert wall is None or isinstance(wall, Wall)


@pytest.mark.parametrize("unit", ["가", "<b>", "<p>로그인</p>", "<!--", " ", "<h1><div>"])
def test_a_page_beyond_the_bounds_is_not_parsed(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(html: str) -> None:
        raise AssertionError(f"parsed {len(html)} characters")

    monkeypatch.setattr(walls, "parse", refuse)
    page = Page(url=URL, html=unit * (15_000_000 // len(unit)), fetched_at=AT)
    assert wall_of(page, asked=URL) is None


@pytest.mark.parametrize(
    "unit", ["<h1><div>", "<a><p>", "<b>", "<script>alert('", "로그인이 필요? "]
)
def test_work_grows_with_the_page(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Text is read a fixed number of times, however it is nested."""
    seen: list[int] = []
    read = walls.lines_of

    def counted(*nodes: Node, skip: frozenset[str] = frozenset()) -> list[str]:
        lines = read(*nodes, skip=skip)
        seen.append(sum(map(len, lines)))
        return lines

    monkeypatch.setattr(walls, "lines_of", counted)
    for times in (100, 1_000):
        seen.clear()
        html = f"{unit}가" * times
        wall_of(Page(url=URL, html=html, fetched_at=AT), asked=URL)
        assert len(seen) <= 4
        assert sum(seen) <= 4 * len(html)
