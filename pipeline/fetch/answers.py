"""What an answer, or the lack of one, means: bytes and exceptions to a page or to an error of ours."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from pipeline.errors import BadAnswer, Blocked, Gone, PageError, Reason, Unreachable
from pipeline.fetch.addresses import ForbiddenAddress
from pipeline.fetch.media import PAGE, Media
from pipeline.records import SignalType
from pipeline.text import one_line
from pipeline.urls import absolute, authority

_LONGEST_VALIDATOR = 1000
_LONGEST_WORDS = 200  # of an error: libraries quote what a server sent
_MAGIC = (
    b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"\x00\x00\x01\x00",
    b"Rar!", b"7z\xbc\xaf", b"\x7fELF", b"OggS", b"ID3", b"wOFF", b"wOF2", b"SQLite format 3",
    b"\x28\xb5\x2f\xfd", b"BZh", b"\xfd7zXZ", b"\xd0\xcf\x11\xe0",
)  # fmt: skip
_PROBED = 1024
_CONTROLS = bytes({*range(0x20)} - {*b"\t\n\f\r\x1b"})
# random bytes have one control character in ten; a page with some of them is still a page
_CONTROLS_IN_TEXT, _CONTROLS_IN_MARKUP = 0.03, 0.1
_MARKUP = re.compile(rb"<(?:!doctype|html|head|meta|body|title|div|p)[\s>]", re.IGNORECASE)
_RIGHTS_HEADERS = frozenset({b"tdm-reservation", b"link"})
_LICENCE_LINK = re.compile(r'<([^<>]{1,500})>[^<>]*\brel="?[^"]*\blicense\b', re.IGNORECASE)
_WIDE = (b"\xff\xfe", b"\xfe\xff")
# what browsers refuse to connect to: https://fetch.spec.whatwg.org/#port-blocking
_BAD_PORTS = frozenset(
    (0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103,
     104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514,
     515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723,
     2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a server, its body decompressed; `seconds` is how long it took.

    `hash` is of the body as it came over the wire, empty where it was not read to its end.
    """

    status: int
    headers: httpx.Headers
    body: bytes = b""
    hash: str = ""
    seconds: float = 0.0


def archived(headers: Iterable[tuple[bytes, bytes]], body: bytes) -> Answer:
    """Return the 200 that an archive holds, to be looked at as one that came just now."""
    return Answer(200, httpx.Headers(list(headers)), body)


def claims_missing_body(status: int, headers: Mapping[str, str]) -> bool:
    """Does an answer that has no body by its status announce one?

    Servers that then send it all the same would have it read as the answer to our next request.
    """
    announced = headers.get("Content-Length", "0") != "0"
    return status in (204, 304) and (announced or "Transfer-Encoding" in headers)


def refuse_failure(answer: Answer, url: str, media: Media = PAGE) -> None:
    """Raise what an answer means that is no document of this kind; 429 and 503 are not looked at here."""
    status = answer.status
    # Cloudflare's word for it, with any status
    if answer.headers.get("cf-mitigated") == "challenge":
        raise Blocked(url, f"answered {status} with a bot challenge")
    if status in (404, 410):
        raise Gone(url, f"answered {status}")
    if status in (401, 403, 451):
        raise Blocked(url, f"answered {status}")
    if status >= 500:
        raise Unreachable(url, "server_error", f"answered {status}")
    if status != 200:
        raise BadAnswer(url, "server_error", f"answered {status}")
    kind = answer.headers.get("Content-Type", "text/html").split(";")[0].strip().lower()
    if not media.may_be(kind):
        raise BadAnswer(url, "not_html", f"is {kind[:60]!r}, not a {media.name}")


def refuse_binary(answer: Answer, url: str) -> None:
    """Refuse what is called a page and is a picture, an archive or other bytes."""
    head = answer.body[:_PROBED]
    kind = answer.headers.get("Content-Type", "").lower()
    if head.startswith(_WIDE) or "utf-16" in kind:
        return
    controls = len(head) - len(head.translate(None, _CONTROLS))
    most = _CONTROLS_IN_MARKUP if _MARKUP.search(head) else _CONTROLS_IN_TEXT
    if head.startswith(_MAGIC) or controls > most * len(head):
        raise BadAnswer(url, "not_html", "is called a page, but its bytes are no text")


