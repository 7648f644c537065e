"""JSON as we print it: readable Korean, and nothing that could steer a terminal or break an encoder."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

# JSON escapes C0 itself. DEL and C1, bidi controls, the two separators that some take for line ends, and
# halves of surrogate pairs, which are no UTF-8: escaped they say the same.
_STEERING = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def dumps(
    value: Any, *, indent: int | None = None, default: Callable[[Any], Any] | None = None
) -> str:
    """Return the JSON text of a value.

    Raises:
        ValueError: the value holds a number that JSON cannot say.
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False, default=default)
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
