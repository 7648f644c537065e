from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.json_ld import JsonLdArticle, JsonLdAuthor, read_json_ld
from pipeline.json_script import parse_script
from pipeline.select import parse

URL = "https://press.example/2026/03/otters"
TITLE = "Otters return to the mill pond after forty years"
NODE: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": TITLE,
    "url": URL,
    "author": {"@type": "Person", "name": "Ada Quill"},
    "datePublished": "2026-03-01T08:00:00+01:00",
}


def page(*scripts: str, kind: str = "application/ld+json") -> str:
    return "".join(f'<script type="{kind}">{script}</script>' for script in scripts)


def read(*scripts: str) -> JsonLdArticle | None:
    return read_json_ld(parse(page(*scripts)), urls=[URL], titles=[TITLE])


def found(*nodes: Any) -> JsonLdArticle:
    article = read(*(json.dumps(node) for node in nodes))
    assert article is not None
    return article


def test_every_field_is_read() -> None:
    article = found(
        {
            **NODE,
            "alternativeHeadline": "Otters are back",
            "description": "Two <b>pups</b> &amp; a holt",
            "dateModified": "2026-03-01T09:00:00+01:00",
            "publisher": {"@type": "Organization", "name": "Mill Courier"},
            "articleSection": ["Nature", "Rivers"],
            "keywords": "otter, pond , ",
            "articleBody": "They swam.\n\nThey stayed.",
            "image": [{"url": "/a.jpg", "caption": "A pup", "creditText": "Q. Lens"}, "/b.jpg"],
            "inLanguage": "en-GB",
        }
    )
    assert article.alternative_headline == "Otters are back"
    assert article.description == "Two pups & a holt"
    assert (article.published, article.modified) == (
        "2026-03-01T08:00:00+01:00",
        "2026-03-01T09:00:00+01:00",
    )
    assert (article.publisher, article.sections) == ("Mill Courier", ("Nature", "Rivers"))
    assert article.keywords == ("otter", "pond")
    assert article.article_body == "They swam.\n\nThey stayed."
    assert [(i.url, i.caption, i.credit) for i in article.images] == [
        ("/a.jpg", "A pup", "Q. Lens"),
        ("/b.jpg", None, None),
    ]
    assert (article.url, article.language) == (URL, "en-GB")


@pytest.mark.parametrize(
    "wrap",
    [
        "<!-- {} -->",
        "//<![CDATA[\n{}\n//]]>",
        "/*<![CDATA[*/ {} /*]]>*/",
        "{};",
        "\ufeff{}",
        "{} trailing words",
        '{{"@type": "WebSite"}} {}',
        "[{}]",
        '{{"@graph": [{}]}}',
        '{{"@type": "WebPage", "mainEntity": {}}}',
    ],
)
def test_wrappings_are_taken_off(wrap: str) -> None:
    article = read(wrap.format(json.dumps(NODE)))
    assert article is not None
    assert article.headline == TITLE


@pytest.mark.parametrize(
    ("script", "value"),
    [
        ('{"a": [1, 2,], }', {"a": [1, 2]}),
        ('{"a": "one\ntwo"}', {"a": "one\ntwo"}),
        (r'{"a": "it\'s"}', {"a": "it's"}),
        ('{"a": NaN}', {"a": None}),
        ("{&quot;a&quot;: 1}", {"a": 1}),
        (r'{"a": "x, }", "b": [],}', {"a": "x, }", "b": []}),
    ],
)
def test_sure_repairs(script: str, value: object) -> None:
    assert parse_script(script) == [value]


@pytest.mark.parametrize(
    "script",
    [
        "",
        "{",
        "not json",
        "[" * 100_000,
        '{"a": ' * 100_000,
        '{"a": ' + "9" * 5000 + "}",
        '{"a": "b" "c"}',
    ],
)
def test_what_cannot_be_repaired_is_nothing(script: str) -> None:
    assert parse_script(script) == []
    assert read(script) is None


def test_a_script_beyond_the_bound_is_not_read() -> None:
    assert parse_script('{"a": "' + "x" * 2_000_001 + '"}') == []


@pytest.mark.parametrize(
    "other",
    [
        {**NODE, "headline": "Frogs leave the mill pond", "url": "https://press.example/frogs"},
        {"@type": "VideoObject", "headline": "A film of a pond", "datePublished": "2020-01-01"},
        {"@type": "ItemList", "itemListElement": [{**NODE, "headline": "Newts"}]},
    ],
)
def test_another_article_is_passed_over(other: dict[str, Any]) -> None:
    assert found(other, NODE).headline == TITLE
    assert found(NODE, other).headline == TITLE


def test_an_article_described_twice_is_filled_from_both() -> None:
    bare = {"@type": "Article", "headline": TITLE, "url": URL}
    article = found(bare, {**NODE, "dateModified": "2026-03-02"})
    assert article.authors == (JsonLdAuthor("Ada Quill"),)
    assert article.modified == "2026-03-02"


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("Ada Quill", (JsonLdAuthor("Ada Quill"),)),
        (
            ["Ada Quill", {"name": ["Bo Reed", "Cy Fen"]}],
            tuple(map(JsonLdAuthor, ("Ada Quill", "Bo Reed", "Cy Fen"))),
        ),
        ({"@id": "#ada"}, (JsonLdAuthor("Ada Quill", email="ada@press.example", role="Editor"),)),
        ({"@type": "Organization", "name": "Wire"}, (JsonLdAuthor("Wire", is_organisation=True),)),
        ([[{"name": "Ada Quill"}]], (JsonLdAuthor("Ada Quill"),)),
        (7.5, ()),
        (None, ()),
        ({"name": None}, ()),
    ],
)
def test_authors_of_any_shape(author: Any, expected: tuple[JsonLdAuthor, ...]) -> None:
    person = {
        "@type": "Person",
        "@id": "#ada",
        "name": "Ada Quill",
        "email": "mailto:ADA@press.example",
        "jobTitle": "Editor",
    }
    assert found([{**NODE, "author": author}, person]).authors == expected


@pytest.mark.parametrize("kind", ["Person", "WebSite", "BreadcrumbList", 3, None])
def test_a_page_without_an_article(kind: object) -> None:
    assert read(json.dumps({"@type": kind, "headline": TITLE})) is None


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "@type",
                    "@id",
                    "@graph",
                    "author",
                    "name",
                    "headline",
                    "image",
                    "url",
                    "mainEntity",
                    "keywords",
                    "publisher",
                    "datePublished",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=30,
)


@given(json_values)
def test_any_json_is_read_without_an_error(value: Any) -> None:
    read(json.dumps({"@type": "NewsArticle", "headline": "x", "author": value, "image": value}))
    read(
        json.dumps(value), json.dumps([{"@type": "Article", "headline": value, "keywords": value}])
    )


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    parse_script(text)
    read(text)
