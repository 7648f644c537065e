"""What an answer, or the lack of one, means: bytes and exceptions to a page or to an error of ours."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from pipeline.errors import BadAnswer, Blocked, Gone, PageError, Reason, Unreachable
from pipeline.urls import absolute, authority

_READABLE = ("text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml")
_LONGEST_VALIDATOR = 1000


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a server, its body decompressed."""

    status: int
    headers: httpx.Headers
    body: bytes


def claims_missing_body(answer: Answer) -> bool:
    """Does an answer that has no body by its status announce one?

    Servers that then send it all the same would have it read as the answer to our next request.
    """
    announced = answer.headers.get("Content-Length", "0") != "0"
    return answer.status in (204, 304) and (announced or "Transfer-Encoding" in answer.headers)


def refuse_failure(answer: Answer, url: str) -> None:
    """Raise what an answer means that is no page; 429, 503 and 304 are not looked at here."""
    status = answer.status
    if status in (404, 410):
        raise Gone(url, f"answered {status}")
    if status in (401, 403, 451):
        raise Blocked(url, f"answered {status}")
    if status >= 500:
        raise Unreachable(url, "server_error", f"answered {status}")
    if status != 200:
        raise BadAnswer(url, "server_error", f"answered {status}")
    kind = answer.headers.get("Content-Type", "text/html").split(";")[0].strip().lower()
    if kind not in _READABLE:
        raise BadAnswer(url, "not_html", f"is {kind[:60]!r}, not a page")


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


def refuse_no_url(url: str) -> None:
    """Refuse what cannot be fetched, and what two parsers read as two different hosts."""
    try:
        if absolute(url, url) is None:
            raise ValueError("not an http(s) URL")
        url.encode()
        asked, connected = urlsplit(url).hostname, httpx.URL(url)
        if asked not in (connected.host, connected.raw_host.decode("ascii").strip("[]")):
            raise ValueError(f"its host may be {asked!r} or {connected.host!r}")
    except (ValueError, httpx.InvalidURL) as error:
        raise BadAnswer(url, "forbidden_address", f"not a URL to fetch: {error}") from None


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
        return BadAnswer(url, "forbidden_address", f"not a URL to fetch: {error}")
    host = authority(url)
    for cause in _causes(error):
        if isinstance(cause, socket.gaierror):
            return Unreachable(url, "dns", f"{host} cannot be reached: name not found")
        if isinstance(cause, ssl.SSLError):
            return Unreachable(url, "tls", f"{host}: {cause.reason or cause}")
    reason: Reason = "connect"
    if isinstance(error, (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError)):
        reason = "truncated"
    elif isinstance(error, httpx.TimeoutException) and not isinstance(error, httpx.ConnectTimeout):
        reason = "timeout"
    words = str(error) or type(error).__name__
    return Unreachable(url, reason, f"{host} cannot be reached: {words}")


def _causes(error: BaseException | None) -> list[BaseException]:
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or error.__context__
    return chain
