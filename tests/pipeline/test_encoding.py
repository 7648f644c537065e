"""Bytes to text: WHATWG order, Korean labels as browsers read them, hostile labels refused, never an error."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.encoding import codec_for, decode

KOREAN = "똠방각하가 펲시콜라를 샀다"  # 똠 and 펲 are in CP949 and not in EUC-KR proper
CP949 = KOREAN.encode("cp949")


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("utf-8", "utf-8"), ("UTF8", "utf-8"), (" utf-8 ", "utf-8"),
        ("euc-kr", "cp949"), ("EUC-KR", "cp949"), ("euckr", "cp949"), ("ks_c_5601-1987", "cp949"),
        ("ks_c_5601-1989", "cp949"), ("ksc5601", "cp949"), ("ksc_5601", "cp949"), ("korean", "cp949"),
        ("iso-ir-149", "cp949"), ("windows-949", "cp949"), ("ms949", "cp949"), ("cp949", "cp949"),
        ("uhc", "cp949"), ("x-windows-949", "cp949"),
        ("iso-8859-1", "windows-1252"), ("shift_jis", "cp932"), ("gb2312", "gb18030"),
        ("zlib_codec", None), ("zip", None), ("idna", None), ("punycode", None), ("rot13", None),
        ("unicode_escape", None), ("raw_unicode_escape", None), ("utf-7", None), ("undefined", None),
        ("x-user-defined", None), ("iso-2022-kr", None), ("hz-gb-2312", None), ("replacement", None),
        ("utf-16", None), ("", None), (None, None), ("../../etc", None), ("utf-8\x00", None),
    ],
)  # fmt: skip
def test_label(label: str | None, codec: str | None) -> None:
    assert codec_for(label) == codec


def test_every_codec_exists() -> None:
    from webencodings import LABELS

    for label in LABELS:
        codec = codec_for(label)
        assert codec is None or codecs.lookup(codec)


@pytest.mark.parametrize(
    "label",
    ["euc-kr", '"EUC-KR"', "'euc-kr'", "ks_c_5601-1987", "ms949", "uhc", "cp949; x=y"],
)
def test_cp949_by_header(label: str) -> None:
    assert decode(CP949, f"text/html; charset={label}") == (KOREAN, "cp949", ())


@pytest.mark.parametrize(
    "markup",
    [
        '<meta charset="euc-kr">',
        "<META CHARSET=EUC-KR>",
        "<meta charset='ks_c_5601-1987' />",
        '<meta http-equiv="Content-Type" content="text/html; charset=euc-kr">',
        '<meta content="text/html;charset = euc-kr" http-equiv=content-type>',
        '<!-- <meta charset="utf-8"> --><meta charset="euc-kr">',
        f'<!--{"x" * 3000}--><meta charset="euc-kr">',
        '<meta name="description" content="charset=utf-8"><meta charset="euc-kr">',
        '<script charset="utf-8"></script><meta charset="euc-kr">',
        '<meta charset="no-such-thing">',
        "",
    ],
)
def test_cp949_by_meta_or_by_its_bytes(markup: str) -> None:
    found = decode(markup.encode() + CP949, "text/html")
    assert found == (markup + KOREAN, "cp949", ())


def test_header_wins_over_meta() -> None:
    body = b'<meta charset="euc-kr">caf\xe9 au lait \xff\xfe!'
    found = decode(body, "text/html; charset=windows-1252")
    assert found.encoding == "windows-1252"
    assert "café au lait" in found.text


def test_unknown_header_label_leaves_it_to_meta() -> None:
    body = b'<meta charset="euc-kr">' + CP949
    assert decode(body, "text/html; charset=zlib_codec").text.endswith(KOREAN)


@pytest.mark.parametrize(
    ("body", "content_type", "codec", "note"),
    [
        pytest.param(
            KOREAN.encode(), "text/html; charset=euc-kr", "utf-8", "declared cp949, is utf-8",
            id="says euc-kr, is utf-8",
        ),
        pytest.param(
            CP949, "text/html; charset=utf-8", "cp949", "declared utf-8, is cp949",
            id="says utf-8, is cp949",
        ),
        pytest.param(
            CP949, "text/html; charset=ISO-8859-1", "cp949", "declared windows-1252, is cp949",
            id="the default of a server",
        ),
        pytest.param(
            b'<meta charset="utf-16">' + CP949, None, "cp949", "declared utf-8, is cp949",
            id="utf-16 in a meta tag is utf-8",
        ),
    ],
)  # fmt: skip
def test_what_the_bytes_contradict_is_overruled_and_noted(
    body: bytes, content_type: str | None, codec: str, note: str
) -> None:
    found = decode(body, content_type)
    assert found.text.endswith(KOREAN)
    assert (found.encoding, found.warnings) == (codec, (note,))


@pytest.mark.parametrize(
    ("codec", "mark"),
    [
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
    ],
)
def test_bom_wins_over_everything(codec: str, mark: bytes) -> None:
    body = mark + ('<meta charset="euc-kr">' + KOREAN).encode(codec)
    found = decode(body, "text/html; charset=euc-kr")
    assert (found.encoding, found.text[-len(KOREAN) :]) == (codec, KOREAN)


@pytest.mark.parametrize(
    ("label", "codec"),
    [("utf-16", "utf-16-le"), ("utf-16le", "utf-16-le"), ("utf-16be", "utf-16-be")],
)
def test_utf_16_without_a_bom_by_header(label: str, codec: str) -> None:
    body = f"<p>{KOREAN}</p>".encode(codec)
    assert decode(body, f"text/html; charset={label}") == (f"<p>{KOREAN}</p>", codec, ())
    assert decode(KOREAN.encode(), f"text/html; charset={label}").text == KOREAN


@pytest.mark.parametrize(
    ("body", "content_type", "codec"),
    [
        pytest.param(CP949 + b"\xff", None, "cp949", id="cp949, nothing declared"),
        pytest.param(CP949 + b"\xff", "text/html; charset=utf-8", "cp949", id="cp949 as utf-8"),
        pytest.param(KOREAN.encode()[:-1], "text/html; charset=utf-8", "utf-8", id="cut utf-8"),
        pytest.param(KOREAN.encode() + b"\xff", "a; charset=euc-kr", "utf-8", id="utf-8 as euc-kr"),
        pytest.param(CP949 + b"\xff", "a; charset=euc-kr", "cp949", id="cp949 as declared"),
    ],
)
def test_one_bad_byte_spoils_one_character(
    body: bytes, content_type: str | None, codec: str
) -> None:
    found = decode(body, content_type)
    assert found.encoding == codec
    assert found.text.startswith(KOREAN[:-1])
    assert found.text.count("\ufffd") == 1
    assert found.warnings[-1] == f"1 characters could not be decoded as {codec}"


def test_latin_text_stays_latin() -> None:
    assert decode("déjà vu à l’été".encode("cp1252"), "a; charset=iso-8859-1").text == (
        "déjà vu à l’été"
    )


@given(
    body=st.one_of(
        st.binary(max_size=200),
        st.tuples(
            st.sampled_from([b"\xff\xfe", b"\xfe\xff", b"<!--", b"<meta charset=", b"\x1b$)C"]),
            st.binary(max_size=60),
        ).map(b"".join),
    ),
    content_type=st.one_of(
        st.none(),
        st.text(max_size=30),
        st.sampled_from(["euc-kr", "utf-16", "idna", "utf-7", "iso-2022-jp", "hz", "big5"]).map(
            "text/html; charset={}".format
        ),
    ),
)
@settings(deadline=None, max_examples=150)
def test_never_raises(body: bytes, content_type: str | None) -> None:
    found = decode(body, content_type)
    assert codecs.lookup(found.encoding)
    found.text.encode("utf-8")  # no lone surrogates
