"""The way to the network: aiohttp's connections under httpx's requests and answers.

httpx's own transport costs two to three times the CPU (docs/benchmarks.md). The adapter from PyPI was not
taken: it reports refused connections and unknown names as time-outs and lets exceptions of aiohttp through.
Bodies come as they are on the wire; `bodies.py` decompresses them under a bound.
"""

from __future__ import annotations

import asyncio
import select
from collections.abc import AsyncIterator, Container
from functools import partial
from weakref import WeakKeyDictionary, ref

import aiohttp
import httpx
from aiohttp.client_proto import ResponseHandler
from yarl import URL

from pipeline.fetch.addresses import public_socket
from pipeline.fetch.answers import claims_missing_body
from pipeline.fetch.names import Resolver
from pipeline.urls import authority

_LONGEST_HEADER = 32 * 1024
_MOST_HEADERS = 128
_CONNECTIONS = 100
_IDLE_SECONDS = 15.0


class Transport(httpx.AsyncBaseTransport):
    """Sends requests to public addresses, and to others only for the authorities that are `private`.

    No cookies, no redirects, no proxy and no .netrc behind the operator's back.
    """

    def __init__(self, private: Container[str], *, connect_seconds: float) -> None:
        self._private, self._connect_seconds = private, connect_seconds
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the body of the answer is still to be read.

        Raises:
            httpx.TransportError: no answer, or none that is HTTP.
        """
        url = str(request.url)
        target = URL(url, encoded=True)
        if target.raw_host != request.url.raw_host.decode("ascii").strip("[]"):
            raise httpx.UnsupportedProtocol(f"its host may be {target.raw_host!r}")
        session = self._session(is_private=authority(url) in self._private)
        try:
            answer = await session.request(
                request.method,
                target,
                headers=[
                    (name.decode("ascii"), value.decode("ascii"))
                    for name, value in request.headers.raw
                ],
                allow_redirects=False,
            )
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise _translated(error, httpx.ConnectError) from _root_of(error)
        return httpx.Response(answer.status, headers=answer.raw_headers, stream=_Body(answer))

    async def aclose(self) -> None:
        """Close every connection."""
        for session in self._sessions.values():
            await session.close()

    def _session(self, *, is_private: bool) -> aiohttp.ClientSession:
        session = self._sessions.get(is_private)
        if session is None:
            session = self._sessions[is_private] = self._opened(is_private=is_private)
        return session

    def _opened(self, *, is_private: bool) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=_Connector(
                limit=_CONNECTIONS,
                ssl=httpx.create_ssl_context(),  # certifi's authorities, or those of SSL_CERT_FILE
                keepalive_timeout=_IDLE_SECONDS,
                resolver=Resolver(),
                socket_factory=None if is_private else public_socket,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._connect_seconds),
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding"),
            auto_decompress=False,
            trust_env=False,
            max_field_size=_LONGEST_HEADER,
            max_headers=_MOST_HEADERS,
            response_class=_Answer,
        )


_READ_NOW: WeakKeyDictionary[ResponseHandler, aiohttp.StreamReader] = WeakKeyDictionary()
"""What is being read from each open connection."""


class _Connector(aiohttp.TCPConnector):
    """Gives out a kept connection only if nothing came on it since: it would be taken for our next answer."""

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[aiohttp.tracing.Trace],
        timeout: aiohttp.ClientTimeout,
    ) -> aiohttp.connector.Connection:
        while True:
            connection = await super().connect(req, traces, timeout)
            protocol = connection.protocol
            if protocol is None or protocol not in _READ_NOW or not _spoke_unasked(protocol):
                return connection
            connection.close()


def _spoke_unasked(protocol: ResponseHandler) -> bool:
    """Did bytes come behind the last answer, or the end of the connection, read by asyncio or not yet?"""
    if protocol.should_close or protocol.transport is None:
        return True
    socket = protocol.transport.get_extra_info("socket")
    waiting = select.poll()
    waiting.register(socket.fileno(), select.POLLIN)
    return bool(waiting.poll(0))


class _Answer(aiohttp.ClientResponse):
    async def start(self, connection: aiohttp.connector.Connection) -> aiohttp.ClientResponse:
        """Read the head, and see to it that the body ends in any case."""
        protocol = connection.protocol
        assert protocol is not None
        await super().start(connection)
        if claims_missing_body(self.status, self.headers):
            protocol.close()  # bytes that follow must not be taken for our next answer
        elif protocol in _READ_NOW:
            _READ_NOW[protocol] = self.content
        elif protocol.closed is not None:
            _READ_NOW[protocol] = self.content
            protocol.closed.add_done_callback(partial(_cut, ref(protocol)))
        return self


def _cut(protocol: ref[ResponseHandler], closed: asyncio.Future[None]) -> None:
    """End the body that was being read when its connection closed.

    A chunk that makes no sense closes the connection; whoever waits for more of the body is not told by
    aiohttp 3.14, and would wait until the deadline.
    """
    closed.exception()  # looked at, so that it is not reported as forgotten
    handler = protocol()
    body = _READ_NOW.pop(handler, None) if handler is not None else None
    if body is not None and not body.is_eof() and body.exception() is None:
        body.set_exception(aiohttp.ClientPayloadError("the answer broke off"))


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._answer.content.iter_any():
                yield chunk
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise _translated(error, httpx.ReadError) from _root_of(error)

    async def aclose(self) -> None:
        self._answer.close()  # one that was read to its end has given its connection back already


def _root_of(error: Exception) -> Exception:
    """Return what the operating system, the resolver or TLS said."""
    return error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error


def _translated(error: Exception, default: type[httpx.TransportError]) -> httpx.TransportError:
    """Return httpx's exception for one of aiohttp's."""
    words = str(error) or type(error).__name__
    if isinstance(error, aiohttp.InvalidURL):
        return httpx.UnsupportedProtocol(words)
    if isinstance(error, aiohttp.ClientConnectorError):
        return httpx.ConnectError(error.os_error.strerror or str(error.os_error) or words)
    if isinstance(error, TimeoutError):
        return httpx.ConnectTimeout(words)
    if isinstance(error, aiohttp.ClientOSError | aiohttp.ServerDisconnectedError):
        return httpx.ReadError(words)
    if isinstance(error, aiohttp.ClientResponseError | aiohttp.ClientPayloadError):
        return httpx.RemoteProtocolError(words)
    return default(words)
