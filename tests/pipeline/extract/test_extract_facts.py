from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.facts import Facts, read_facts
from pipeline.extract.moments import read_moment
from pipeline.extract.people import names_of_data, read_people
from pipeline.extract.zones import zone_named, zone_of
from pipeline.records import Author, Page
from pipeline.select import parse

NOW = datetime(2026, 11, 1, tzinfo=UTC)
URL = "https://www.mill-courier.example/rivers/otters.html"
TITLE = "Otters return to the mill pond after forty years"


def facts(head: str = "", body: str = "", *, url: str = URL, lang: str = "en") -> Facts:
    html = f'<html lang="{lang}"><head>{head}</head><body>{body}</body></html>'
    return read_facts(parse(html), Page(url, html, NOW))


def meta(**values: str) -> str:
    named = {name.replace("__", ":"): value for name, value in values.items()}
    return "".join(f"<meta property='{name}' content='{value}'>" for name, value in named.items())


def data(**fields: Any) -> str:
    node = {"@type": "NewsArticle", "headline": TITLE, **fields}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def names(found: Facts) -> list[str]:
    return [author.name for author in found.authors]


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (meta(og__title=TITLE), ""),
        (meta(og__title=f"{TITLE} | Mill Courier", og__site_name="Mill Courier"), ""),
        (meta(og__title=f"{TITLE} - MILL-COURIER"), ""),
        (meta(og__title=f"{TITLE}-Rivers|Courier", headline=TITLE), ""),
        (meta(og__title=f"Mill Courier: {TITLE}", og__site_name="Mill Courier"), ""),
        (f"<title>{TITLE} - Mill Courier</title>", f"<h1>Mill Courier</h1><h1>{TITLE}</h1>"),
        (data(headline=f"{TITLE} | Mill Courier", publisher={"name": "Mill Courier"}), ""),
        ("", f"<h1>{TITLE}</h1>"),
        (meta(og__title=f"River life: {TITLE}") + data(), f"<h1>{TITLE}</h1>"),
        (
            meta(og__title=TITLE) + data(headline=f"River life: {TITLE}"),
            f"<h1>River life: {TITLE}</h1>",
        ),
        (meta(og__title="Otters return to the mill pond…"), f"<h1>{TITLE}</h1>"),
        (meta(og__title="Quiz of the week"), f"<title>{TITLE}</title>{data()}<h1>{TITLE}</h1>"),
    ],
)
def test_the_headline_is_what_the_newsroom_wrote(head: str, body: str) -> None:
    assert facts(head, body).headline == TITLE


OTHER = "The otters of the pond: what we know"


@pytest.mark.parametrize(
    ("head", "body"),
    [
        pytest.param(
            meta(og__title=f"{OTHER} | Mill Courier", twitter__title=OTHER)
            + meta(og__site_name="Mill Courier")
            + data(),
            f"<h1>{TITLE}</h1>",
            id="signed with the site's name",
        ),
        pytest.param(
            meta(og__title=OTHER, twitter__title=OTHER, title=TITLE) + data(),
            "<h1>Pond ticker: first cub seen</h1>",
            id="the meta title and the data against it",
        ),
        pytest.param(
            meta(og__title=OTHER, twitter__title=TITLE) + data(),
            f"<h1>{TITLE}</h1>",
            id="no other field repeats it",
        ),
        pytest.param(
            meta(og__title=OTHER, twitter__title=OTHER) + f"<title>{OTHER}</title>" + data(),
            f"<ol><li>Rivers</li><li><h1>{OTHER}</h1></li></ol><div><h2>{TITLE}</h2></div>",
            id="one title for all machines, down to the breadcrumb",
        ),
    ],
)
def test_a_title_for_sharing_that_nobody_wrote_for_readers_yields(head: str, body: str) -> None:
    assert facts(head, body).headline == TITLE


