"""JSON-LD: documents of schema.org's NewsArticle that say what the record says."""

from __future__ import annotations

import json
from typing import Any

from pipeline.exporting import news_article
from pipeline.json_ld import read_json_ld
from pipeline.select import parse


def test_a_full_document_has_every_property_in_order(full: dict[str, Any]) -> None:
    document = news_article.document(full)
    assert list(document) == list(news_article.PROPERTIES)
    assert document["author"][0] == {
        "@type": "Person",
        "name": "김기자",
        "email": "kim@press.example",
        "jobTitle": "기자",
    }
    assert document["image"] == [
        {
            "@type": "ImageObject",
            "contentUrl": "https://img.example/1.jpg",
            "caption": "회견장",
            "creditText": "온새시 제공",
        }
    ]
    assert document["creativeWorkStatus"] == "Removed 2026-09-27T15:00:00+09:00"
    assert "ai_train: prohibited" in document["usageInfo"]["text"]


def test_our_own_reader_of_json_ld_reads_it(full: dict[str, Any]) -> None:
    text = json.dumps(news_article.document(full), ensure_ascii=False)
    page = f'<html><script type="application/ld+json">{text}</script></html>'
    found = read_json_ld(parse(page), urls=[full["canonical_url"]], titles=[full["headline"]])
    assert found
    assert (found.headline, found.publisher) == (full["headline"], full["publisher"])
    assert (found.published, found.modified) == (full["published_at"], full["modified_at"])
    assert [author.name for author in found.authors] == ["김기자", "박선임"]
    assert [image.url for image in found.images] == ["https://img.example/1.jpg"]
    assert (found.keywords, found.sections) == (("예산", "정부"), ("정치",))


def test_what_is_not_known_is_left_out(bare: dict[str, Any]) -> None:
    document = news_article.document(bare)
    assert not {"author", "image", "publisher", "license", "datePublished"} & document.keys()
    assert None not in document.values()
