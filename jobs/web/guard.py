"""Who may ask, what may be asked, and what browsers are told: before Datasette sees a request.

A page on this machine is reachable for every web page that somebody's browser here has open. So a request
must name a host that is ours (else a foreign name could be pointed here), must only read, and must not be a
part of a foreign page. Where others reach the address, it needs the token, too.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urlencode

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LOOPBACK = ("localhost", "127.0.0.1", "::1")
COOKIE = "gisa_session"
TOKEN_LEAST = 16
"""Characters of a token; what is shorter could be guessed."""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'{styles}; img-src 'self'{images};"
    " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
OURS = _POLICY.format(styles="", images="").encode()
DATASETTES = _POLICY.format(styles=" 'unsafe-inline'", images=" data:").encode()
"""Datasette names columns of narrow tables in a style element of the page; its scripts are files of ours."""
_PAGES, _STATIC = b"private, no-cache", b"private, max-age=600"
"""What nobody between here and the browser may keep, and what the browser need not ask for with every page."""
HEAD_MOST = 16_384
"""Bytes of an address, and of all headers: uvicorn bounds only heads that come in pieces."""
_CLOSED = re.compile(
    r"/-/(actor|allow-debug|auth-token|config|databases|logout|messages|metadata|patterns|permissions|plugins"
    r"|settings|threads|versions)?(\.json)?/?"
)
"""What Datasette tells its operator: paths, libraries, tasks. Visitors of a news page have no use for it, and
one of these would have their browser keep a cookie. Its static files and the pages of plugins stay."""
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), interest-cohort=()"),
    (b"x-robots-tag", b"noindex, nofollow, noarchive, noai"),
)


class Guard:
    """Refuses what must not reach the pages.

    Args:
        hosts: names under which the page may be asked for, without port; loopback names are always among them.
        token: what a visitor must show; None where only this machine reaches the address.
    """

    def __init__(self, hosts: Iterable[str] = (), token: str | None = None) -> None:
        self._hosts = {_bare(host) for host in (*hosts, *LOOPBACK)}
        self._token = token
        self._session = hashlib.sha256(f"gisa session {token}".encode()).hexdigest()

    def around(self, app: App) -> App:
        """Return the application behind the guard."""

        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "lifespan":
                await app(scope, receive, send)
            elif scope["type"] == "http":
                refused = self._refused(scope)
                answer = _with_headers(scope, send)
                await (refused(answer) if refused else app(scope, receive, answer))
            # a websocket is never accepted

        return guarded

    def _refused(self, scope: Scope) -> Callable[[Send], Awaitable[None]] | None:
        headers = _headers(scope)
        if len(headers.get("host", [])) != 1 or _bare(headers["host"][0]) not in self._hosts:
            return _answer(421, "unknown host: start gisa serve with --allow-host NAME\n")
        if _is_too_long(scope):
            return _answer(431, "too long a request\n")
        if _may_lead_away(scope) or _CLOSED.fullmatch(scope["path"]):
            return _answer(404, "no such page\n")
        if scope["method"] not in ("GET", "HEAD"):
            return _answer(405, "this page only reads\n", (b"allow", b"GET, HEAD"))
        if _is_part_of_foreign_page(headers):
            return _answer(403, "not for other sites\n")
        if self._token is None:
            return None
        return self._without_token(scope, headers)

    def _without_token(
        self, scope: Scope, headers: dict[str, list[str]]
    ) -> Callable[[Send], Awaitable[None]] | None:
        assert self._token
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        asked = dict(query).get("token")
        if asked is not None and _same(asked, self._token):
            if "text/html" not in "".join(headers.get("accept", [])):
                return None
            return self._signed_in(scope, [(k, v) for k, v in query if k != "token"])
        if any(_same(shown, self._token) for shown in _credentials(headers)):
            return None
        if any(_same(shown, self._session) for shown in _cookies(headers)):
            return None
        return _answer(
            401,
            "the token is needed: as password of any user, as Bearer token or as ?token=\n",
            (b"www-authenticate", b'Basic realm="gisa", charset="UTF-8"'),
        )

    def _signed_in(
        self, scope: Scope, query: list[tuple[str, str]]
    ) -> Callable[[Send], Awaitable[None]]:
        """Have the browser keep a cookie, and take the token out of its address and history."""
        path = quote(scope["path"], safe="/:~@!$&'()*+,;=-._")
        target = path + (f"?{urlencode(query)}" if query else "")
        secure = "; Secure" if scope.get("scheme") == "https" else ""
        cookie = f"{COOKIE}={self._session}; Path=/; HttpOnly; SameSite=Lax{secure}"
        return _answer(303, "", (b"location", target.encode()), (b"set-cookie", cookie.encode()))


def _headers(scope: Scope) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        found.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return found


def _bare(host: str) -> str:
    """Return a host as it is compared: no port, no brackets, no final dot, lower case."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    if host.count(":") == 1:
        host = host.partition(":")[0]
    return host.removesuffix(".")


