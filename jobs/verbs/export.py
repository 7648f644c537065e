"""Articles for others: as JSONL, CSV, Parquet, ninjs or JSON-LD, to a file or to stdout.

--since and --until are of the time of publishing, where that is unknown of when gisa saw the article first.
With --cursor FILE an export goes on where the last one with the same options ended: what is new, edited,
removed or of other rights since. With --purpose only what the rights of the records allow leaves, and sheets
say what was kept and dropped, and why: FILE.audit.md, FILE.datasheet.md (both also as .json), FILE.dropped.csv.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

from jobs import terminal, wiring
from jobs.arguments import moment
from jobs.exporting.encoding import FORMATS, TABLES
from pipeline.errors import GisaError
from pipeline.rights_gate import PURPOSES

__all__ = ["FORMATS", "arguments", "main"]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    add = parser.add_argument
    add("--output", metavar="FILE", default="-", help="where to (default: -, stdout)")
    add("--force", action="store_true", help="replace files that are there")
    add("--since", type=moment, metavar="WHEN", help="published from then on: 2026-09-27, or 7d")
    add("--until", type=moment, metavar="WHEN", help="published until then, a day to its end")
    add("--source", nargs="+", default=[], metavar="NAME", help="only what these found first")
    add("--publisher", metavar="NAME", help="only what this publisher wrote")
    add("--query", metavar="QUERY", help="only what answers it, as in gisa search")
    add("--purpose", choices=PURPOSES, help="only what rights allow for it, with the sheets")
    add("--audit", type=Path, metavar="FILE", help="what the sheets are named after (--output)")
    add("--cursor", type=Path, metavar="FILE", help="only what changed since; kept there")
    add("--bom", action="store_true", help="begin CSV with a byte order mark, for Excel")


def main(args: argparse.Namespace) -> int:
    """Export."""
    from jobs.exporting import options
    from jobs.exporting.job import Job

    if args.output == "-" and args.format in TABLES and sys.stdout.isatty():
        raise GisaError(
            "a table could steer the terminal: name a file with --output, or use a pipe"
        )
    config, now = wiring.configuration(args.config), wiring.now()
    asked = options.of(args, config, now)
    with wiring.store(config) as store:
        options.check_sources(asked.only, config, store)
        missing = store.search_index.missing() if asked.only.query else 0
        with terminal.copying(quiet=args.quiet) as told:
            done = Job(asked, config, store, now, told).run()
    if missing:
        said = f"articles that the index lacks: {missing}; gisa search --reindex brings them in"
        print(said, file=sys.stderr)
    if not args.quiet:
        where = sys.stderr if asked.output is None else sys.stdout
        print(" ".join(f"{name}={value}" for name, value in asdict(done).items()), file=where)
    return 0
