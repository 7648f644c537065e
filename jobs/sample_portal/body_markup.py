"""Renders the body of an article: `div.article_view > section` and its `dmcf-ptype` children."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from itertools import groupby
from urllib.parse import quote

from jobs.sample_portal.article import Piece, SampleArticle, SampleImage, Wrapping
from jobs.sample_portal.site import Site

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_THUMB = "https://img{host}.daon.example/thumb/R658x0.q70/?fname="
_BREAK = "<br/><br/>\n"


class Marks:
    """Gives the elements of one article their ids and quirks, the same at every rendering."""

    def __init__(self, article_id: str) -> None:
        self._rng = random.Random(f"marks:{article_id}")
        self._paragraphs = 0
        self._images = self._rng.randrange(3)

    def token(self) -> str:
        """Return ten letters as the portal's editor gives them to every element."""
        return "".join(self._rng.choices(_ALPHABET, k=10))

    def of(self, ptype: str) -> str:
        """Return the attributes every element of the body carries."""
        return f'dmcf-pid="{self.token()}" dmcf-ptype="{ptype}"'

    def text(self, text: str) -> str:
        """Escape a paragraph; some start with a hard blank, some set their first word in bold."""
        self._paragraphs += 1
        words = escape(text, quote=False)
        if self._paragraphs % 5 == 4:
            first, _, rest = words.partition(" ")
            words = f"<strong>{first}</strong> {rest}"
        return f"&nbsp;{words}" if self._paragraphs % 7 == 5 else words

    def hides_original(self) -> bool:
        """Every third picture tells its original address in `fname=` alone."""
        self._images += 1
        return self._images % 3 == 0


def body_section(article: SampleArticle, site: Site) -> str:
    """Return `div.article_view` with everything in it."""
    marks = Marks(article.id)
    children = "\n".join(_children(article, marks, site))
    return f"""<div class="article_view" data-tiara-action-name="본문이미지확대_클릭"
 data-tiara-layer="article_body" data-translation-body="true">
<section dmcf-sid="{marks.token()}">
{children}
</section>
</div>"""


def _children(article: SampleArticle, marks: Marks, site: Site) -> Iterator[str]:
    pieces = _with_dateline(article)
    last = max((n for n, piece in enumerate(pieces) if piece.kind == "paragraph"), default=-1)
    position = -1
    for is_text, group in groupby(pieces, key=lambda piece: piece.kind == "paragraph"):
        run = tuple(group)
        position += len(run)
        if is_text:
            paragraphs = tuple(piece.text for piece in run)
            # The tail stands in the last text block only where that block is one div.
            tail = article.tail if position == last and _ends_in_br_div(article) else ()
            yield _wrapped(article.wrapping, paragraphs, tail, marks)
        else:
            yield from (_element(piece, article, marks) for piece in run)
    if not _ends_in_br_div(article):
        yield from _tail(article, marks, site)


def _with_dateline(article: SampleArticle) -> list[Piece]:
    pieces = list(article.pieces)
    for place, piece in enumerate(pieces):
        if article.dateline and piece.kind == "paragraph":
            pieces[place] = replace(piece, text=f"{article.dateline} {piece.text}")
            break
    return pieces


def _ends_in_br_div(article: SampleArticle) -> bool:
    return article.wrapping == "div_br"


def _wrapped(
    wrapping: Wrapping, paragraphs: Sequence[str], tail: Sequence[str], marks: Marks
) -> str:
    """Print paragraphs that follow each other, the way their publisher's system does."""
    if wrapping == "mixed" and len(paragraphs) > 1:
        half = len(paragraphs) // 2
        first = _wrapped("p", paragraphs[:half], (), marks)
        return f"{first}\n{_wrapped('div_br', paragraphs[half:], tail, marks)}"
    texts = [marks.text(text) for text in paragraphs]
    if wrapping == "p":
        return "\n".join(f"<p {marks.of('general')}>{text}</p>" for text in texts)
    if wrapping == "div_p":
        # Pairs share a p and are parted by a single br; a zero-width space stands behind the div.
        pairs = ["<br/> ".join(texts[start : start + 2]) for start in range(0, len(texts), 2)]
        inner = "".join(f"<p>{pair}</p>\n" for pair in pairs)
        return f"<div {marks.of('general')}>\n{inner}</div>\u200b"
    texts += [escape(line, quote=False) for line in tail]
    return f"<div {marks.of('general')}>\n           {_BREAK.join(texts)}<br/> \n          </div>"


