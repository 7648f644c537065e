"""Soft failures: pages answered with 200 that stand in front of, or instead of, the page that was asked for.

A wall is named only where the page says hardly anything else: a miss costs one page, a false alarm a crawl.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple
from urllib.parse import urljoin, urlsplit

from pipeline.records import Page
from pipeline.select import Tree, attribute, lines_of, maybe, parse, text_of
from pipeline.text import one_line
from pipeline.urls import site_of

WallKind = Literal[
    "login", "consent", "captcha", "subscription", "script_shell", "maintenance", "age",
    "front_page", "not_found", "empty",
]  # fmt: skip
"""`captcha` is every page that tests or refuses the visitor: challenges, blocked robots, blocked countries."""


@dataclass(frozen=True, slots=True)
class Wall:
    """A soft failure; `evidence` is a short phrase: what on the page or in its URL says so."""

    kind: WallKind
    evidence: str


_HTML_MOST = 1_000_000  # characters; a page beyond this or the next bound is not parsed
_TAGS_MOST = 10_000
# Text is measured in bytes of UTF-8: a Hangul syllable says as much as three Latin letters.
_TEXT_MOST = 2_000  # a page that says more outside its links has content of its own
_OTHER_MOST = 300  # what a wall may say besides its own phrases, a page before its scripts run
_NAME_MOST = 48  # room for the name of a site, not for a headline
_SENTENCE_MOST = 200
_LEAD = 150  # text that offers no subscription: the lead of an article
_HEADLINE, _LINKS = 40, 2  # a link that may be one, and how many of them a wall may have

# Of each kind: a whole title or heading, a sentence to the visitor, an address that one is sent to, an element.
# Nouns alone stand in headlines too, so they count as a whole only. The order decides where a page says two.
_Marks = tuple[WallKind, str, str, str, str]
_MARKS: tuple[_Marks, ...] = (
    ("age",
        r"(?:19세 )?성인\s?인증|(?:만 )?1[89]세 (?:미만|이상|인증).{0,12}|연령\s?확인|age verification",
        r"청소년\s?유해\s?매체물|성인\s?인증(?:이 필요|을 [해하거받])|19세 미만.{0,20}이용할 수 없|年齢確認|"
        r"(?:are you|you must be) (?:over |at least )?(?:18|19|21)",
        r"/(?:age-?(?:check|gate|verif\w{0,9})|adult-?\w{0,9})(?:[./]|$)", "_"),
    ("captcha",
        r"just a moment|attention required|(?:403 )?(?:access denied|forbidden)|robot check|captcha|"
        r"(?:human|security) (?:verification|check)|(?:자동\s?(?:입력|등록)\s?방지|보안)\s?문자|"
        r"(?:비정상적인 (?:접근|접속)|(?:접근|접속)\s?(?:차단|제한|거부))(?: ?안내)?|アクセス制限",
        r"checking (?:your browser|if the site)|unusual traffic|not a robot|you have been blocked|"
        r"verif\w{1,6} (?:that )?you(?:'re| are) (?:a |not a )?(?:human|robot|bot)|and cookies to continue|"
        r"permission to access|automated access|unavailable (?:for legal|in most european)|로봇이 아닙니다|"
        r"available in your (?:country|region)|(?:방지|보안)\s?문자를|과도한 (?:접근|접속|요청)|不正なアクセス|"
        r"비정상적인 (?:접근|접속|트래픽)|(?:접근|접속)이 (?:차단|제한)|(?:국가|지역|해외)에서는? .{0,12}수 없",
        r"/(?:\w{0,12}captcha|sorry/index)(?:[./]|$)",
        "#challenge-form, #challenge-error-text, #sec-if-cpt-container, iframe[src*=Incapsula], .h-captcha, "
        "[id*=captcha], [name*=captcha i], img[src*=captcha i], [src*=captcha-d], .g-recaptcha, .cf-turnstile"),
    ("login",
        r"(?:회원 ?)?로그인(?: ?페이지)?|log ?in|sign ?in|ログイン",
        r"로그인(?:이 필요|\s?후(?:에)? ?(?:이용|사용|열람|접근)|을 (?:해 ?주|하셔야|하세요))|회원만 이용|"
        r"(?:log|sign) ?in to (?:continue|view|your)|please (?:log|sign) ?in|ログイン(?:して|が必要)",
        r"//(?:nid|logins?|signin|accounts?|auth|sso)\.|/(?:nid|log-?|sign-?)in\w{0,9}(?:[./]|$)",
        "input[type=password i]"),
    ("consent",
        r"before you continue.{0,20}|(?:cookie|privacy) (?:consent|settings)|쿠키 (?:사용 )?동의",
        r"before you continue|accept cookies to|(?:쿠키|개인정보).{0,20}동의(?:해야|하셔야|가 필요)|に同意して",
        r"//(?:consent|guce|myprivacy)[.-]|/(?:cookie-?|collect)?consent(?:[./]|$)", "_"),
    ("maintenance",
        r"(?:(?:서비스|시스템|서버|사이트|정기|일시적인?) ?){0,2}(?:점검|장애|오류|에러)(?: ?중)?(?: ?안내)?|"
        r"error|(?:50\d )?(?:internal server error|bad gateway|service unavailable)|maintenance|メンテナンス中",
        r"점검\s?(?:중입니다|중이오니|중에 있|으로 인해|작업 ?중)|접속자가 많|서비스가 중[단지]되었습|"
        r"(?:일시적인?|시스템|서버).{0,6}(?:오류|장애|에러)(?:가 발생|로 인)|under .{0,9}maintenance|"
        r"temporarily unavailable|^service unavailable|establishing a database|ただいまメンテナンス",
        r"/maintenance(?:\.\w{1,5})?/?$", "_"),
    ("not_found",
        r"(?:error )?404(?: error)?(?:.{0,3}(?:page )?not found)?|(?:page |file |article )?not found|"
        r"(?:삭제된|없는|존재하지 않는) (?:기사|페이지|글|뉴스)(?:입니다)?|ページが見つかりません",
        r"(?:기사|페이지|뉴스|게시[물글]|콘텐츠|문서)[을를가이는은]? ?(?:찾을 수 없|존재하지 않|삭제되었)|"
        r"(?:삭제된|삭제되었거나|존재하지 않는|유효하지 않은) .{0,16}(?:기사|페이지|뉴스|게시물)(?:입|이)|"
        r"(?:page|article|story) (?:you.{0,40} )?(?:(?:could|can)(?:not| not) be found|was not found)|"
        r"(?:page|article|story) (?:does(?:n't| not) exist|is no longer available|has been removed)|"
        r"(?:ページ|記事)[はが](?:見つかりません|存在しません|削除されました)",
        r"/(?:error-?)?(?:404|(?:page-?)?not-?found)(?:\.\w{1,5})?/?$", "_"),
)  # fmt: skip

_PAYWALL = re.compile(
    r"(?i)(?:구독자|회원)(?:만|에게만| 전용).{0,20}(?:기사|콘텐츠|볼 수|읽을 수|열람)|有料会員|会員限定|"
    r"(?:전문|계속|전체 기사).{0,16}(?:읽으|보시|보려).{0,12}(?:구독|가입|결제)|subscriber[- ]only|"
    r"subscribe (?:now )?to (?:continue|keep|read)|available (?:for|to) (?:subscrib|memb)ers"
)
_OFFER = re.compile(r"(?i)구독|회원|결제|요금|이용권|가입|로그인|subscri|member|sign in|購読|会員")
_VOICE = re.compile(  # what pages of every kind say to their visitors; it weighs nothing
    r"(?i)죄송|불편|바랍니다|고객센터|다시 (?:시도|확인)|확인해|이용해|문의|감사합니다|주소가|쿠키|동의|"
    r"sorry|oops|try again|please|contact|ray id|cookie|consent|申し訳|ください|同意"
)
_FRONT = re.compile(r"(?i)/?(?:(?:index|main|home|default)(?:\.\w{1,6})?/?)?")
_CHROME = frozenset({"nav", "footer", "aside", "title"})
_MEDIA = ":not(noscript) > :is(img, video, audio, iframe, frame, object, embed, canvas)"
_VIDEO = "video, iframe[src*=embed], iframe[src*=player], [property='og:type'][content^=video]"
_SHOWN = _VIDEO + ", [itemprop=articleBody], time[datetime], #__NEXT_DATA__"
_BYLINE = re.compile(r"[가-힣]{2} ?(?:기자|특파원)(?![가-힣])|(?:입력|송고) ?:? ?20\d\d|^By [A-Z]")
# Data that scripts draw the page from, or that calls it an article: its text is there, though not as markup.
_DATA = re.compile(r'"\w{0,20}(?:Article|Posting|VideoObject)"|__next_f|globalC|__[A-Z_]{4,24}__')
_NEEDS_SCRIPT = re.compile(
    r"(?i)script.{0,9}(?:활성|켜|requi|disab)|크립트.{0,9}(?:활성|켜)|enable javas"
)
_SENDS = re.compile(r"\blocation(?:\.href)?\s{0,9}(?:=|\.\w{6,7}\()\s{0,9}[\"']([^\"']{1,500})")
_ALERT = re.compile(r"\balert\(\s{0,9}[\"']([^\"']{1,200})")
_ROOT = "#root, #app, #__next, #__nuxt, #___gatsby, app-root"
_SENTENCES = re.compile(r"(?<=[.!?])\s|(?<=。)")
_SEGMENTS = re.compile(r"\s[|:·–—«»<>-]\s|\||::|:\s")
_QUOTE = re.compile('[“”‘’「」『』"]')


class _Look(NamedTuple):
    """What a page shows, and where it says that it is an article or a video."""

    tree: Tree
    title: list[str]
    headings: list[str]
    texts: list[str]
    headlines: int
    scripts: str
    piece: Literal["", "head", "body"]


def wall_of(page: Page, *, asked: str = "") -> Wall | None:
    """Say what stands in place of a page that no parser could read; `asked` is the URL that was requested."""
    moved = _by_address(page.url, asked)
    is_front = moved is not None and moved.kind == "front_page"
    if is_front or len(page.html) > _HTML_MOST or page.html.count("<") > _TAGS_MOST:
        return moved if is_front else None
    look = _look(parse(page.html))
    if moved is not None and not look.piece:
        return moved
    if _size(look.texts + look.headings) > _TEXT_MOST:
        return None
    named = filter(None, (_named(look, marks) for marks in _MARKS if not look.piece))
    return next(named, None) or _paywall(look) or _shell(look, page.url, asked)


def _by_address(url: str, asked: str, base: str = "") -> Wall | None:
    """What the address tells by itself, where it is another than the one that was asked for."""
    try:
        to, was = urlsplit(urljoin(base, url)), urlsplit(asked)
        host, old = to.hostname or "", was.hostname or ""
    except ValueError:
        return None
    if not host or not old or (host, to.path.rstrip("/")) == (old, was.path.rstrip("/")):
        return None
    is_front = _FRONT.fullmatch(to.path) and not _FRONT.fullmatch(was.path)
    # an id behind the path: such a site shows its articles at the front door
    if (
        is_front
        and site_of(host) == site_of(old)
        and not re.search(r"\d{4}", to.query + to.fragment)
    ):
        return Wall("front_page", one_line(f"leads to {to.path or '/'}, not {was.path}", 120))
    here, there = f"//{host}{to.path}".lower(), f"//{old}{was.path}".lower()
    for kind, _, _, address, _ in _MARKS:
        if re.search(address, here) and not re.search(address, there):
            return Wall(kind, one_line(f"leads to {here}", 120))
    return None


def _look(tree: Tree) -> _Look:
    body = [] if tree.body is None else [tree.body]
    unlinked = lines_of(*body, skip=_CHROME | {"a"})
    plain = lines_of(*body, skip=_CHROME | {"a", "h1", "h2", "h3", "h4"})
    links = Counter(lines_of(*body, skip=_CHROME)) - Counter(unlinked)
    scripts = "\n".join(node.text()[:20_000] for node in tree.css("script:not([src])")[:40])
    shown = any(map(_BYLINE.search, plain)) or maybe(tree, _SHOWN) or _DATA.search(scripts)
    typed = maybe(tree, "[property^='article:pub'], [property='og:regDate'], [content=article]")
    return _Look(
        tree,
        title=_SEGMENTS.split((text_of(maybe(tree, "title")) or "")[:300]),
        headings=_sentences(Counter(unlinked) - Counter(plain)),
        texts=_sentences(plain or _ALERT.findall(scripts)),
        headlines=sum(_size([line]) >= _HEADLINE for line in links),
        scripts=scripts,
        piece="body" if shown else "head" if typed else "",
    )


def _sentences(lines: Iterable[str]) -> list[str]:
    return [it.strip() for line in lines for it in _SENTENCES.split(line) if it.strip()]


def _size(texts: Iterable[str]) -> int:
    return sum(len(text.encode()) for text in texts)


def _named(look: _Look, marks: _Marks) -> Wall | None:
    """A title, a heading, a sentence or an element names the wall, and the page says hardly anything else."""
    kind, whole, sentence, _, element = marks
    said, names = look.headings + look.texts, look.title + look.headings
    short = [it for it in look.title + said if _size([it]) <= _SENTENCE_MOST]
    told = [it for it in short if re.search(sentence, it.lower()) and not _QUOTE.search(it)]
    # where there are more headings, this one may be a banner's
    lone = look.headings if len(look.headings) == 1 else []
    signs = [it for it in look.title + lone if re.fullmatch(whole, it.strip(" .!?…").lower())]
    room = _OTHER_MOST * 3 if {*signs} & {*look.title} else _OTHER_MOST
    signs += told
    own = {*signs, *filter(_VOICE.search, short)}
    others = _size(it for it in look.texts if it not in own)
    if any(_size([it]) > _NAME_MOST for it in names if it not in own):
        return None
    if not signs and others <= _OTHER_MOST and maybe(look.tree, "textarea") is None:
        signs = [f"<{it.tag}>" for it in look.tree.css(element)]
    is_full = others > room or (room == _OTHER_MOST and look.headlines > _LINKS)
    return Wall(kind, one_line(signs[0], 80)) if signs and not is_full else None


def _paywall(look: _Look) -> Wall | None:
    """An offer to subscribe, and not a line of the article before it."""
    offer = next(filter(_PAYWALL.search, look.headings + look.texts), None)
    lead = _size(it for it in look.texts if not _OFFER.search(it) or _size([it]) > _LEAD)
    listing = look.headlines > _LINKS and not look.piece
    other = lead > _LEAD or listing or maybe(look.tree, _VIDEO)
    return Wall("subscription", one_line(offer, 80)) if offer and not other else None


def _shell(look: _Look, url: str, asked: str) -> Wall | None:
    """Hardly any text: the page sends its reader on, waits for its scripts, or is empty."""
    tree, said = look.tree, look.texts + look.headings
    titled = any(_size([it]) > _NAME_MOST for it in look.headings)
    if titled or look.piece == "body" or look.headlines > _LINKS or _size(said) > _OTHER_MOST:
        return None
    has_media, loads = maybe(tree, _MEDIA) is not None, maybe(tree, "script[src]") is not None
    refresh = attribute(maybe(tree, ":not(noscript) > meta[http-equiv=refresh i]"), "content") or ""
    sent = _SENDS.search(look.scripts)
    to = refresh.partition("=")[2].strip(" '\"") or (sent[1] if sent else "")
    if to and not has_media and not loads:
        return _by_address(to, asked or url, url) or Wall("empty", one_line(f"leads to {to}", 120))
    root = maybe(tree, _ROOT)
    is_bare = root is not None and _size(lines_of(root)) <= _NAME_MOST
    has_nothing = not said and not has_media
    if loads and (is_bare or has_nothing or any(map(_NEEDS_SCRIPT.search, said))):
        return Wall("script_shell", "scripts instead of text")
    return Wall("empty", "no text at all") if has_nothing and not text_of(tree.body) else None
