"""Gives pages of the sample portal the weight that pages of real portals have: menus, lists, scripts, comments.

Of 100 news pages of 50 to 170 kB that were counted, half had 450 to 920 elements, 70 to 200 of them links,
40 to 140 list items, 15 to 60 % of their bytes in 15 to 50 scripts, 1 % in comments; packed they were a fifth.
"""

from __future__ import annotations

import json
import random
from functools import cache
from urllib.parse import quote

from benchmarks.grouping_prose import WideWriter

_SCRIPTS, _COMMENTS, _MENUS = 0.56, 0.02, 0.08
"""Shares of what is added; lists are the rest."""
_ARTICLE_LINKS = 10
_THUMB = "https://img1.daon.example/thumb/S240x160.q80/?fname="
_LAYERS = ("CHANNEL_NEWS", "HOT_NEWS", "PHOTO_NEWS", "SERIES", "VIDEO", "POPULAR_AGE", "SHOPPING")
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_VARIANTS = 40


def weighted(page: str, weight: int, rng: random.Random, articles: list[str]) -> str:
    """Return the page with what brings it to about `weight` bytes; `articles` are addresses to link to."""
    left = weight - len(page.encode())
    if left <= 0:
        return page
    menus, lists, scripts = int(left * _MENUS), 0, int(left * _SCRIPTS)
    lists = left - menus - scripts - int(left * _COMMENTS)
    head, _, rest = page.partition("</head>")
    opening, body_tag, rest = rest.partition("<body>")
    body, footer, end = rest.partition('<footer class="doc-footer">')
    return "".join(
        (
            head, _until(rng, "head", scripts // 2), "</head>", opening, body_tag,
            _until(rng, "menu", menus), body,
            _linked(articles), _until(rng, "list", lists - 200 * len(articles)),
            _until(rng, "comment", int(left * _COMMENTS)), footer,
            _until(rng, "tail", scripts - scripts // 2), end,
        )
    )  # fmt: skip


def _until(rng: random.Random, kind: str, size: int) -> str:
    """Return pieces of a kind, as many as come nearest to the size."""
    known, pieces, have = _pieces(kind), [], 0
    while have < size:
        piece, length = known[rng.randrange(len(known))]
        if have + length - size > size - have:
            break
        pieces.append(piece)
        have += length
    return "".join(pieces)


@cache
def _pieces(kind: str) -> list[tuple[str, int]]:
    make = {"head": _state, "tail": _tracking, "menu": _menu, "list": _box, "comment": _comment}
    rng = random.Random(kind)
    made = [make[kind](rng) for _ in range(_VARIANTS)]
    return [(piece, len(piece.encode())) for piece in made]


def _linked(articles: list[str]) -> str:
    items = "".join(
        f'<li><a class="link_also" href="{url}" data-tiara-ordnum="{rank}"'
        f'><strong class="tit_txt">이어서 읽을 소식 {rank}</strong></a></li>'
        for rank, url in enumerate(articles[:_ARTICLE_LINKS], 1)
    )
    return f'<div class="box_also"><ul class="list_also">{items}</ul></div>\n' if items else ""


def _word(rng: random.Random, length: int) -> str:
    return "".join(rng.choices(_LETTERS, k=length))


def _state(rng: random.Random) -> str:
    """A script with the page's state as JSON, or one of a tag manager."""
    writer = WideWriter(rng)
    rows = [
        {
            "id": _word(rng, 17), "type": rng.choice(_LAYERS), "title": writer.headline(),
            "thumbnail": _THUMB + quote(f"https://t1.daon.example/{_word(rng, 12)}.jpg", safe=""),
            "count": rng.randint(0, 9999), "isOpen": rng.random() < 0.5, "tags": [writer.word(), writer.word()],
        }
        for _ in range(rng.randint(1, 9))
    ]  # fmt: skip
    said = json.dumps(rows, ensure_ascii=rng.random() < 0.3)
    begin = "window.__STATE__ = window.__STATE__ || [];"
    return f'<script type="text/javascript">{begin}\n__STATE__.push({said});</script>\n'


def _tracking(rng: random.Random) -> str:
    lines = [
        f'    if (w.{_word(rng, 6)} && !d.querySelector("#{_word(rng, 5)}")) {{ w.{_word(rng, 7)}.push('
        f'{{"{_word(rng, 4)}": {rng.randint(1, 99999)}, "{_word(rng, 6)}": "{_word(rng, 10)}"}}); }}'
        for _ in range(rng.randint(3, 22))
    ]
    inside = "\n".join(lines)
    return f"<script>\n(function (w, d) {{\n{inside}\n}})(window, document);</script>\n"


def _menu(rng: random.Random) -> str:
    writer = WideWriter(rng)
    items = "".join(
        f'<li><a class="link_menu" href="https://news.daon.example/{_word(rng, 7)}"'
        f' data-tiara-layer="GNB {n}"><span class="txt_menu">{writer.word()}</span></a></li>\n'
        for n in range(rng.randint(4, 9))
    )
    title = f'<h2 class="screen_out">메뉴 {writer.word()}</h2>'
    return f'<div class="menu_sub" role="navigation">{title}<ul>{items}</ul></div>\n'


def _box(rng: random.Random) -> str:
    """A list of other contents, each with or without a picture."""
    writer, layer = WideWriter(rng), rng.choice(_LAYERS)
    make = _thumb if rng.random() < 0.4 else _no_thumb
    name = layer.lower()
    items = "\n".join(_item(rng, writer, name, make(rng)) for _ in range(rng.randint(3, 8)))
    return f"""<div class="box_g box_{name}" data-tiara-layer="{layer}">
<h3 class="tit_box">{writer.word()}</h3>
<ul class="list_{name}">
{items}
</ul><button type="button" class="btn_more"><span class="ico_news">더보기</span></button></div>
"""


def _thumb(rng: random.Random) -> str:
    address = _THUMB + quote(f"https://t1.daon.example/news/{_word(rng, 14)}.jpg", safe="")
    image = f'<img class="img_g" src="{address}" alt="" loading="lazy" width="120" height="80"/>'
    source = f'<source srcset="{address}" type="image/webp"/>'
    return f'<div class="wrap_thumb"><picture>{source}{image}</picture></div>'


def _no_thumb(_: random.Random) -> str:
    return ""


def _item(rng: random.Random, writer: WideWriter, name: str, thumb: str) -> str:
    title, place = writer.headline(), rng.randint(1, 20)
    address = f"https://channel.daon.example/{_word(rng, 12)}"
    info = f'<span class="info_g"><span class="txt_g">{writer.word()}</span></span>'
    return (
        f'<li data-tiara-ordnum="{place}"><a class="link_{name}" href="{address}"'
        f' data-tiara-id="{_word(rng, 10)}" data-title="{quote(title)}">{thumb}'
        f'<div class="cont_thumb"><strong class="tit_g">{title}</strong>{info}</div></a></li>'
    )


def _comment(rng: random.Random) -> str:
    return f"<!-- {_word(rng, 8)} begin: {' '.join(_word(rng, 6) for _ in range(9))} -->\n"
