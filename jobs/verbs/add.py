"""Find what can be crawled at an address, try it, and write the chosen entry into config.toml.

URL is a home page, a section, a feed, a sitemap or a robots.txt. What is found is shown with its first
entries and its first record, best first; on a terminal it asks which to add, elsewhere --yes or --choose
says so. At most 30 documents are asked for. FILE.opml (- for stdin) is a list of feeds: all that are not
configured yet are added. It exits with 1 if nothing was found that can be read, with 5 if that is because
we are kept out.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from jobs import logs, terminal, wiring
from jobs.adding import config_file, offering, opml_import
from jobs.adding.config_file import NewSource
from jobs.adding.searching import Search, Searcher
from jobs.adding.source_names import Names, of_host
from jobs.arguments import length, positive
from pipeline.config import Config
from pipeline.discover.autodiscovery import Candidate
from pipeline.errors import Blocked, ConfigError
from pipeline.setting_addresses import listing_url
from pipeline.setting_values import source_name
from pipeline.text import one_line

_BLOCKED, _FAILED = 5, 1


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    parser.add_argument("target", metavar="URL|FILE.opml|-", type=_target)
    wanted = parser.add_mutually_exclusive_group()
    wanted.add_argument("--yes", action="store_true", help="add the best without asking")
    wanted.add_argument(
        "--choose", metavar="N", nargs="+", type=positive, help="add these numbers without asking"
    )
    wanted.add_argument(
        "--dry-run", action="store_true", help="show only; config.toml stays as it is"
    )
    parser.add_argument("--name", type=_name, help="of the source (default: by its host)")
    parser.add_argument(
        "--every", type=_every, default="30m", help="interval between crawls (default: 30m)"
    )
    parser.add_argument("--disabled", action="store_true", help="write enabled = false")
    parser.add_argument(
        "--check", action="store_true", help="of a list of feeds add what can be read only"
    )


def main(args: argparse.Namespace) -> int:
    """Find and add; the exit code is that of the module's docstring."""
    logs.start(level=logs.level(args, logging.WARNING))
    config = config_file.current(Path(args.config))
    if args.name in config.sources:
        raise ConfigError(f"--name {args.name}: there is a source of this name in {config.path}")
    if not args.target.startswith(("http://", "https://")):
        return opml_import.add_list(args, config, opml_import.read_file(args.target), args.target)
    try:
        search = asyncio.run(_searched(args, config))
    except Blocked as error:
        print(f"gisa: {one_line(str(error))}", file=sys.stderr)
        return _BLOCKED
    if search.opml:
        return opml_import.add_list(
            args, config, search.opml.raw or b"", search.url, is_agreed=args.yes
        )
    return _offer(args, config, search)


async def _searched(args: argparse.Namespace, config: Config) -> Search:
    def tell(said: str) -> None:
        if not args.quiet:
            print(one_line(said, 200), file=sys.stderr)

    with wiring.store(config, create=True) as store:
        async with wiring.fetcher(config, store.hosts) as fetcher:
            known = config_file.known_addresses(config)
            searcher = Searcher(fetcher, store.hosts, known, config.pipeline.keep_emails, tell)
            return await searcher.search(args.target)


def _offer(args: argparse.Namespace, config: Config, search: Search) -> int:
    entries = [_entry(args, it.candidate, Names(config.sources)) for it in search.offered]
    if args.format == "text":
        offering.show(search, entries)
    names = Names(config.sources)  # two that are added together cannot have one name
    wanted = [search.offered[number - 1] for number in _wanted(args, search)]
    added = [_entry(args, it.candidate, names) for it in wanted]
    if added:
        config_file.add(config.path, added)
    if args.format == "json":
        found = offering.found_json(search, entries)
        terminal.print_json(found | config_file.added_json(config.path, added))
    else:
        _tell_added(args, config, search, added)
    if search.offered or any(it.known_as for it in search.tried):
        return 0
    return _BLOCKED if search.is_blocked else _FAILED


def _entry(args: argparse.Namespace, candidate: Candidate, names: Names) -> NewSource:
    return NewSource(
        names.take(args.name or of_host(candidate.url)), candidate.kind, candidate.url, candidate.portal,
        offering.comment_of(candidate), args.every, not args.disabled,
    )  # fmt: skip


def _wanted(args: argparse.Namespace, search: Search) -> list[int]:
    """Return the numbers to add."""
    most = len(search.offered)
    if args.choose:
        if max(args.choose) > most:
            raise ConfigError(f"--choose {max(args.choose)}: there are {most} to choose from")
        return list(dict.fromkeys(args.choose))
    if not most or args.dry_run:
        return []
    if args.yes:  # once more is not another one
        return [] if any(it.known_as for it in search.tried) else [1]
    if args.format == "text" and sys.stdin.isatty() and sys.stdout.isatty():
        return offering.asked(most, input)
    return []


def _tell_added(
    args: argparse.Namespace, config: Config, search: Search, added: Sequence[NewSource]
) -> None:
    for it in added:
        print(f"added {it.name} to {config.path}; gisa run {it.name} reads it")
    most, is_known = len(search.offered), any(it.known_as for it in search.tried)
    if added:
        return
    if not most:
        said = "nothing else" if is_known else "nothing that can be read"
        print(one_line(f"{said} was found at {search.url}"))
    elif args.dry_run:
        print(f"nothing was added to {config.path}")
    elif is_known:
        print(
            f"nothing was added: there is a source of this page already; --choose 1 to {most} adds another"
        )
    else:
        print(f"nothing was added: --yes adds the first, --choose N … others (1 to {most})")


def _target(text: str) -> str:
    """Return a URL, or the name of a file that is there; a host alone is a home page."""
    is_url = text.lower().startswith(("http://", "https://"))
    if text == "-" or (not is_url and Path(text).is_file()):
        return text
    scheme, mark, rest = text.partition("://") if is_url else ("https", "://", text)
    url = f"{scheme.lower()}{mark}{rest}"
    host = rest.partition("/")[0]
    if not is_url and ("." not in host or Path(text).suffix.lower() in (".opml", ".xml")):
        raise argparse.ArgumentTypeError(
            f"{one_line(text, 200)!r} is no URL, and there is no such file"
        )
    try:
        return listing_url(url)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{one_line(text, 200)!r}: {error}") from None


def _name(text: str) -> str:
    try:
        return source_name(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _every(text: str) -> str:
    return terminal.duration(length(text))
