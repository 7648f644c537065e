"""What to try where a search found nothing: the same query with less in it."""

from __future__ import annotations

import re

_PARTICLES = (
    "에서는", "에게서", "으로는", "이라고", "에서", "에게", "으로", "까지", "부터", "보다", "처럼", "이나",
    "은", "는", "이", "가", "을", "를", "의", "에", "와", "과", "도", "만", "로",
)  # fmt: skip
"""The longest first, so that 에서 is not taken for 서 with 에 before it."""
_PARTICLE = re.compile(rf"(?<=[가-힣]{{2}})(?:{'|'.join(_PARTICLES)})$")
_WORD = re.compile(r'[^\s"]+|"[^"]*"')
_MOST_WORDS = 4


def simpler(query: str) -> list[str]:
    """Return queries that find more than this one, those that are nearest to it first, and no more than six.

    Words lose their particles, then quotes and what must not be there go, then each word stands alone.
    """
    words = _WORD.findall(query)
    bare = [word for word in words if not word.startswith("-")]
    plain = [part for word in bare for part in word.strip('"').split()]
    stems = [_PARTICLE.sub("", word) for word in plain]
    tries = [" ".join(map(_stem, words)), " ".join(bare), " ".join(plain), " ".join(stems)]
    if len(stems) <= _MOST_WORDS:
        tries += [stem for stem in stems if stem != "OR"]
    found = dict.fromkeys(each for each in tries if each and each != query)
    return list(found)[:6]


def _stem(word: str) -> str:
    return word if word[0] in '"-' else _PARTICLE.sub("", word)
