"""One record: to read, with where it stood, or with --format json the whole of it and nothing else. The end of
an id is enough if it is unique.
"""

from __future__ import annotations

import argparse

from jobs import showing, showing_listings, terminal, wiring
from pipeline.errors import GisaError
from pipeline.record_json import record
from pipeline.records import StoredArticle
from pipeline.store import Store
from pipeline.text import one_line

_LOOKED_AT, _SHOWN = 200, 10


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    parser.add_argument("id", metavar="ID", help="such as daum:20260927081532104, or its end")


def main(args: argparse.Namespace) -> int:
    """Show it."""
    config = wiring.configuration(args.config)
    with wiring.store(config) as store:
        stored = find(store, args.id)
        if args.format == "json":
            terminal.print_json(record(stored.article, stored.observed, zone=config.zone))
        else:
            terminal.print_lines(showing.article(stored, config.zone))
            stood = store.sightings.of(stored.article.id)
            terminal.print_lines(showing_listings.standings(stood, config.zone))
            origins = store.imports.origins(stored.article.id)
            terminal.print_lines(showing.origins(origins))
            story = store.stories.of(stored.article.id)
            if story:
                terminal.print_lines(showing.copies(story, stored.article.id, config.zone))
    return 0


def find(store: Store, wanted: str) -> StoredArticle:
    """Return the one article that an id or a part of it names.

    Raises:
        GisaError: none, or more than one.
    """
    wanted = one_line(wanted)
    found = store.articles.get(wanted)
    if found:
        return found
    near = store.articles.find(wanted, _LOOKED_AT)
    ending = [found for found in near if found[0].endswith(wanted)]
    near = ending if len(ending) == 1 else near
    if len(near) != 1:
        lines = [f"  {key}  {headline}" for key, headline in near[:_SHOWN]]
        lines += ["  …"] if len(near) > _SHOWN else []
        said = "several articles match" if near else "no article matches"
        raise GisaError("\n".join([f"{said} {wanted!r}", *lines]))
    found = store.articles.get(near[0][0])
    assert found is not None
    return found
