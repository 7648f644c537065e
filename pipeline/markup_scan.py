"""The slow look at markup: tag by tag, as the HTML standard reads tags, following open elements roughly.

It is linear. Where in doubt it counts too much.
"""

from __future__ import annotations

import re

STEPS_MOST = 100_000_000  # of 1 to 5 ns: about 0.4 s; a page of 6,000 tags takes 1.5 million
_TAG, _REBUILD, _COMPARE, _OPTION, _OPTION_SELECTED, _NAME_NEW = 1_000, 140, 5, 5, 40, 2
"""Steps. Formatting left open is built anew in every paragraph: a node, not only a look at one."""
_COPY, _MISNESTED = 25, 50
"""For each byte of its attributes; for each open element, at an end tag of formatting across blocks."""
_ALIKE_MOST = 3  # of formatting that is equal; the parser forgets the oldest, but leaves it open
_PASSED_MOST, _LOOK_BACK = 4, 60  # what an end tag ends besides its own may not be open at all

WS = r"\t\n\f\r\x20"
ATTRIBUTE = rf"""([^{WS}/>][^{WS}/>=]*+)
    (?:[{WS}]*+=[{WS}]*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^{WS}>]*+))?+"""
NAMES = re.compile(ATTRIBUTE, re.VERBOSE)
_TOKEN = re.compile(
    rf"""<(?:
    (?P<close>/?)(?P<name>[a-zA-Z][^{WS}/>]*+)
    (?P<attributes>(?:[{WS}/]++|{ATTRIBUTE.replace("(", "(?:", 1)})*+)(?:>|\Z)
    |!--(?:-?>|(?s:.*?)(?:--!?>|\Z))
    |(?P<cdata>!\[CDATA\[)[^>]*+(?:>|\Z)
    |[!?/][^>]*+(?:>|\Z)
    )""",
    re.VERBOSE,
)  # every alternative runs to its end or to that of the page: no character is read twice
_CLOSED_CDATA = re.compile(r"<!\[CDATA\[(?=[^<]*\]\]>)")
_IN_SCRIPT = re.compile(rf"<!(?=--)|-->|<(/?)script(?=[{WS}/>])", re.IGNORECASE)


def _set(names: str) -> frozenset[str]:
    return frozenset(names.split())


_FORMATTING = _set("a b big code em font i nobr s small strike strong tt u")
_CHEAP = _FORMATTING - _set("a nobr")  # no element is looked through for these
_PARTS = _set("caption colgroup tbody td tfoot th thead tr")
_CELLS = _PARTS | {"table"}
_IN_CELLS = _PARTS | _set("p li dd dt")
_FOREIGN = _set("svg math frameset")
_VOID = _set("area base body br col embed head hr html img input link meta param source track wbr")
_BLOCKS = _set(
    "address article aside blockquote button center dd details dialog dir div dl dt fieldset form "
    "figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup li listing main menu nav ol p pre "
    "search section summary ul"
)
_WALLS = _set(
    "svg math frameset annotation-xml applet caption desc foreignobject marquee mi mn mo ms mtext "
    "object select table td template th title"
)  # no end tag reaches through these, but one of a table and its parts
_RAW = _set("style title textarea xmp iframe noembed noframes")
_SPECIAL = _BLOCKS | _WALLS | _PARTS | _RAW | _set("noscript plaintext script")
_HTML = _BLOCKS | _FORMATTING | _set("br hr img embed meta body head span ruby sub sup var table")
# what no end tag of these reaches through; of any other: what is special
_WALLS_OF = (
    dict.fromkeys(_BLOCKS | _set("applet marquee object select template"), _WALLS)
    | dict.fromkeys(("li", "p"), _WALLS | _set("ul ol button"))
    | dict.fromkeys(_FOREIGN, _SPECIAL | _HTML)
    | dict.fromkeys(_CELLS, _set(""))
)
# what a start tag ends if it is the innermost element
_ENDS = dict.fromkeys(_BLOCKS - _set("button form"), _set("p")) | {
    "li": _set("li p"), "dd": _set("dd dt p"), "dt": _set("dd dt p"), "td": _set("td th p"),
    "th": _set("td th p"), "tr": _set("td th tr p"), "tbody": _set("td th tr tbody thead p"),
    "option": _set("option"), "optgroup": _set("option"),
}  # fmt: skip


def _separators(html: str) -> int:
    """Return more than there are attributes: each follows a blank, a slash or a quoted value."""
    return html.count("=") + html.count("/") + len(html.split())