def _is_too_long(scope: Scope) -> bool:
    address = len(scope.get("raw_path") or b"") + len(scope["query_string"])
    return max(address, sum(len(n) + len(v) for n, v in scope["headers"])) > HEAD_MOST


def _may_lead_away(scope: Scope) -> bool:
    """Browsers take `//name` and `/\\name` for another host, and Datasette redirects to paths as they came.

    So it would to `http://name/`, which HTTP allows in the place of a path.
    """
    path = scope.get("raw_path") or scope["path"].encode()
    bad = path.startswith(b"//") or b"\\" in path or b"\0" in unquote_to_bytes(path)
    return bad or not path.startswith(b"/")


def _is_part_of_foreign_page(headers: dict[str, list[str]]) -> bool:
    """Browsers say whether another site's page asks; one that is followed from there as a link is welcome."""
    site = headers.get("sec-fetch-site", ["none"])[0]
    mode = headers.get("sec-fetch-mode", ["navigate"])[0]
    return site in ("cross-site", "same-site") and mode != "navigate"


def _credentials(headers: dict[str, list[str]]) -> Iterable[str]:
    for value in headers.get("authorization", []):
        scheme, _, rest = value.partition(" ")
        if scheme.lower() == "bearer":
            yield rest.strip().encode("latin-1").decode("utf-8", "surrogateescape")
        elif scheme.lower() == "basic":
            try:
                yield base64.b64decode(rest, validate=True).decode().partition(":")[2]
            except (binascii.Error, ValueError):
                continue


def _cookies(headers: dict[str, list[str]]) -> Iterable[str]:
    for value in headers.get("cookie", []):
        try:
            found = SimpleCookie(value).get(COOKIE)
        except CookieError:
            continue
        if found:
            yield found.value


def _same(shown: str, known: str) -> bool:
    return hmac.compare_digest(shown.encode("utf-8", "surrogatepass"), known.encode())


def _with_headers(scope: Scope, send: Send) -> Send:
    path = scope.get("path", "/")
    is_datasettes = path.startswith(("/data", "/-/"))
    is_static = path.startswith(("/static/", "/-/static/"))

    async def answer(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            own = {name for name, _ in _HEADERS} | {b"content-security-policy"}
            kept = [(n, v) for n, v in message.get("headers", []) if n.lower() not in own]
            if all(name.lower() != b"cache-control" for name, _ in kept):
                kept.append((b"cache-control", _STATIC if is_static else _PAGES))
            policy = DATASETTES if is_datasettes else OURS
            message["headers"] = [*kept, (b"content-security-policy", policy), *_HEADERS]
        await send(message)

    return answer


def _answer(
    status: int, text: str, *extra: tuple[bytes, bytes]
) -> Callable[[Send], Awaitable[None]]:
    body = text.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        *extra,
    ]

    async def send_it(send: Send) -> None:
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return send_it
