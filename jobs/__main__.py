"""`gisa VERB …`: finds the verb, loads only what it needs, turns its end into an exit code.

This module and what it imports must stay light: `gisa --help` loads no httpx, no sqlite-utils, no pydantic.
"""

import argparse
import os
import sys

VERBS = {
    "run": "one pass over the named (default: all enabled) sources; for hands and for cron",
    "daemon": "run every source on its schedule until SIGTERM",
    "demo": "the whole job on the sample portal: two passes with edits between them",
    "parse": "one page, or a stream of pages, to records as JSON; nothing is stored",
    "import": "pages out of WARC files, folders of saved HTML and lines of JSON",
    "add": "find the feeds, sitemaps and lists of a page, try them, and write the chosen one into config.toml",
    "backfill": "what a source published from one day to another, through listings by date or sitemaps",
    "check": "one listing and one article of each source, fetched live and shown; nothing is stored",
    "status": "sources, health, backlog, hosts, last errors",
    "drift": "what a source gives less of than usual, and what mends it",
    "fixture": "a saved page as a regression case, its text replaced by fiction",
    "sources": "what is configured, and how each source was read last",
    "export": "articles as JSONL, CSV, Parquet, ninjs or JSON-LD, by what rights allow if asked to",
    "search": "articles that have what you look for, best first",
    "show": "one record",
    "history": "the revisions of one article, as word diffs, and where it stood",
    "feed": "the newest articles as Atom or JSON Feed: all, of a source, of a watch, of a query",
    "front": "what a listing showed at a time",
    "reparse": "read kept pages again with today's parsers, without a fetch",
    "page": "the kept page that an article was read from",
    "stories": "the same article at several portals, and copies of one text, together",
    "alerts": "what is wrong with which source, what was sent about it, and to try the receivers",
    "watches": "articles that fit [watch.NAME], and what a watch would find",
    "serve": "the web page over the database, read-only: health, search, articles, SQL and JSON",
    "config": "the effective settings and where each came from",
    "doctor": "is everything in place: versions, database, configuration, disk",
    "backup": "a copy of the database in one file, while crawls go on",
    "migrate": "bring the schema of the database up to date, with a copy before",
    "gaps": "what each source should have brought by the hour, and where articles are missing",
    "health": "is gisa well? one line and an exit code, within a second",
    "metrics": "the figures that Prometheus scrapes, once",
    "prune": "delete what is older than [retention] says; never an article",
}

EXIT_CODES = """\
exit codes:
  0 done   1 failed   2 usage or configuration   3 partial (some sources failed)
  4 drift (a page no longer reads as it did)   5 blocked   75 another run holds the lock
"""
FAILED, USAGE, LOCKED = 1, 2, 75
_INTERRUPTED = 130


def main(argv: list[str] | None = None) -> int:
    """Run one command; return its exit code."""
    argv = list(sys.argv[1:] if argv is None else argv)
    _prepare_streams()
    try:
        code = _command(argv)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader went away (`| head`): no message, and none from the interpreter's exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _command(argv: list[str]) -> int:
    verb = argv[0] if argv else "--help"
    if verb in ("-h", "--help", "help"):
        return _help(argv[1:])
    if verb in ("-V", "--version"):
        from pipeline import __version__

        print(f"gisa {__version__}")
        return 0
    if verb not in VERBS:
        return _unknown(verb)
    return _guarded(verb, argv[1:])


def _prepare_streams() -> None:
    """Whatever cron, a supervisor or a locale did to the three streams, printing must work."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if (
            getattr(sys, name) is None
        ):  # closed by the caller: the next file opened would take its place
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure:  # an ASCII terminal gets escapes in place of Korean, not a traceback
        reconfigure(errors="backslashreplace")


def _help(rest: list[str]) -> int:
    if rest and rest[0] in VERBS:
        return _guarded(rest[0], ["--help"])
    if rest and not rest[0].startswith("-"):
        return _unknown(rest[0])
    lines = [f"  {name:<9} {said}" for name, said in VERBS.items()]
    usage = "usage: gisa VERB [--config FILE] [--format text|json] [-v | -q] …"
    print(usage, "", *lines, "", "gisa VERB --help tells more.", "", EXIT_CODES, sep="\n", end="")
    return 0


def _unknown(verb: str) -> int:
    from difflib import get_close_matches

    near = get_close_matches(verb, VERBS, 1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(VERBS)}"
    if verb.startswith("-"):
        hint = f"the verb comes first: gisa VERB {verb}; {hint}"
    print(f"gisa: no verb {verb!r}; {hint}", file=sys.stderr)
    return USAGE


def _guarded(verb: str, rest: list[str]) -> int:
    """The outer edge: our own errors become a message and a code, anything else rises with a traceback."""
    from importlib import import_module

    from pipeline.errors import ConfigError, GisaError, LockHeld

    module = import_module(f"jobs.verbs.{verb}")
    parser = argparse.ArgumentParser(
        prog=f"gisa {verb}",
        description=module.__doc__,
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _common(parser, getattr(module, "FORMATS", ("text", "json")))
    module.arguments(parser)
    args = parser.parse_args(rest)
    try:
        code: int = module.main(args)
    except GisaError as error:
        for line in f"gisa: {error}".split("\n"):
            # it may quote a server or a page, and must not steer the terminal
            print("".join(c if c.isprintable() else " " for c in line), file=sys.stderr)
        codes = {ConfigError: USAGE, LockHeld: LOCKED}
        return codes.get(type(error), FAILED)
    return code


def _common(parser: argparse.ArgumentParser, formats: tuple[str, ...]) -> None:
    """Declare what all verbs take; a verb may name its own `formats` in FORMATS, the first is the default."""
    parser.add_argument(
        "--config",
        metavar="FILE",
        default=os.environ.get("GISA_CONFIG", "config.toml"),
        help="the configuration (default: $GISA_CONFIG or config.toml)",
    )
    parser.add_argument("--format", choices=formats, default=formats[0], help="of the results")
    noise = parser.add_mutually_exclusive_group()
    noise.add_argument("-v", "--verbose", action="store_true", help="log every page")
    noise.add_argument("-q", "--quiet", action="store_true", help="log errors only")


if __name__ == "__main__":
    sys.exit(main())
