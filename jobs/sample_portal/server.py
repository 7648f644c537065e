"""Serves the sample portal on loopback and does to its answers whatever a test asks for."""

import threading
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Final, Self, TypedDict, Unpack

from jobs.sample_portal import naver_api
from jobs.sample_portal.answers import Answer, Reply, SeenRequest, ordered
from jobs.sample_portal.frame_markup import deleted_page
from jobs.sample_portal.listener import Listener
from jobs.sample_portal.newsroom import Newsroom
from jobs.sample_portal.pages import ALLOW_ALL, Layout, Pages, Robots
from jobs.sample_portal.site import Site

LOOPBACK: Final = ("127.0.0.1", "localhost")


class PortalOptions(TypedDict, total=False):
    """How a portal is set up; seed and articles count where no newsroom is given."""

    seed: int
    articles: int
    host: str
    port: int
    page_weight: int
    entries: int
    robots: Robots


class SamplePortal:
    """A running portal: it listens from construction until `close()`; use it in a `with` block."""

    def __init__(self, newsroom: Newsroom | None = None, **options: Unpack[PortalOptions]) -> None:
        host = options.get("host", LOOPBACK[0])
        if host not in LOOPBACK:
            raise ValueError(f"the sample portal serves on loopback only, not on {host!r}")
        self.newsroom = newsroom or Newsroom(options.get("seed", 1), options.get("articles", 60))
        self.on_request: Callable[[SeenRequest], None] | None = None
        self._lock = threading.Lock()
        self._seen: list[SeenRequest] = []
        self._answers: dict[str, tuple[Answer, int | None]] = {}
        self._stalls: set[threading.Event] = set()
        self._closing = threading.Event()
        self._listener = Listener((LOOPBACK[0], options.get("port", 0)), self)
        self.base_url = f"http://{host}:{self._listener.server_port}"
        site = Site(
            self.base_url,
            self.newsroom,
            options.get("entries", 20),
            options.get("page_weight", 0),
        )
        self.naver = naver_api.NaverApi()
        self._pages = Pages(site, options.get("robots", ALLOW_ALL))
        self._thread = threading.Thread(
            target=self._listener.serve_forever, args=(0.01,), name="sample-portal", daemon=True
        )
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop at once: waiting answers are released, open connections are closed."""
        if self._closing.is_set():
            return
        self._closing.set()
        with self._lock:
            for stall in self._stalls:
                stall.set()
        self._listener.shutdown()
        self._thread.join()
        self._listener.hang_up()
        self._listener.server_close()

    def listing_url(self, section: str) -> str:
        """Return the address of a section's listing."""
        return f"{self.base_url}/{section}"

    def article_url(self, article_id: str) -> str:
        """Return the canonical address of an article."""
        return f"{self.base_url}/v/{article_id}"

    @property
    def robots(self) -> Robots:
        """What /robots.txt answers: a text, or a status without one (None: 404). May be set."""
        return self._pages.robots

    @robots.setter
    def robots(self, robots: Robots) -> None:
        self._pages.robots = robots

    @property
    def requests(self) -> list[SeenRequest]:
        """Return the requests so far, in order of arrival; /_control is not among them."""
        with self._lock:
            return list(self._seen)

    def forget_requests(self) -> None:
        """Empty `requests`."""
        with self._lock:
            self._seen.clear()

    def deleted_page(self) -> str:
        """Return the page of a removed article, for a portal that answers it with 200."""
        return deleted_page(self._pages.site)

    def answer(self, path: str, answer: Answer) -> None:
        """Replace the next `answer.times` answers of a path (with or without its query)."""
        with self._lock:
            self._answers[path] = (answer, answer.times)

    def heal(self, path: str | None = None) -> None:
        """Take back the ordered answers of a path, or of all paths."""
        with self._lock:
            if path is None:
                self._answers.clear()
            self._answers.pop(path or "", None)

    def break_layout(self, layout: Layout) -> None:
        """Rename the classes and attributes a parser relies on."""
        self._pages.broken.add(layout)

    def heal_layout(self) -> None:
        """Give listings and articles their names back."""
        self._pages.broken.clear()

    @property
    def broken_layouts(self) -> tuple[Layout, ...]:
        """Return which layouts are broken now."""
        return tuple(sorted(self._pages.broken))

    def respond(self, method: str, target: str, headers: Mapping[str, str]) -> Reply:
        """Decide on the reply to a request, note the request, and wait if a test wants it slow."""
        answer = self._ordered_answer(target)
        reply = self._usual(target, headers)
        if answer:
            reply = ordered(answer, reply)
        reply = reply.for_request(headers)
        seen = SeenRequest(method, target, headers, reply.status, time.monotonic())
        with self._lock:
            self._seen.append(seen)
        if self.on_request:
            self.on_request(seen)
        if answer:
            self._wait(answer)
        return reply

    def _usual(self, target: str, headers: Mapping[str, str]) -> Reply:
        if target.partition("?")[0] in (naver_api.HUB, naver_api.DEVELOPERS):
            return self.naver.answer(self._pages.site, target, headers)
        return self._pages.at(target)

    def _ordered_answer(self, target: str) -> Answer | None:
        with self._lock:
            for path in (target, target.partition("?")[0]):
                answer, left = self._answers.get(path, (None, None))
                if answer is None:
                    continue
                if left is not None:
                    self._answers[path] = (answer, left - 1)
                    if left <= 1:
                        del self._answers[path]
                return answer
        return None

    def _wait(self, answer: Answer) -> None:
        if answer.hold:
            self._closing.wait(answer.hold)
        if answer.stall:
            with self._lock:
                if self._closing.is_set():
                    return
                self._stalls.add(answer.stall)
            answer.stall.wait()
