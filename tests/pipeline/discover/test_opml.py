"""Lists of feeds: folders, broken files, bombs, ten thousand lines; and what is written can be read."""

from __future__ import annotations

import time
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.discover.opml import Outline, read_opml, write_opml
from pipeline.encoding import decode
from pipeline.errors import BadAnswer

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><opml version="1.0"><head><title>x</title></head><body>'
)


def feeds(body: str) -> list[Outline]:
    return read_opml(f"{HEAD}{body}</body></opml>", "list.opml")


def test_feeds_come_out_of_nested_folders_in_order() -> None:
    body = """<outline text="신문"><outline text="중앙"><outline type="rss" text="한빛일보" title="한빛 정치"
 xmlUrl="https://hanbit.example/rss?a=1&amp;b=2" htmlUrl="https://hanbit.example/"/></outline></outline>
<outline text="빈 폴더"/>
<!-- <outline text="a" xmlUrl="https://no.example/"/> -->
<outline type="link" text="쪽" url="https://a.example/"/>
<outline text="누리빛" xmlUrl='https://nuribit.example/"x".xml'></outline>"""
    assert feeds(body) == [
        Outline("한빛 정치", "https://hanbit.example/rss?a=1&b=2", "https://hanbit.example/"),
        Outline("누리빛", 'https://nuribit.example/"x".xml'),
    ]


@pytest.mark.parametrize(
    "outline",
    [
        '<OUTLINE XMLURL="https://a.example/rss" TEXT="가 &amp; 나"/>',
        "<outline\n\ttext = '가 & 나'\n\txmlurl = 'https://a.example/rss'>",  # a bare ampersand, not closed
        '<outline text="가 & 나" xmlUrl=" https://a.example/rss " xmlUrl="https://second.example/"/>',
        '<outline text="<b>" title="가 &#38; 나" xmlUrl="feed:https://a.example/rss"/>',
    ],
)
def test_what_writers_get_wrong_is_read(outline: str) -> None:
    assert feeds(outline) == [Outline("가 & 나", "https://a.example/rss")]


def test_schemes_of_readers_become_http() -> None:
    (found,) = feeds('<outline text="a" xmlUrl="feed://a.example/rss"/>')
    assert found.feed == "http://a.example/rss"


def test_cp949_is_read_by_our_own_rules() -> None:
    text = '<?xml version="1.0" encoding="euc-kr"?><opml><body><outline text="뷁뉴스" xmlUrl="https://a.example/"/></body></opml>'
    assert read_opml(decode(text.encode("cp949")).text, "x")[0].title == "뷁뉴스"


def test_entity_bombs_are_refused() -> None:
    bomb = '<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">'
    text = f'<?xml version="1.0"?><!DOCTYPE opml [{bomb}]><opml><body><outline xmlUrl="&lol2;"/></body></opml>'
    with pytest.raises(BadAnswer, match="entities"):
        read_opml(text, "bomb.opml")


@pytest.mark.parametrize("text", ["", "<html><body>opml</body></html>", "<rss/>", "\x00\x01"])
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(BadAnswer, match=r"no OPML.*file\.opml"):
        read_opml(text, "file.opml")


def test_10_000_outlines_are_read_at_once_and_too_many_are_refused() -> None:
    lines = "".join(f'<outline text="{n}" xmlUrl="https://a.example/{n}"/>' for n in range(10_000))
    began = time.process_time()
    assert len(feeds(lines)) == 10_000
    assert time.process_time() - began < 2
    with pytest.raises(BadAnswer, match="50,000"):
        feeds("<outline>" * 50_001)


def test_hostile_attributes_cost_no_more_than_their_length() -> None:
    began = time.process_time()
    assert feeds('<outline text="' * 20_000) == []
    assert feeds("<outline " + "a='' " * 100_000) == []
    assert time.process_time() - began < 3


def test_written_lists_are_xml_that_a_parser_reads() -> None:
    text = write_opml(
        'gisa "<&>"',
        [
            Outline("한빛 \x00\x1b[31m\n<&\"'>", "https://hanbit.example/뉴스?a=1&b='2'"),
            Outline("목록", page="https://a.example/<x>", is_comment=True),
        ],
    )
    assert text.isascii()
    root = ET.fromstring(text)
    assert root.attrib == {"version": "2.0"}
    assert root.findtext("head/title") == 'gisa "<&>"'
    feed, link = root.findall("body/outline")
    assert feed.attrib == {
        "type": "rss", "text": "한빛 [31m <&\"'>", "title": "한빛 [31m <&\"'>",
        "xmlUrl": "https://hanbit.example/뉴스?a=1&b='2'",
    }  # fmt: skip
    assert link.attrib == {
        "type": "link", "text": "목록", "url": "https://a.example/<x>", "isComment": "true",
    }  # fmt: skip


TITLES = st.text(max_size=40).map(lambda said: " ".join(said.split()))
PATHS = st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=40)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(TITLES, PATHS), max_size=5))
def test_what_is_written_is_read_again(lines: list[tuple[str, str]]) -> None:
    outlines = [Outline(title, f"https://a.example/{path}") for title, path in lines]
    read = read_opml(write_opml("x", outlines), "x")
    assert [it.feed for it in read] == [it.feed for it in outlines]
