"""What a visitor asked for, taken out of addresses: bounded, never trusted."""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

from datasette.utils.asgi import Base400, Request

LARGEST = 2**53
_LONGEST = 200


class Missing(Base400):  # type: ignore[misc]  # datasette ships no types
    """There is no such thing. Datasette's own NotFound answers an address with `%` by a redirect."""

    status = 404


def number(request: Request, name: str, default: int, most: int = LARGEST) -> int:
    """Return a number of the query, from 1 to `most`; the default where it is none."""
    text = request.args.get(name) or ""
    if not (text.isascii() and text.isdigit()):
        return default
    return min(max(int(text[:20]), 1), most)


def place(request: Request, name: str) -> str:
    """Return a part of the path, decoded.

    Raises:
        Missing: it is no text, or longer than anything that could stand there.
    """
    try:
        text = unquote_to_bytes(request.url_vars[name]).decode()
    except UnicodeDecodeError:
        raise Missing from None
    if len(text) > _LONGEST or "\0" in text:
        raise Missing
    return text


def place_number(request: Request, name: str) -> int:
    """Return a part of the path that is a number; routes let only digits through.

    Raises:
        Missing: it is larger than any number of ours.
    """
    digits = request.url_vars[name]
    if len(digits) > 15:
        raise Missing
    return int(digits)
