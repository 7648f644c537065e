"""The head of a page."""

from __future__ import annotations

import pytest

from pipeline.select import parse
from pipeline.structured import Head, read_head


def _head(html: str) -> Head:
    return read_head(parse(html))


def test_meta_tags_by_lower_case_name_with_all_their_values() -> None:
    head = _head(
        "<meta property='og:Title' content=' 가  나 '><META NAME=robots CONTENT=noai>"
        "<meta name=Robots content='noindex'><meta name=empty content=' '><meta content=lost>"
        "<meta name='a' property='b' content='both'><meta name=no-content>"
    )
    assert head.meta == {"og:title": ("가 나",), "robots": ("noai", "noindex"), "b": ("both",)}
    assert head.first("OG:title") == "가 나"
    assert head.first("gone", "Robots") == "noai"
    assert head.first("gone") is None


@pytest.mark.parametrize(
    ("markup", "canonical"),
    [
        ("<link rel=canonical href=' https://a.example/ '>", "https://a.example/"),
        ("<link rel='Canonical nofollow' href='/x'>", "/x"),
        ("<link rel=canonical>", None),
        ("<link rel=canonicals href=/x>", None),
        ("", None),
    ],
)
def test_canonical(markup: str, canonical: str | None) -> None:
    assert _head(markup).canonical == canonical


@pytest.mark.parametrize(
    ("lang", "language"),
    [("ko", "ko"), ("ko-KR", "ko"), ("ko_KR", "ko"), ("EN", "en"), ("", None), ("한국어", None), ("x", None)],
)  # fmt: skip
def test_language(lang: str, language: str | None) -> None:
    assert _head(f'<html lang="{lang}"><body>').language == language


def test_very_many_tags_of_one_name() -> None:
    assert len(_head("<meta name=a content=b>" * 20_000).meta["a"]) == 20_000