@pytest.mark.parametrize(
    ("head", "body"),
    [
        pytest.param(
            meta(og__title=TITLE, twitter__title=TITLE) + data(headline=OTHER),
            f"<h1>{OTHER}</h1>",
            id="another field repeats it",
        ),
        pytest.param(
            meta(og__title=TITLE, title=OTHER) + data(headline=OTHER),
            f"<h1>{TITLE}</h1>",
            id="the heading repeats it",
        ),
        pytest.param(
            meta(og__title=TITLE, twitter__title=OTHER) + data(headline=OTHER),
            f"<nav><h1>{OTHER}</h1></nav><h2><span>River life</span> {TITLE}</h2>",
            id="the heading under the breadcrumb repeats it behind a kicker",
        ),
        pytest.param(
            meta(og__title=TITLE) + f"<title>{TITLE}</title>" + data(headline=f"Rivers: {OTHER}"),
            f"<div class='crumbs'><h1>{TITLE}</h1></div><h2><b>Rivers</b> : {OTHER}</h2>",
            id="the data have a kicker that the heading prints apart",
        ),
    ],
)
def test_a_title_for_sharing_that_the_page_repeats_stands(head: str, body: str) -> None:
    assert facts(head, body).headline == TITLE


def test_a_title_in_a_breadcrumb_is_no_heading_to_warn_of() -> None:
    head = meta(og__title=TITLE) + data()
    assert not facts(head, f"<nav><ol><li><h1>{TITLE}: the facts</h1></li></ol></nav>").warnings
    assert facts(head, f"<article><h1>{TITLE}: the facts</h1></article>").warnings


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        pytest.param(
            meta(og__title=f"{TITLE} - Pond notes") + data(headline=f"{TITLE} - Pond notes"),
            f"<h1>{TITLE}</h1>",
            f"{TITLE} - Pond notes",
            id="words behind a dash that the data have too",
        ),
        pytest.param(
            meta(
                og__title="The Mill Courier view on ponds: a good year",
                og__site_name="Mill Courier",
            ),
            "",
            "The Mill Courier view on ponds: a good year",
            id="the site's name within the words of the headline",
        ),
        pytest.param(
            meta(og__title=f"Pond life - {TITLE}", publisher=f"Pond life - {TITLE}"),
            "",
            f"Pond life - {TITLE}",
            id="a headline in the field for the publisher",
        ),
    ],
)
def test_what_is_no_name_of_the_site_stays(head: str, body: str, expected: str) -> None:
    assert facts(head, body).headline == expected


def test_quotes_that_one_witness_lost_are_kept() -> None:
    quoted = '"Otters are back", says the miller of the pond'
    found = facts(
        data(headline=quoted.replace('"', "")) + meta(og__title=quoted), f"<h1>{quoted}</h1>"
    )
    assert found.headline == quoted


def test_a_title_cut_at_a_quote_yields_to_the_heading() -> None:
    whole = 'The miller calls it "a small wonder"'
    head = '<meta property="og:title" content="The miller calls it "a small wonder"">'
    assert facts(head, f"<h1>{whole}</h1>").headline == whole


