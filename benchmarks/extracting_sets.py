"""The pages that the extractors of `extracting.py` read: sets of a corpus, or a few fictional ones.

A set NAME is a file NAME.jsonl.gz with a page a line: `id`, `html`, perhaps `url` and `fetched_at`, and what is
known of it: `body`, or only how it begins and ends (`body_first60`, `body_last60`), `title`, `authors` (names,
or objects with a `name`) and `published_at`. A `kind` tells pages of other kinds from articles and fragments
of them.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.extracting_scores import Row

_ENDING = ".jsonl.gz"
_USUAL = ("bodies", "records", "korean")
_CJK = ("kr", "jp", "cn", "tw")
_LIGHTEST, _HEAVIEST, _FICTIONAL = 60_000, 150_000, 61


@dataclass(frozen=True, slots=True)
class PageSet:
    """The file of pages that extractors read, and what is known of each page in its order."""

    name: str
    pages: Path
    known: list[Row]

    def views(self) -> Iterator[tuple[str, list[Row]]]:
        """Yield the set, and its Chinese, Japanese and Korean pages where the ids tell countries."""
        yield self.name, self.known
        eastern = [row for row in self.known if str(row["id"]).partition("/")[0] in _CJK]
        if eastern and len(eastern) < len(self.known):
            yield f"{self.name}, CJK", eastern


def names_in(corpus: Path) -> list[str]:
    """Return the names of a corpus's sets: the usual ones where it has any, else all."""
    there = sorted(file.name.removesuffix(_ENDING) for file in corpus.glob(f"*{_ENDING}"))
    return [name for name in _USUAL if name in there] or there


def read_set(corpus: Path, name: str, folder: Path) -> PageSet:
    """Read a set; its pages are written to a file in `folder` as the extractors read them."""
    path = corpus / f"{name}{_ENDING}"
    if not path.exists():
        raise SystemExit(f"there is no {path}")
    with gzip.open(path, "rt", encoding="utf-8", errors="surrogatepass") as lines:
        return _written(name, map(json.loads, lines), folder)


def fictional_set(folder: Path) -> PageSet:
    """Write a few pages of the sample portal, light ones and heavy ones; nothing is known of them."""
    return _written("sample", _fictional(), folder)


def _fictional() -> Iterator[Row]:
    from jobs.sample_portal import Newsroom
    from jobs.sample_portal.pages import Pages
    from jobs.sample_portal.site import Site

    newsroom, base = Newsroom(articles=_FICTIONAL), "https://news.example"
    for place, article in enumerate(newsroom.articles()):
        weight = _LIGHTEST + (_HEAVIEST - _LIGHTEST) * place // (_FICTIONAL - 1)
        page = Pages(Site(base, newsroom, page_weight=weight)).at(f"/v/{article.id}")
        html = page.body.decode()
        yield {"id": article.id, "url": f"{base}/v/{article.id}", "html": html,
               "fetched_at": newsroom.now.isoformat()}  # fmt: skip


def _written(name: str, rows: Iterable[Row], folder: Path) -> PageSet:
    pages, known = folder / f"{name}.jsonl", []
    with pages.open("w", encoding="utf-8") as file:
        for row in rows:
            if not row.get("kind", "article").startswith("article"):
                continue
            page = {
                "id": row["id"],
                "url": row.get("url"),
                "fetched_at": row.get("fetched_at"),
                "html": _whole(row.pop("html")),
            }
            file.write(f"{json.dumps(page)}\n")
            known.append(row)
    if not known:
        raise SystemExit(f"the set {name} has no pages of articles")
    return PageSet(name, pages, known)


def _whole(html: str) -> str:
    """Half a surrogate pair is no character: no parser takes it."""
    try:
        html.encode()
    except UnicodeEncodeError:
        return html.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return html