def redirect_of(answer: Answer, url: str) -> str | None:
    """Return where an answer sends us, None for one that does not.

    Raises:
        BadAnswer: it sends us to what is no http(s) URL, or nowhere.
    """
    if answer.status not in (301, 302, 303, 307, 308):
        return None
    location = answer.headers.get("Location")
    target = absolute(url, location)
    if target is None:
        raise BadAnswer(url, "forbidden_address", f"redirects to {location!r:.200}")
    return target


def fetchable(url: str) -> httpx.URL:
    """Return a URL that can be fetched; refuse any other, and what two parsers read as two hosts.

    Raises:
        BadAnswer: not http(s), a user name in it, another service's port, or an ambiguous host.
    """
    try:
        if absolute("", url) is None:
            raise ValueError("not an http(s) URL")
        url.encode()
        parts, connected = urlsplit(url), httpx.URL(url)
        if parts.hostname not in (connected.host, connected.raw_host.decode("ascii").strip("[]")):
            raise ValueError(f"its host may be {parts.hostname!r} or {connected.host!r}")
        if "@" in parts.netloc:
            raise ValueError("a user name or password before its host")
        if parts.port in _BAD_PORTS:
            raise ValueError(f"port {parts.port} is another service's")
    except (ValueError, httpx.InvalidURL) as error:
        raise BadAnswer(url, "forbidden_address", f"not a URL to fetch: {error}") from None
    return connected


def header_signals(answer: Answer) -> tuple[tuple[SignalType, str], ...]:
    """Return what headers say about rights, but for X-Robots-Tag: TDMRep, and licences by Link."""
    if _RIGHTS_HEADERS.isdisjoint(name.lower() for name, _ in answer.headers.raw):
        return ()
    said: list[tuple[SignalType, str]] = []
    for value in answer.headers.get_list("tdm-reservation"):
        policy = answer.headers.get("tdm-policy")
        said.append(("tdmrep", f"{value} (policy {policy})" if policy else value))
    for link in answer.headers.get_list("Link", split_commas=True):
        if "license" in link.lower():
            found = _LICENCE_LINK.match(link.strip())
            kind: SignalType = "rsl" if "rsl+xml" in link else "license"
            said += [(kind, found[1])] if found else []
    return tuple((kind, one_line(value, _LONGEST_WORDS)) for kind, value in said)


def validator_of(value: str | None) -> str | None:
    """Return an ETag or Last-Modified if it can be kept and sent back as it came, else None."""
    if not value or len(value) > _LONGEST_VALIDATOR:
        return None
    return value if value.isascii() and value.isprintable() and value.strip() else None


def conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """Return the headers that ask for the page only if it changed."""
    given = {
        "If-None-Match": validator_of(etag),
        "If-Modified-Since": validator_of(last_modified),
    }
    return {name: value for name, value in given.items() if value}


def explained(url: str, error: Exception) -> PageError:
    """Return the error of ours for an exception of the network or of httpx."""
    if isinstance(error, (httpx.InvalidURL, httpx.UnsupportedProtocol, ValueError)):
        return BadAnswer(
            url, "forbidden_address", f"not a URL to fetch: {one_line(str(error), _LONGEST_WORDS)}"
        )
    host = authority(url)
    for cause in _causes(error):
        if isinstance(cause, ForbiddenAddress):
            detail = f'{host} has no public address; if it is yours: [host."{host}"] private = true'
            return BadAnswer(url, "forbidden_address", detail)
        if isinstance(cause, socket.gaierror):
            return Unreachable(url, "dns", f"{host} cannot be reached: name not found")
        if isinstance(cause, ssl.SSLError):
            words = getattr(cause, "verify_message", None) or cause.reason or cause
            return Unreachable(url, "tls", f"{host} cannot be trusted: {words}")
    reason: Reason = "connect"
    if isinstance(error, (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError)):
        reason = "truncated"
    elif isinstance(error, httpx.TimeoutException) and not isinstance(error, httpx.ConnectTimeout):
        reason = "timeout"
    words = one_line(str(error), _LONGEST_WORDS) or type(error).__name__
    return Unreachable(url, reason, f"{host} cannot be reached: {words}")


def _causes(error: BaseException | None) -> list[BaseException]:
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or error.__context__
    return chain
