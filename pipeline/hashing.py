"""One hash for equal content: over compact JSON in UTF-8."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import orjson


def hashed(content: Any) -> str:
    """Return the SHA-256 (hex) of texts, numbers and tuples of them.

    Half a surrogate pair, which has no form in UTF-8, counts as U+FFFD, as which it is stored.
    """
    try:
        packed = orjson.dumps(content)
    except orjson.JSONEncodeError:
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        packed = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
    return hashlib.sha256(packed).hexdigest()
