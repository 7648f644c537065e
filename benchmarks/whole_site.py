"""The sample portal written out as files, for a server that only serves: articles, listings, robots.txt.

Its articles get other texts, of 800 to 2,000 characters, and all pages are brought to 60 to 150 kB.
"""

from __future__ import annotations

import gzip
import os
import random
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from benchmarks.grouping_prose import WideWriter
from benchmarks.whole_markup import weighted
from jobs.sample_portal import Newsroom, Piece, SampleArticle
from jobs.sample_portal.article_markup import article_page
from jobs.sample_portal.listing_markup import listing_page
from jobs.sample_portal.pages import ALLOW_ALL
from jobs.sample_portal.site import Site

LIGHTEST, HEAVIEST = 60_000, 150_000
_SHORTEST, _LONGEST = 800, 2000


@dataclass(frozen=True, slots=True)
class Plan:
    """How many articles there are, and on how many listings they stand."""

    pages: int
    listings: int
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Written:
    """A portal as files: where its listings are, and the headline of every article by its id."""

    base: str
    listings: tuple[str, ...]
    headlines: dict[str, str]
    kilobytes: float
    packed_kilobytes: float


class _Stretch(Newsroom):
    """A newsroom as one listing shows it: so many of its articles, and the newest of other sections."""

    def __init__(self, whole: Newsroom, section: str, ids: list[str]) -> None:
        super().__init__(articles=0, sections=whole.sections)
        self._whole, self._section, self._stretch = whole, section, ids

    @property
    def now(self) -> datetime:
        return self._whole.now

    def listing(self, section: str, limit: int | None = None) -> list[SampleArticle]:
        if section != self._section:
            return self._whole.listing(section, limit)
        return [self._whole.article(number) for number in self._stretch[:limit]]


def write_site(folder: Path, base: str, plan: Plan) -> Written:
    """Write the pages below a folder as they will be served at `base`, each once as it is and once packed."""
    newsroom, ids = _newsroom(plan)
    site = Site(base, newsroom, entries=len(ids))
    rng = random.Random(plan.seed)
    (folder / "v").mkdir(parents=True)
    (folder / "robots.txt").write_text(ALLOW_ALL, encoding="utf-8")
    whole = packed = 0
    headlines = {}
    for number in ids:
        article = newsroom.article(number)
        page = article_page(_longer(article, rng), site)
        linked = [site.article_url(other) for other in rng.sample(ids, min(10, len(ids)))]
        text = weighted(page, rng.randint(LIGHTEST, HEAVIEST), rng, linked)
        sizes = _write(folder / "v" / number, text, newsroom.last_change(number))
        whole, packed = whole + sizes[0], packed + sizes[1]
        headlines[number] = article.headline
    listings = _write_listings(folder, site, ids, plan.listings)
    (folder / "sitemap.xml").write_text(_sitemap(site, ids), encoding="utf-8")
    count = len(ids) * 1000
    return Written(base, listings, headlines, whole / count, packed / count)


def _newsroom(plan: Plan) -> tuple[Newsroom, list[str]]:
    """Videos and galleries are left out: every page that is linked is an article."""
    newsroom = Newsroom(plan.seed, plan.pages + plan.pages // 6 + 20)
    by_section = [newsroom.ids(section) for section in newsroom.sections]
    ids = [number for ids in by_section for number in ids]
    articles = [number for number in ids if newsroom.article(number).kind == "article"]
    kept = random.Random(plan.seed).sample(range(len(articles)), plan.pages)
    return newsroom, [articles[place] for place in sorted(kept)]


def _write_listings(folder: Path, site: Site, ids: list[str], listings: int) -> tuple[str, ...]:
    rng = random.Random("listings")
    urls = []
    for place in range(listings):
        some = ids[place * len(ids) // listings : (place + 1) * len(ids) // listings]
        section = site.newsroom.article(some[0]).section
        shown = replace(site, newsroom=_Stretch(site.newsroom, section, some))
        page = weighted(listing_page(section, shown), LIGHTEST, rng, [])
        name = f"{section}-{place:04d}"
        _write(folder / name, page, site.newsroom.now)
        urls.append(f"{site.base_url}/{name}")
    return tuple(urls)


def _sitemap(site: Site, ids: list[str]) -> str:
    """fundus reads no listings."""
    urls = "".join(f"<url><loc>{site.article_url(number)}</loc></url>" for number in ids)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


def _longer(article: SampleArticle, rng: random.Random) -> SampleArticle:
    """Return it with paragraphs of a wide vocabulary, each article about things of its own.

    The sample portal has so few forms of sentences that all its articles are half alike, as no newspaper's are.
    """
    writer, pieces = WideWriter(rng), []
    left = rng.randint(_SHORTEST, _LONGEST)
    for piece in article.pieces:
        pieces.append(
            Piece("paragraph", writer.paragraph()) if piece.kind == "paragraph" else piece
        )
        left -= len(pieces[-1].text)
    last = max(n for n, piece in enumerate(pieces) if piece.kind == "paragraph")
    while left > 0:
        last += 1
        pieces.insert(last, Piece("paragraph", writer.paragraph()))
        left -= len(pieces[last].text)
    return replace(article, pieces=tuple(pieces))


def _write(path: Path, text: str, changed: datetime) -> tuple[int, int]:
    body = text.encode()
    packed = gzip.compress(body, 6, mtime=0)
    for name, content in ((path, body), (path.with_name(path.name + ".gz"), packed)):
        name.write_bytes(content)
        os.utime(name, (changed.timestamp(), changed.timestamp()))
    return len(body), len(packed)
