"""Hostile cases of encodings of text: labels that are wrong, missing, at odds or meant to do harm."""

import codecs
from typing import Final

from jobs.sample_portal.hostile_case import TEXT, Act, Case, answer, good, refused, sends

_CP949: Final = TEXT.encode("cp949")
_UTF_8: Final = TEXT.encode()
_WORDS: Final = "한빛시는 27일 강변 도서관의 문을 새로 열었다."
"""The part of the text that is in EUC-KR proper."""

_ABUSIVE: Final = (
    "zlib_codec", "bz2_codec", "idna", "punycode", "utf-7", "unicode_escape", "raw_unicode_escape", "rot13",
    "hex", "base64", "uu", "undefined", "mbcs", "oem", "string-escape", "utf-32", "iso-2022-kr", "replacement",
    "x-user-defined", "..%2F..%2Fetc", "기사", "u" * 10_000, "utf-8;charset=zlib_codec", "utf-8\x00", "'\"",
)  # fmt: skip
_KOREAN: Final = (
    "euc-kr", "EUC-KR", '"euc-kr"', "'euc-kr'", "euckr", "ks_c_5601-1987", "ks_c_5601-1989", "ksc5601",
    "csksc56011987", "korean", "iso-ir-149", "windows-949", "ms949", "cp949", "uhc", "x-windows-949",
)  # fmt: skip


def _called(charset: str, body: bytes) -> Act:
    return sends(answer(b"<p>" + body, f"Content-Type: text/html; charset={charset}"))


def _bare(body: bytes) -> Act:
    return sends(answer(body, "Content-Type: text/html"))


def _meta(charset: str, body: bytes, before: str = "") -> Act:
    return _bare(f'{before}<meta charset="{charset}"><p>'.encode() + body)


_META_HTTP: Final = b'<META content="text/html; charset=ks_c_5601-1987" http-equiv=Content-Type><p>'
_DECLARED: Final = (
    *(good(f"cp949-called-{n}", _called(label, _CP949)) for n, label in enumerate(_KOREAN)),
    good("meta-euc-kr", _meta("euc-kr", _CP949)),
    good("meta-http-equiv", _bare(_META_HTTP + _CP949)),
    good("meta-after-3-kb", _meta("euc-kr", _CP949, f"<!--{'-' * 3000}x-->")),
    good("meta-in-comment", _meta("euc-kr", _CP949, '<!-- <meta charset="big5"> -->')),
    good("meta-utf-16", _meta("utf-16", _UTF_8)),
    good("meta-after-blanks", _meta("euc-kr", _CP949, "<meta" + " " * 3000 + ">")),
    good("nothing-declared-utf-8", _bare(b"<p>" + _UTF_8)),
    good("nothing-declared-cp949", _bare(b"<p>" + _CP949)),
)

_AT_ODDS: Final = (
    good("header-euc-kr-is-utf-8", _called("euc-kr", _UTF_8)),
    good("header-utf-8-is-cp949", _called("utf-8", _CP949)),
    good("header-latin-1-is-cp949", _called("iso-8859-1", _CP949)),
    good("header-utf-8-meta-euc-kr", _called("utf-8", b"<meta charset=euc-kr>" + _UTF_8)),
    good("header-euc-kr-meta-utf-8", _called("euc-kr", b"<meta charset=utf-8>" + _CP949)),
    good("header-utf-8-is-cp949-as-meta", _called("utf-8", b"<meta charset=euc-kr>" + _CP949)),
    good("bom-utf-8", _bare(codecs.BOM_UTF8 + _UTF_8)),
    good("bom-utf-8-called-euc-kr", sends(
        answer(codecs.BOM_UTF8 + _UTF_8, "Content-Type: text/html; charset=euc-kr")
    )),
    good("bom-utf-16-le", _bare(codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"))),
    good("bom-utf-16-be", _bare(codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"))),
    good("utf-16-called-so", sends(
        answer(TEXT.encode("utf-16-le"), "Content-Type: text/html; charset=utf-16le")
    )),
    good("utf-8-called-utf-16", _called("utf-16", _UTF_8)),
)  # fmt: skip

_LABELS: Final = (
    *(
        good(f"label-{n}", _called(label, _UTF_8))
        for n, label in enumerate(_ABUSIVE)
        if label.isprintable()
    ),
    *(
        good(f"meta-label-{n}", _meta(label, _UTF_8))
        for n, label in enumerate(_ABUSIVE)
        if label.isascii()
    ),
    good("label-utf-7-script", _called("utf-7", b"+ADw-script+AD4- " + _UTF_8), "+ADw-script+AD4-"),
    good("label-of-blanks", _called(" " * 30_000 + "!", _UTF_8)),
    good("label-many", _called("x; charset=" * 1000 + "!", _UTF_8)),
)

_BYTES: Final = (
    good("mixed-bytes", _called("utf-8", _UTF_8 * 20 + "화".encode("cp949") + _UTF_8)),
    good("mixed-bytes-cp949", _called("euc-kr", _CP949 * 20 + "화".encode() + b" " + _CP949)),
    good("cut-utf-8", _called("utf-8", _UTF_8 + "다".encode()[:2])),
    good("cut-cp949", _called("euc-kr", _CP949 + b"\xb0")),
    good("nul-in-text", _called("utf-8", b"\x00" + _UTF_8 + b"\x00\x00")),
    good("cesu-8", _called("utf-8", _UTF_8 + b"\xed\xa0\xbd\xed\xb8\x80")),
    good("lone-surrogate", _called("utf-8", _UTF_8 + b"\xed\xa0\x80")),
    good("overlong-utf-8", _called("utf-8", _UTF_8 + b"\xc0\xbcscript\xc0\xbe")),
    good("no-characters", _called("utf-8", _UTF_8 + b"\xef\xbf\xbf\xf4\x8f\xbf\xbf")),
    good("beyond-unicode", _called("utf-8", _UTF_8 + b"\xf4\x90\x80\x80\xf8\x88\x80\x80\x80")),
    good("bidi", _called("utf-8", _UTF_8 + "\u202e\u2066\u200b\ufeff".encode())),
    good("control-characters", _called("utf-8", _UTF_8 + bytes(range(1, 9)))),
    good("cp949-private-use", _called("euc-kr", _WORDS.encode("cp949") + b"\xc9\xa1\xfe\xfe"), _WORDS),
    refused("nul-flood", _called("utf-8", b"\x00" * 4000), "not_html"),
)  # fmt: skip

LABELS: Final[tuple[Case, ...]] = (*_DECLARED, *_AT_ODDS, *_LABELS, *_BYTES)
