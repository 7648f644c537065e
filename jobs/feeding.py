"""Feeds out of the database: for the verb that writes a file, and for the web."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pipeline.feeds import atom, items, json_feed
from pipeline.records import Change
from pipeline.store import Store
from pipeline.store.updates import Selection

Format = Literal["atom", "json"]
MOST = 1_000
"""Articles in one feed. A reader fetches all of it every time."""
_WRITERS = {
    "atom": (atom.MEDIA_TYPE, atom.atom),
    "json": (json_feed.MEDIA_TYPE, json_feed.json_feed),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How a feed is to be.

    Args:
        owner: what tells this installation from others for good: `[pipeline] contact`. The feed's id is made of
            it and of the selection, but for its times.
        format: "atom" or "json".
        limit: the most articles, from 1 to `MOST`.
        title: of the feed; by default one made of the selection.
        self_url: where the feed will be found.
        home_url: the page of which it is the feed.
        full_text: give every text, for the operator's own reading; otherwise only those that may be given on.
    """

    owner: str
    format: Format = "atom"
    limit: int = 50
    title: str | None = None
    self_url: str | None = None
    home_url: str | None = None
    full_text: bool = False


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as it is sent. The same articles make the same bytes and the same `etag`, which has its quotes."""

    body: bytes
    media_type: str
    etag: str
    last_modified: datetime
    articles: int
    removed: int


def feed_of(store: Store, selection: Selection, wanted: Wanted) -> Feed:
    """Return the feed of the articles of a selection that changed last.

    Raises:
        StoreError: the database cannot be read.
    """
    changes = store.updates.newest(selection, min(max(wanted.limit, 1), MOST))
    return written(changes, wanted, of=_identity(selection), title=title_of(selection))


def written(changes: Sequence[Change], wanted: Wanted, *, of: str, title: str) -> Feed:
    """Return the feed of any articles, the newest change first.

    Args:
        changes: as `Store.changes` gives them.
        wanted: how it is to be; its `limit` was the matter of who chose the articles.
        of: what the feed is of, in words that stay: its id is made of them.
        title: where `wanted` has none.
    """
    head = items.Head(
        items.feed_id(wanted.owner, of), wanted.title or title, wanted.self_url, wanted.home_url
    )
    said = items.content(head, changes, full_text=wanted.full_text)
    media_type, write = _WRITERS[wanted.format]
    body = write(said)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    return Feed(body, media_type, etag, said.updated_at, len(said.items), len(said.removed))


def title_of(selection: Selection) -> str:
    """Return the title of a selection's feed."""
    named = (
        selection.source, selection.watch, selection.query, selection.publisher, selection.section,
        selection.author, *(f"{use}: {value}" for use, value in sorted(selection.rights.items())),
    )  # fmt: skip
    said = " · ".join(name for name in named if name)
    return f"gisa: {said}" if said else "gisa"


def _identity(selection: Selection) -> str:
    """What the feed is of, without the times, which may count from today."""
    parts = {
        "source": selection.source,
        "watch": selection.watch,
        "query": selection.query,
        "publisher": selection.publisher,
        "section": selection.section,
        "author": selection.author,
        "rights": dict(sorted(selection.rights.items())) or None,
    }
    return json.dumps({name: it for name, it in parts.items() if it is not None})