def test_korean_labels_are_split_off_and_a_dissenting_heading_is_noted() -> None:
    found = facts(meta(og__title="[단독] 수달, 물레방아 연못에 돌아와"), lang="ko")
    assert (found.headline, found.labels) == ("수달, 물레방아 연못에 돌아와", ("단독",))
    found = facts(
        meta(og__title=TITLE) + f"<title>{TITLE}</title>", "<h1>Otters return to the pond</h1>"
    )
    assert any("heading" in warning for warning in found.warnings)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("By Ada Quill", ["Ada Quill"]),
        ("By Ada Quill and Bo Reed, Political Editor", ["Ada Quill", "Bo Reed"]),
        ("By Ada Quill in Millford", ["Ada Quill"]),
        ("Ada Quill, Senior Correspondent | 3 March 2026", ["Ada Quill"]),
        ("Von Ada Quill und Bo Reed", ["Ada Quill", "Bo Reed"]),
        ("Ein Kommentar von Ada Quill", ["Ada Quill"]),
        ("Par Ada Quill", ["Ada Quill"]),
        ("Di Ada Quill", ["Ada Quill"]),
        ("Por Ada de la Quill", ["Ada de la Quill"]),
        ("Door: Ada van der Quill", ["Ada van der Quill"]),
        ("Автор: Ада Перова", ["Ада Перова"]),
        ("文／水川花子", ["水川花子"]),
        ("記者水川花子／台北報導", ["水川花子"]),
        ("取材・文　水川花子", ["水川花子"]),
        ("강나루 기자 naru@press.example", ["강나루"]),
        ("By Mill Courier", []),
        ("Updated 3 minutes ago", []),
        ("Read more", []),
        ("", []),
    ],
)
def test_bylines_of_many_languages(printed: str, expected: list[str]) -> None:
    assert [a.name for a in read_people(printed, sites=("Mill Courier",))] == expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("Ada Quill", ["Ada Quill"]),
        ("By Ada Quill and Bo Reed", ["Ada Quill", "Bo Reed"]),
        ("Ada Quill (aq)", ["Ada Quill"]),
        ("Ada Quill, Political Editor", ["Ada Quill"]),
        ("https://press.example/authors/quill", []),
        ("@quill", []),
        ("Mill Courier and Wire", ["Mill Courier and Wire"]),
    ],
)
def test_names_in_data(stated: str, expected: list[str]) -> None:
    assert names_of_data(stated, ["Mill Courier"]) == expected


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (data(author={"@type": "Person", "name": "Ada Quill"}), "", ["Ada Quill"]),
        (data(author=[{"name": "Ada Quill"}, {"name": "Mill Courier"}]), "", ["Ada Quill"]),
        (
            data(author={"@type": "Organization", "name": "Mill Courier"}),
            "<p class=byline>By Ada Quill</p>",
            ["Ada Quill"],
        ),
        (data(author={"@type": "Organization", "name": "Wire"}), "", ["Wire"]),
        (meta(author="Ada Quill"), "", ["Ada Quill"]),
        (
            meta(article__author="https://social.example/courier"),
            "<a rel=author>Ada Quill</a>",
            ["Ada Quill"],
        ),
        ("", "<span itemprop=author><span itemprop=name>Ada Quill</span></span>", ["Ada Quill"]),
        ("", f"<h1>{TITLE}</h1><p>by Ada Quill</p>", ["Ada Quill"]),
        (
            "",
            f"<h1>{TITLE}</h1><div>By:</div><div>Ada Quill,</div><div>Bo Reed</div><p>1 March</p>",
            ["Ada Quill", "Bo Reed"],
        ),
        ("", f"<h1>{TITLE}</h1><div>Ada Quill</div><div>1 March 2026</div>", ["Ada Quill"]),
        (
            data(author={"name": "Ada Quill"}),
            f"<h1>{TITLE}</h1><a rel=author>Ada Quill</a> <a rel=author>Bo Reed</a>",
            ["Ada Quill", "Bo Reed"],
        ),
        ("", "<div class=teaser-author>Bo Reed</div>", []),
    ],
)
def test_authors_by_any_witness(head: str, body: str, expected: list[str]) -> None:
    if TITLE in body:
        head += f"<title>{TITLE}</title>"
    assert names(facts(head, body)) == expected


@pytest.mark.parametrize(
    "body",
    [
        "<p>강나루 기자 naru@press.example</p>",
        '<p>강나루 기자 <a href="mailto:NARU@press.example">naru@press.example</a></p>',
        "<p>칼럼니스트 강나루 naru@press.example</p>",
        "<p>한빛방송 강나루입니다. (naru@press.example)</p><footer>이메일 desk@press.example</footer>",
        r'<script>x("\u003cb\u003e강나루\u003c/b\u003e 기자 \u003ci\u003e naru@press.example")</script>',
    ],
)
def test_korean_reporters_are_found_beside_their_address(body: str) -> None:
    found = facts(body=body, lang="ko").authors
    assert [(a.name, a.email) for a in found] == [("강나루", "naru@press.example")]


