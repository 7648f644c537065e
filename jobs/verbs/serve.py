"""The web page over the database, read-only: sources, search, articles with their revisions, SQL and JSON.

Only this machine reaches it unless --host says otherwise; then visitors need the token in GISA_WEB_TOKEN (or
the file that GISA_WEB_TOKEN_FILE names); where neither is set, one is made up and printed. Behind a proxy,
name the host that visitors ask for with --allow-host.
"""

from __future__ import annotations

import argparse
import ipaddress
import logging
import os
import secrets
import signal
import sys

from jobs import logs, wiring
from pipeline.errors import ConfigError

_PORT = 8001


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (127.0.0.1)")
    parser.add_argument("--port", type=int, default=_PORT, help=f"0 for any free one ({_PORT})")
    parser.add_argument(
        "--allow-host",
        metavar="NAME",
        action="append",
        default=[],
        help="a name under which visitors may ask for the page; may be given again",
    )


def main(args: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT."""
    from jobs.web.application import application
    from jobs.web.guard import Guard
    from jobs.web.server import listening, server

    logs.start(level=logs.level(args, logging.INFO))
    config = wiring.configuration(args.config)
    token, is_new = _token(args.host)
    app = application(config, Guard([*args.allow_host, args.host], token))
    with listening(args.host, args.port) as sock:
        name = f"[{args.host}]" if ":" in args.host else args.host
        address = f"http://{name}:{sock.getsockname()[1]}/"
        if is_new:  # whoever set the token knows it, and a log is no place for it
            print(f"token: {token}", file=sys.stderr)
        print(f"gisa serves {config.database} at {address}", file=sys.stderr, flush=True)
        for ending in (signal.SIGTERM, signal.SIGINT):
            # the server ends at these, and raises them again when it has ended: that is no failure
            signal.signal(ending, lambda *_: None)
        server(app).run([sock])
    return 0


def _token(host: str) -> tuple[str | None, bool]:
    """Return the token that visitors must show, None for this machine alone, and whether it is new.

    Raises:
        ConfigError: it is short, or its file cannot be read.
    """
    from jobs.web.guard import TOKEN_LEAST
    from pipeline.environment import secret

    token = secret("GISA_WEB_TOKEN", os.environ)
    if token is not None and len(token) < TOKEN_LEAST:
        raise ConfigError(f"GISA_WEB_TOKEN: should have {TOKEN_LEAST} characters or more")
    if token is None and not _is_loopback(host):
        return secrets.token_urlsafe(24), True
    return token, False


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
