"""The process that sends messages, and nothing else: the only user of Apprise.

A process of its own, since Apprise waits without end for a receiver that drips, logs what it sends, and would
keep 45 MB in a daemon. Its standard input is a JSON list of objects with `url`, `subject`, `body`; messages to
one URL go out in order. For each it prints a line with its index and `sent`, `failed` or `unknown` (no URL that
Apprise can use). URLs are in its memory only: not on its command line, and it logs nothing.
"""

from __future__ import annotations

import json
import logging
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

_AT_ONCE = 8


def main() -> None:
    """Send what standard input holds."""
    warnings.simplefilter("ignore")
    logging.disable()
    by_url: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for index, message in enumerate(json.load(sys.stdin)):
        by_url.setdefault(message["url"], []).append((index, message))
    said = Lock()

    def send(url: str) -> None:
        receiver = _receiver(url)
        for index, message in by_url[url]:
            outcome = _sent(receiver, message)
            with said:
                print(index, outcome, flush=True)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(send, by_url))


def _receiver(url: str) -> Any:
    import apprise

    asset = apprise.AppriseAsset(
        app_id="gisa",
        app_desc="gisa",
        async_mode=False,
        allow_templates=False,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
    )
    try:
        receiver = apprise.Apprise.instantiate(url, asset=asset)
    except Exception:  # whatever it says may quote the URL
        return None
    # a long message in parts rather than cut or refused; `?overflow=` of the URL goes before
    if receiver and "overflow=" not in url:
        receiver.overflow_mode = apprise.OverflowMode.SPLIT
    if receiver and "format=" not in url and url.lower().startswith("mailto"):
        receiver.notify_format = apprise.NotifyFormat.TEXT
    return receiver


def _sent(receiver: Any, message: dict[str, str]) -> str:
    if not receiver:
        return "unknown"
    try:
        ok = receiver.notify(title=message["subject"], body=message["body"], body_format="text")
    except Exception:  # as above
        return "failed"
    return "sent" if ok else "failed"


if __name__ == "__main__":
    main()
