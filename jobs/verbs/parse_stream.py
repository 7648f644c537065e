"""A stream of pages, a line each, to an answer a line each: in order, at once, whatever a line holds."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, BinaryIO

from jobs import terminal, wiring
from pipeline.errors import GisaError, PageError
from pipeline.importing.page_lines import Unfit, lines, page_of_line
from pipeline.records import Page

log = logging.getLogger("gisa.parse")

LINE_MOST = 64 * 1024**2
"""Bytes; a longer line is answered with an error instead of being read into memory."""


def answer_all(source: BinaryIO, parse_page: Callable[[Page], dict[str, Any]]) -> int:
    """Answer every line on stdout; return the exit code: 1 if a parser broke."""
    code = 0
    for line in lines(source, LINE_MOST):
        page_id = None
        try:
            if line is None:
                raise Unfit(f"a line of more than {LINE_MOST // 1024**2} MiB")
            page_id, page = page_of_line(line, wiring.now())
            answer = {"page_id": page_id, **parse_page(page)}
        except Unfit as unfit:
            answer = {"page_id": unfit.page_id, "error": str(unfit)}
        except PageError as error:
            answer = {"page_id": page_id, "error": f"{error.reason}: {error.detail}"}
        except GisaError as error:
            answer = {"page_id": page_id, "error": str(error)}
        except Exception as error:  # the edge of the stream: a bug costs one page
            log.exception("page %r", page_id)
            answer = {"page_id": page_id, "error": f"a bug: {type(error).__name__}: {error}"}
            code = 1
        terminal.print_json(answer, indent=None)
    return code
