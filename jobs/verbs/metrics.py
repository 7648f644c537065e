"""The figures for Prometheus, once: what `/metrics` of the daemon and the text file say, by hand or from cron.

They are read from the database, so no daemon is needed; figures of a process are the daemon's alone.
"""

from __future__ import annotations

import argparse
import sys

from jobs import terminal, wiring
from jobs.hourly import last_hours
from jobs.metrics import Exposition


def arguments(parser: argparse.ArgumentParser) -> None:
    """The verb has no arguments of its own."""
    del parser


def main(args: argparse.Namespace) -> int:
    """Print them."""
    config = wiring.configuration(args.config)
    found = last_hours(config, wiring.now())
    with wiring.read_only(config) as store:
        exposition = Exposition(config, store, wiring.now, hourly=lambda: found)
        if args.format == "json":
            terminal.print_json(exposition.samples())
        else:
            sys.stdout.write(exposition.text().decode())
    return 0
