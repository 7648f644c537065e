"""A list of feeds to entries of config.toml: what is new, what is configured already, what is no address."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from jobs import terminal, wiring
from jobs.adding import config_file
from jobs.adding.config_file import NewSource
from jobs.adding.source_names import Names, of_address, of_title
from jobs.checking import Pages, check
from pipeline.config import Config
from pipeline.discover.autodiscovery import key_of
from pipeline.discover.opml import Outline, read_opml
from pipeline.encoding import decode
from pipeline.errors import ConfigError, GisaError
from pipeline.records import Source
from pipeline.setting_addresses import listing_url
from pipeline.text import one_line

_LIST_MOST = 20 * 10**6  # bytes of a list


@dataclass
class Import:
    """What a list holds: entries that are new, `known` addresses with the names of their sources, and addresses
    that were left out with why.
    """

    new: list[NewSource] = field(default_factory=list)
    known: list[tuple[str, str]] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


def sorted_out(
    outlines: Iterable[Outline],
    names: Names,
    known: dict[str, str],
    every: str,
    *,
    is_enabled: bool = True,
) -> Import:
    """Sort the feeds of a list; of an address that it has twice, or that is `known`, it makes no new source."""
    found, known = Import(), dict(known)
    for outline in outlines:
        try:
            url = listing_url(outline.feed)
        except ValueError as error:
            found.left_out.append((one_line(outline.feed, 200), str(error)))
            continue
        name = known.get(key_of(url))
        if name is not None:
            found.known.append((url, name))
            continue
        name = names.take(of_title(outline.title) or of_address(url))
        known[key_of(url)] = name
        found.new.append(
            NewSource(
                name, "feed", url, comment="" if outline.title == name else outline.title, every=every,
                is_enabled=is_enabled and not outline.is_comment,
            )
        )  # fmt: skip
    return found


async def only_readable(found: Import, pages: Pages, *, at_once: int, keep_emails: bool) -> Import:
    """Try every new feed; one that gives no record is left out, with its problem."""
    turns = asyncio.Semaphore(at_once)

    async def problem_of(new: NewSource) -> str | None:
        async with turns:
            source = Source(new.name, new.portal, (new.url,), kind=new.kind)
            return (await check(source, pages, keep_emails=keep_emails)).problem

    problems = await asyncio.gather(*map(problem_of, found.new))
    tried = list(zip(found.new, problems, strict=True))
    return replace(
        found,
        new=[new for new, problem in tried if problem is None],
        left_out=[*found.left_out, *((new.url, problem) for new, problem in tried if problem)],
    )


def add_list(
    args: argparse.Namespace, config: Config, body: bytes, name: str, *, is_agreed: bool = True
) -> int:
    """Add the feeds of a list of that name, and tell what came of it, by the arguments of `gisa add`.

    Without agreement, and with --dry-run, they are told only. Returns the exit code: 1 if the list has no feed.

    Raises:
        BadAnswer: it is no OPML.
        ConfigError: config.toml cannot be written.
    """
    if args.name or args.choose:
        raise ConfigError("--name and --choose are for one page; a list of feeds is added whole")
    outlines = read_opml(decode(body).text, name)
    known = config_file.known_addresses(config)
    found = sorted_out(
        outlines, Names(config.sources), known, args.every, is_enabled=not args.disabled
    )
    if args.check:
        found = asyncio.run(_readable(found, config))
    writes = is_agreed and not args.dry_run and bool(found.new)
    if writes:
        config_file.add(config.path, found.new)
    if args.format == "json":
        known_json = [{"url": url, "name": name} for url, name in found.known]
        left_out = [{"url": url, "problem": problem} for url, problem in found.left_out]
        lists = {"found": [{"name": it.name, "url": it.url} for it in found.new]}
        lists |= {"configured": known_json, "left_out": left_out}
        terminal.print_json(
            lists | config_file.added_json(config.path, found.new if writes else [])
        )
    else:
        _tell_list(args, config, found, writes=writes)
    return 0 if found.new or found.known else 1


async def _readable(found: Import, config: Config) -> Import:
    with wiring.store(config, create=True) as store:
        async with wiring.fetcher(config, store.hosts) as fetcher:
            return await only_readable(
                found,
                fetcher,
                at_once=config.pipeline.parallel,
                keep_emails=config.pipeline.keep_emails,
            )


def _tell_list(args: argparse.Namespace, config: Config, found: Import, *, writes: bool) -> None:
    if not args.quiet:
        for new in found.new:
            print(one_line(f"{'added' if writes else 'new'} {new.name}: {new.url}"))
        for url, name in found.known:
            print(one_line(f"configured already, as {name}: {url}"))
    for url, problem in found.left_out:
        print(one_line(f"left out: {url}: {problem}"))
    print(
        f"{len(found.new) if writes else 0} added to {config.path}, {len(found.known)} configured already,"
        f" {len(found.left_out)} left out"
    )
    if found.new and not writes and not args.dry_run:
        print(f"nothing was added: --yes adds these {len(found.new)}")


def read_file(name: str) -> bytes:
    """Return the bytes of a list; `-` is stdin.

    Raises:
        GisaError: it cannot be read, or is larger than 20 MB.
    """
    try:
        if name == "-":
            body = sys.stdin.buffer.read(_LIST_MOST + 1)
        else:
            with Path(name).open("rb") as file:
                body = file.read(_LIST_MOST + 1)
    except OSError as error:
        raise GisaError(f"{name}: {error.strerror}") from None
    if len(body) > _LIST_MOST:
        raise GisaError(f"{name}: is larger than the 20 MB that a list of feeds may have")
    return body