def test_an_address_joins_the_author_that_is_known_and_no_other() -> None:
    body = "<p>사진=나루터 기자 photo@press.example</p><p>강나루 기자 naru@press.example</p>"
    found = facts(data(author={"name": "강나루", "jobTitle": "기자"}), body, lang="ko")
    assert found.authors == (Author("강나루", "naru@press.example", "기자"),)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("2026-03-01T08:00:00.250+01:00", "2026-03-01T08:00:00.250000+01:00"),
        ("2026-03-01T07:00:00.0000000Z", "2026-03-01T07:00:00+00:00"),
        ("2026-03-01T08:00+0100", "2026-03-01T08:00:00+01:00"),
        ("2026-03-01 08:00:00.0", "2026-03-01T08:00:00+01:00"),
        ("20260301T080000", "2026-03-01T08:00:00+01:00"),
        ("1772348400", "2026-03-01T07:00:00+00:00"),
        ("1772348400000", "2026-03-01T07:00:00+00:00"),
        ("Sun, 01 Mar 2026 07:00:00 GMT", "2026-03-01T07:00:00+00:00"),
        ("Sun Mar 01 2026 07:00:00 GMT+0000 (UTC)", "2026-03-01T07:00:00+00:00"),
        ("1. März 2026, 8.00 Uhr", "2026-03-01T08:00:00+01:00"),
        ("Publié le 1er mars 2026 à 08h00", "2026-03-01T08:00:00+01:00"),
        ("1 de marzo de 2026 08:00", "2026-03-01T08:00:00+01:00"),
        ("March 1, 2026 8:00 p.m.", "2026-03-01T20:00:00+01:00"),
        ("1 марта 2026, 08:00", "2026-03-01T08:00:00+01:00"),
        ("2026年3月1日 8時00分", "2026-03-01T08:00:00+01:00"),
        ("2026. 3. 1. 오후 8:00", "2026-03-01T20:00:00+01:00"),
        ("01/03/2026 08:00", "2026-03-01T08:00:00+01:00"),
        ("08:00, 01.03.2026", "2026-03-01T08:00:00+01:00"),
        ("01.03.2026 - Updated : 02.03.2026", "2026-03-01T00:00:00+01:00"),
        ("2027-01-01T00:00:00Z", None),
        ("2026-02-30", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_moments(said: str | None, expected: str | None) -> None:
    zone = zone_of("https://press.de/", None)
    found = read_moment(said, zone=zone, now=NOW)
    assert (found and found.at) == (expected and datetime.fromisoformat(expected))
    assert found is None or found.at.tzinfo is not None


def test_only_some_print_the_month_first() -> None:
    zone = zone_of("https://press.us/", None)
    found = read_moment("4/5/2026", zone=zone, now=NOW, month_first=True)
    assert found is not None
    assert (found.at.month, found.at.day) == (4, 5)


@pytest.mark.parametrize(
    ("url", "locale", "zone"),
    [
        ("https://press.co.kr/1", None, "Asia/Seoul"),
        ("https://press.at/1", "de", "Europe/Vienna"),
        ("https://press.example/1", "ko", "Asia/Seoul"),
        ("https://press.example/1", "en-GB", "Europe/London"),
        ("https://press.example/1", "en", "UTC"),
        ("https://press.co/1", None, "America/Bogota"),
        ("https://press.co/1", "ko", "Asia/Seoul"),
        ("//[", None, "UTC"),
    ],
)
def test_zones(url: str, locale: str | None, zone: str) -> None:
    assert str(zone_of(url, locale)) == zone


def test_words_for_zones() -> None:
    assert zone_named("nowhere") is None
    assert zone_named("+99:00") is None


def test_one_clock_with_two_offsets_is_settled_by_what_the_page_shows() -> None:
    head = meta(
        og__title=TITLE,
        article__published_time="2026-03-01T04:24:13+09:00",
        dd__published_time="2026-03-01T04:24:13Z",
        dd__modified_time="2026-03-01T05:00:00+09:00",
    )
    found = facts(head, f"<h1>{TITLE}</h1><p>송고시간 2026-03-01 13:24:13</p>", lang="ko")
    assert found.published_at == datetime(2026, 3, 1, 4, 24, 13, tzinfo=UTC)
    assert found.modified_at == datetime(2026, 3, 1, 5, tzinfo=UTC)
    assert any("published" in warning for warning in found.warnings)


@pytest.mark.parametrize(
    ("head", "body", "url", "expected", "source"),
    [
        (
            data(datePublished="2026-03-01T08:00:00Z"),
            "",
            URL,
            "2026-03-01T08:00:00+00:00",
            "json-ld",
        ),
        (
            data(datePublished="2026-03-01") + meta(date="2026-03-01T08:00:00Z"),
            "",
            URL,
            "2026-03-01T08:00:00+00:00",
            "meta",
        ),
        (data(datePublished="2026-03-01"), "", URL, "2026-03-01T00:00:00+00:00", "json-ld"),
        (
            "",
            "<time datetime='2026-03-01T08:00:00Z'>today</time>",
            URL,
            "2026-03-01T08:00:00+00:00",
            "text",
        ),
        (
            "",
            "<meta itemprop=datePublished content='2026-03-01T08:00:00Z'>",
            URL,
            "2026-03-01T08:00:00+00:00",
            "meta",
        ),
        ("", "<p class=date>1 March 2026, 08:00 GMT</p>", URL, "2026-03-01T08:00:00+00:00", "text"),
        ("", "", "https://a.example/2026/03/01/otters", "2026-03-01T00:00:00+00:00", "url"),
        (
            "",
            '<script>{"publishedAt":"2026-03-01 08:00"}</script>',
            URL,
            "2026-03-01T08:00:00+00:00",
            "text",
        ),
        (meta(date="2031-03-01T08:00:00Z"), "", URL, None, None),
        ("", "", URL, None, None),
    ],
)
def test_published_by_any_witness(
    head: str, body: str, url: str, expected: str | None, source: str | None
) -> None:
    found = facts(head, body, url=url)
    assert found.published_at == (expected and datetime.fromisoformat(expected))
    assert found.published_at_source == source


def test_modified_before_published_is_dropped_and_noted() -> None:
    found = facts(data(datePublished="2026-03-01T08:00:00Z", dateModified="2026-02-01T08:00:00Z"))
    assert found.modified_at is None
    assert any("modified" in warning for warning in found.warnings)


def test_visible_korean_labels_tell_published_from_modified() -> None:
    body = "<h1>수달, 물레방아 연못에 돌아와</h1><p>수정 2026.03.01 09:10 입력 2026.03.01 08:00</p>"
    found = facts("<title>수달, 물레방아 연못에 돌아와</title>", body, lang="ko")
    assert str(found.published_at) == "2026-03-01 08:00:00+09:00"
    assert str(found.modified_at) == "2026-03-01 09:10:00+09:00"


def test_the_rest_of_the_facts() -> None:
    head = (
        meta(
            og__site_name="Mill Courier",
            article__section="Rivers",
            article__tag="otter",
            og__description="They swim.",
            og__image="/a.jpg",
        )
        + f'<title>{TITLE}</title><link rel=canonical href="/rivers/otters?utm_source=x">'
        + data(keywords="pond", articleBody="They swam.")
    )
    found = facts(head, f"<h1>{TITLE}</h1><h2 class=subtitle>A holt<br>and two pups</h2>")
    assert found.publisher == "Mill Courier"
    assert (found.section, found.keywords, found.language) == ("Rivers", ("otter",), "en")
    assert found.summary is not None
    assert (found.summary.text, found.summary.by) == ("They swim.", "publisher")
    assert found.subheadline == "A holt\nand two pups"
    assert found.canonical_url == "https://www.mill-courier.example/rivers/otters"
    assert found.article_body == "They swam."
    assert [image.url for image in found.images] == ["https://www.mill-courier.example/a.jpg"]


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        ("", "<p>저작권자 ⓒ 물레방아신문(www.mill.example), 무단전재 금지</p>", "물레방아신문"),
        (
            "<title>수달이 돌아왔다 - 물레방아닷컴 - 사회</title><meta name=title content='수달이 돌아왔다'>",
            "",
            "물레방아닷컴",
        ),
        ("", "", None),
    ],
)
def test_publishers_that_no_tag_names(head: str, body: str, expected: str | None) -> None:
    assert facts(head, body).publisher == expected


