"""JSON-LD: documents of schema.org's NewsArticle that say what the record says."""

from __future__ import annotations

from typing import Any

from pipeline.exporting import news_article


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


def test_what_is_not_known_is_left_out(bare: dict[str, Any]) -> None:
    document = news_article.document(bare)
    assert not {"author", "image", "publisher", "license", "datePublished"} & document.keys()
    assert None not in document.values()
