"""A small fictional news portal served on loopback: for the demo, the tests and the benchmarks."""

from jobs.sample_portal.answers import Answer, SeenRequest
from jobs.sample_portal.article import Piece, RelatedLink, SampleArticle, SampleAuthor, SampleImage
from jobs.sample_portal.newsroom import DEFAULT_NOW, KST, SECTIONS, Newsroom
from jobs.sample_portal.server import SamplePortal

__all__ = [
    "DEFAULT_NOW",
    "KST",
    "SECTIONS",
    "Answer",
    "Newsroom",
    "Piece",
    "RelatedLink",
    "SampleArticle",
    "SampleAuthor",
    "SampleImage",
    "SamplePortal",
    "SeenRequest",
]
