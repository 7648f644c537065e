"""Options that limit a search and a feed to some articles: by publisher, section, author and rights."""

from __future__ import annotations

import argparse
from typing import get_args

from pipeline.records import Use
from pipeline.store.filters import USES
from pipeline.text import one_line


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare `--publisher`, `--section`, `--author` and `--rights`, a list of uses with their values."""
    parser.add_argument("--publisher", metavar="NAME", help="only what this publisher wrote")
    parser.add_argument("--section", metavar="NAME", help="only of this section, as it is written")
    parser.add_argument("--author", metavar="NAME", help="only by this person, as it is written")
    parser.add_argument(
        "--rights",
        type=_right,
        action="append",
        default=[],
        metavar="USE=VALUE",
        help="only with these rights, such as tdm=reserved; may be given again",
    )


def _right(text: str) -> tuple[str, str]:
    use, _, value = text.partition("=")
    if use not in USES or value not in get_args(Use):
        raise argparse.ArgumentTypeError(
            f"{one_line(text, 60)!r} is none: {', '.join(USES)} with = and one of"
            f" {', '.join(get_args(Use))}"
        )
    return use, value
