"""A saved page as a regression case: tests/pages/PORTAL/NAME.html, and NAME.json to be filled in by eye.

The page's text is replaced by fiction of the same shape: every word becomes another one of as many letters.
Markup, classes, addresses, numbers and dates stay, and the words that pages say about themselves. E-mail
addresses, telephone numbers and names of reporters do not stay. --verbatim keeps it all: such a page is
somebody's work, and is not for a public repository.

Look at the page before you commit it, and write the expected record from what you see: the test fails until
you have.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from jobs import terminal, wiring
from pipeline.errors import GisaError
from pipeline.records import Page
from pipeline.store import Store
from pipeline.store.times import moment

_CASES = Path("tests/pages")
_NAME = re.compile(r"(?:article|section|video|deleted)\w*")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    parser.add_argument("id", metavar="ID", nargs="?", help="of an article whose page is kept")
    parser.add_argument("--quarantine", metavar="N", help="the page N of the quarantine instead")
    parser.add_argument("--name", metavar="CASE", help="such as article_new_layout or section_2027")
    parser.add_argument(
        "--portal", metavar="NAME", help="whose parser it is for (default: its source's)"
    )
    parser.add_argument("--output", metavar="DIR", help=f"default: {_CASES}/PORTAL")
    parser.add_argument("--verbatim", action="store_true", help="keep the text as it is")


def main(args: argparse.Namespace) -> int:
    """Write it."""
    from jobs.fixtures import PAGE_BYTES_MOST, case_of, write

    config = wiring.configuration(args.config)
    if args.name and not _NAME.fullmatch(args.name):
        raise GisaError(
            "a case's name begins with article, section, video or deleted: its test goes by it"
        )
    with wiring.store(config) as store:
        page, portal = _found(args, store)
    case = case_of(page, _portal(args.portal or portal), args.name, verbatim=args.verbatim)
    paths = write(case, _folder(args.output, case.portal))
    size = paths[0].stat().st_size
    if args.format == "json":
        terminal.print_json(
            {"files": [str(path) for path in paths], "bytes": size, "differs": case.differs}
        )
        return 0
    for path in paths:
        print(path)
    if case.differs:
        said = ", ".join(case.differs)
        print(f"gisa: the fiction is read in another shape than the page: {said}", file=sys.stderr)
    if size > PAGE_BYTES_MOST:
        print(f"gisa: {size} bytes: cut it below {PAGE_BYTES_MOST} by hand", file=sys.stderr)
    print("look at the page, then replace every FILL IN by what you see on it")
    return 0


def _found(args: argparse.Namespace, store: Store) -> tuple[Page, str | None]:
    """Return the page, and the portal of the source that fetched it."""
    from jobs.verbs.show import find

    if (args.id is None) == (args.quarantine is None):
        raise GisaError("name an article, or a page of the quarantine with --quarantine N")
    if args.quarantine:
        number = (
            int(args.quarantine) if re.fullmatch(r"\d{1,18}", args.quarantine, re.ASCII) else -1
        )
        rows = store.rows(
            "SELECT url, last_seen_at, portal FROM quarantine JOIN sources ON name = source WHERE id = ?",
            [number],
        )
        html = store.quarantine.html(number) if rows else None
        if html is None:
            raise GisaError(f"the quarantine has no page {args.quarantine!r}")
        return Page(rows[0]["url"], html, moment(rows[0]["last_seen_at"])), rows[0]["portal"]
    article = find(store, args.id).article
    kept = store.archive.newest(article.id)
    if kept is None:
        raise GisaError(f"no page of {article.id} is kept: see [archive] in config.toml")
    return kept.page, article.portal


def _portal(name: str | None) -> str:
    from pipeline import portals

    if name not in portals.names():
        raise GisaError(f"there is no portal {name!r}; there are {', '.join(portals.names())}")
    return str(name)


def _folder(output: str | None, portal: str) -> Path:
    if output:
        return Path(output)
    if not _CASES.is_dir():
        raise GisaError(f"{_CASES} is not here: say where with --output DIR")
    return _CASES / portal