def test_nothing_is_guessed() -> None:
    found = facts()
    assert found.headline == ""
    assert found.authors == ()
    assert found.published_at is None
    assert found.canonical_url == URL


pieces = st.sampled_from(
    [
        "<h1>",
        "</h1>",
        "<time datetime='",
        "2026-13-45T99:99:99+99:99",
        "'>",
        "<p class=byline>",
        "By ",
        "기자",
        "@",
        "a@b.kr",
        "<script type='application/ld+json'>",
        "{",
        '"author":',
        "[",
        "<meta property=og:title content='",
        "<",
        "&shy;",
        "|",
        "外",
        "\x00",
        "Von: ",
        "<a rel=author>",
        "<h2 class=sub>",
        "1.2.2026",
        "99999999999",
        "입력 ",
    ]
)


@given(
    st.lists(pieces | st.text(max_size=8), max_size=40),
    st.sampled_from([URL, "", "//[", "https://x/2026/99/99/"]),
)
def test_any_page_is_read_without_an_error(parts: list[str], url: str) -> None:
    html = "".join(parts)
    for at in (NOW, datetime(1, 1, 2, tzinfo=UTC)):
        found = read_facts(parse(html), Page(url, html, at))
        assert found.published_at is None or found.published_at.tzinfo is not None


@given(st.text(max_size=120))
def test_any_text_is_read_as_time_or_byline(text: str) -> None:
    read_moment(text, zone=UTC, now=NOW)
    read_people(text)
    names_of_data(text)