def _element(piece: Piece, article: SampleArticle, marks: Marks) -> str:
    match piece.kind:
        case "subhead":
            return f"<h3 {marks.of('h3')}>{escape(piece.text, quote=False)}</h3>"
        case "quote":
            lines = "\n           <br/>".join(escape(row[0], quote=False) for row in piece.rows)
            opening = f'<blockquote class="pretip_frm" {marks.of("pre")}>'
            return f"{opening}\n           {lines}</blockquote>"
        case "list":
            items = "".join(f"<li>{escape(row[0], quote=False)}</li>\n" for row in piece.rows)
            return f"<div {marks.of('general')}>\n<ul>\n{items}</ul>\n</div>"
        case "table":
            return _data_table(piece, marks)
        case "figure" if piece.image:
            return _figure(piece.image, marks)
        case "image_table" if piece.image:
            return _image_table(piece.image, article.publisher, marks)
        case "embed":
            return _video("embed", "https://video.daon.example/embed/" + marks.token(), marks)
        case "kakaotv":
            return _video("kakaotv", f"//tv.daon.example/cliplink/{marks.token()}", marks)
        case "line":
            return f'<hr class="line_divider" {marks.of("line")}/>'
    return f"<div {marks.of('general')}>\n          </div>"


def _data_table(piece: Piece, marks: Marks) -> str:
    rows = "\n".join(
        "<tr>" + "".join(f"<td>{escape(cell, quote=False)}</td>" for cell in row) + "</tr>"
        for row in piece.rows
    )
    return f'<table border="1" {marks.of("general")}>\n<tbody>\n{rows}\n</tbody>\n</table>'


def _picture(image: SampleImage, marks: Marks) -> str:
    alt = f'alt="{escape(image.caption)}" ' if image.caption else ""
    hidden = marks.hides_original()
    original = "" if hidden else f'data-org-src="{image.url}" data-org-width="640" '
    # Both forms of fname occur on real pages: encoded and plain.
    shown = quote(image.url, safe="") if hidden else image.url
    thumb = _THUMB.format(host=len(image.url) % 4 + 1) + shown
    return (
        f'<p class="link_figure"><img {alt}class="thumb_g_article" {original}'
        f'dmcf-mid="{marks.token()}" dmcf-mtype="image" height="auto" src="{thumb}"'
        ' width="658"/></p>'
    )


def _figure(image: SampleImage, marks: Marks) -> str:
    caption = ""
    if image.caption:
        text = escape(image.caption, quote=False)
        caption = f"""<figcaption class="txt_caption default_figure">
            {text}
           </figcaption>
"""
    return f"""<figure class="figure_frm origin_fig" {marks.of("figure")}>
{_picture(image, marks)}
{caption}</figure>"""


def _image_table(image: SampleImage, publisher: str, marks: Marks) -> str:
    return f"""<table align="center" border="0" cellpadding="0" cellspacing="0"
 {marks.of("general")}>
<tbody>
<tr><td><figure class="figure_frm origin_fig">
{_picture(image, marks)}
</figure></td></tr>
<tr><td align="left"><strong>▲ </strong> {escape(image.caption or "", quote=False)}</td></tr>
<tr><td align="left">ⓒ {publisher}</td></tr>
</tbody>
</table>"""


def _video(ptype: str, url: str, marks: Marks) -> str:
    return f"""<div class="video_frm" {marks.of(ptype)}>
<div class="layer_vod"><div class="vod_player">
<iframe class="player_iframe" dmcf-mid="{marks.token()}" dmcf-mtype="video/{ptype}" frameborder="0"
 height="370" scrolling="no" src="{url}" width="100%"></iframe>
</div></div></div>"""


def _tail(article: SampleArticle, marks: Marks, site: Site) -> Iterator[str]:
    links = {f"☞ {link.headline}": site.article_url(link.id) for link in article.related}
    for line in article.tail:
        text = escape(line, quote=False)
        if line in links:
            text = f'<a href="{links[line]}" target="_blank">{text}</a>'
        yield f"<p {marks.of('general')}>{text}</p>"
