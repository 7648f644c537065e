"""Is a stored record what the sample portal's newsroom says?"""

from __future__ import annotations

from jobs.sample_portal import SampleArticle
from pipeline.records import StoredArticle

IN_TEXT = ("paragraph", "subhead", "quote", "list")


def same_as_truth(stored: StoredArticle, truth: SampleArticle) -> None:
    article = stored.article
    assert article.id == f"daum:{truth.id}"
    assert article.headline == truth.headline
    assert article.labels == truth.labels
    assert article.subheadline == truth.subheadline
    assert article.publisher == truth.publisher
    assert article.published_at == truth.published_at
    assert article.modified_at == truth.modified_at or truth.modified_at is None
    assert [(a.name, a.email) for a in article.authors] == [
        (a.name, a.email) for a in truth.authors
    ]
    printed = [text for kind, text in truth.body_as_printed if kind in IN_TEXT]
    # the parser leaves out what the editors say about the article
    assert article.text == "\n\n".join(t for t in printed if not t.startswith("편집자주"))
    assert [image.url for image in article.images] == [image.url for image in truth.images]
