"""Why 8 syllables and a half: pairs of the set that thresholds are chosen on, judged with other ones.

python -m benchmarks.grouping_thresholds [--of-each 60]
"""

from __future__ import annotations

import argparse

from benchmarks.grouping_set import START, pairs
from pipeline import stories
from pipeline.records import Article
from pipeline.stories import Told, headline_key, publisher_key, relation, url_of, wording

_SYLLABLES = (4, 5, 6, 8, 10, 12)
_SHARES = (0.3, 0.4, 0.5, 0.6, 0.7)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--of-each", type=int, default=60, help="pairs of each kind")
    parser.add_argument("--seed", default="tune")
    args = parser.parse_args()
    labelled = list(pairs(args.seed, args.of_each))
    print("copies found / pairs of two stories put together, of the shorter text: ")
    print("syllables " + " ".join(f"{share:>12}" for share in _SHARES))
    for length in _SYLLABLES:
        stories._SHINGLE = length
        told = [(pair, _told(pair.first), _told(pair.second)) for pair in labelled]
        cells = []
        for share in _SHARES:
            stories.COPIED = share
            found = [(pair, relation(other, one) is not None) for pair, one, other in told]
            copies = [there for pair, there in found if pair.truth == "copy"]
            wrong = sum(there for pair, there in found if pair.truth == "none")
            cells.append(f"{sum(copies) / len(copies):.3f} / {wrong:3}")
        print(f"{length:>9} " + " ".join(f"{cell:>12}" for cell in cells), flush=True)


def _told(article: Article) -> Told:
    return Told(
        article.portal,
        publisher_key(article.publisher),
        headline_key(article.headline),
        url_of(article.original_url, article.canonical_url),
        article.published_at or START,
        wording(article.text, article.publisher),
    )


if __name__ == "__main__":
    main()