class Scan:
    """What a page would cost the parser, in `steps`."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.steps = self.tags = self.deepest = self.most = self.attributes_of_root = 0
        self.select_tags = self.foreign = self.forgotten = 0
        self.is_broken = False
        self.names: set[str] = set()
        self.stack: list[str] = []
        self.formatting: list[tuple[str, int]] = []  # tag, and height of the stack below it
        self.alike: dict[str, int] = {}
        self.written = 0  # of formatting left open

    def run(self) -> None:
        """Read tag by tag until the end, or until it is too much."""
        at = 0
        while self.steps <= STEPS_MOST and (found := _TOKEN.search(self.html, at)):
            at = found.end()
            self.steps += _TAG
            if found["name"] is None:
                if found["cdata"] and self.foreign:  # ends here in an image, there in a page
                    end = self.html.find("]]>", at - 3)
                    at = self._resume(found.start() + 1, end + 3 if end >= 0 else len(self.html))
                continue
            self.tags += 1
            self.select_tags += self.select_tags > 0
            name, written = found["name"].lower(), found["attributes"]
            attributes = self._read_attributes(name, written)
            if found["close"]:
                self._close(name)
            else:
                self._open(name, written, attributes)
                at = self._after_raw(name, at)
            depth = len(self.stack) + len(self.formatting) + self.forgotten
            self.deepest = max(self.deepest, depth)
            self.steps += depth * (found["close"] == "/" or name not in _CHEAP)
            if name in _SPECIAL:
                self.steps += len(self.formatting) * _REBUILD + self.written * _COPY

    def _read_attributes(self, tag: str, written: str) -> int:
        found = NAMES.findall(written) if written else ()
        count = len(found)
        self.attributes_of_root += count if tag in ("html", "body") else 0
        self.steps += self.attributes_of_root * count
        self.most = max(self.most, count)
        before = len(self.names)
        self.names.update(found, (tag,))
        self.steps += count * count // 2 + _NAME_NEW * (len(self.names) - before) * before
        return count

    def _open(self, name: str, written: str, attributes: int) -> None:
        self.is_broken |= self.foreign > 0 and name in _HTML
        while not self.foreign and self.stack and self.stack[-1] in _ENDS.get(name, ()):
            self._pop_to(len(self.stack) - 1)
        if name in ("option", "selectedcontent"):
            is_plain = name == "option" and "selected" not in written.lower()
            self.steps += self.select_tags * (_OPTION if is_plain else _OPTION_SELECTED)
        if name in _FORMATTING and not (name == "a" and self.foreign):
            self._open_formatting(name, written, attributes)
        elif not self._is_empty(name, written):
            self.foreign += name in _FOREIGN
            self.select_tags = self.select_tags or int(name == "select")
            self.stack.append(name)

    def _is_empty(self, name: str, written: str) -> bool:
        """Does the parser not keep it open? A part of a table without a table is dropped."""
        if written.endswith("/") and (name in _FOREIGN or (self.foreign and not self.is_broken)):
            return name != "frameset" and NAMES.sub("a", written).endswith("/")
        if name in _PARTS and not self.foreign and len(self.stack) <= _LOOK_BACK:
            around = (tag for tag in reversed(self.stack) if tag in ("table", "template"))
            return next(around, None) != "table"
        return name in _VOID and (not self.foreign or name in _HTML)

    def _open_formatting(self, name: str, written: str, attributes: int) -> None:
        if name in ("a", "nobr"):
            self._close_formatting(name)
        tag = f"{name} {written}"
        self.alike[tag] = self.alike.get(tag, 0) + 1
        self.steps += len(self.formatting) * (_COMPARE + attributes * attributes // 2)
        if self.alike[tag] > _ALIKE_MOST:
            self.forgotten += 1
        else:
            self.formatting.append((tag, len(self.stack)))
            self.written += len(written)

    def _close(self, name: str) -> None:
        self.is_broken |= self.foreign > 0 and name in ("p", "br")
        if self.stack and self.stack[-1] == name:
            self._pop_to(len(self.stack) - 1)
        elif name in _FORMATTING:
            self._close_formatting(name)
        elif name != "form" and not (name in _FOREIGN and self.is_broken):
            self._close_outer(name)

    def _close_outer(self, name: str) -> None:
        walls = _WALLS_OF.get(name, _SPECIAL)
        for index in range(len(self.stack) - 1, max(-1, len(self.stack) - 2 - _PASSED_MOST), -1):
            between = self.stack[index]
            if between == name:
                self._pop_to(index)
            if between in walls or between == name or (name in _CELLS and between not in _IN_CELLS):
                return

    def _close_formatting(self, name: str) -> None:
        for index in range(len(self.formatting) - 1, -1, -1)[:_LOOK_BACK]:
            token, height = self.formatting[index]
            if token.startswith(f"{name} "):
                self.steps += _MISNESTED * len(self.stack) * (len(self.stack) > height)
                above = self.stack[height : height + _LOOK_BACK]
                if len(above) < _LOOK_BACK and _WALLS.isdisjoint(above):
                    del self.formatting[index]
                    self.written -= len(token) - len(name) - 1
                    self.alike[token] = min(self.alike[token], _ALIKE_MOST) - 1
                return

    def _pop_to(self, index: int) -> None:
        self.foreign -= sum(name in _FOREIGN for name in self.stack[index:])
        self.is_broken &= self.foreign > 0
        del self.stack[index:]
        for place in range(len(self.formatting) - 1, -1, -1):
            if self.formatting[place][1] <= index:
                break
            self.formatting[place] = (self.formatting[place][0], index)
            self.steps += _REBUILD

    def _after_raw(self, name: str, at: int) -> int:
        if name == "script":
            return self._resume(at, self._script_end(at))
        if name in _RAW:
            found = re.compile(rf"</{name}(?=[{WS}/>])", re.IGNORECASE).search(self.html, at)
            return self._resume(at, found.start() if found else len(self.html))
        return self._resume(at, len(self.html)) if name == "plaintext" else at

    def _resume(self, start: int, end: int) -> int:
        """Go on at `end`. In an image it may be markup up to there: then all the rest counts."""
        content = _CLOSED_CDATA.sub("", self.html[start:end]) if self.foreign else ""
        if "<" not in content:
            return end
        rest = self.html[start:]
        tags, words = rest.count("<"), _separators(rest)
        self.deepest += tags
        self.steps += 10 * tags * tags + words * words // 8
        return len(self.html)

    def _script_end(self, at: int) -> int:
        """A script goes on after `</script>` within `<!-- <script>`, as it always did."""
        level = 0
        for found in _IN_SCRIPT.finditer(self.html, at):
            if found[0] == "-->":
                level = 0
            elif found[0] == "<!":
                level = level or 1
            elif found[1] and level < 2:
                return found.start()
            elif level:
                level = 1 if found[1] else 2
        return len(self.html)
