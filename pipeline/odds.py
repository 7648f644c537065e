"""How likely so few are: tails of two distributions that allow for more variation than dice have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, lgamma, log, log1p

_LEAST = 1e-300
_ALMOST_ONE = 1.0001
_LARGE = 400
_NOTHING = -700.0
"""Logarithm of what is no number any more."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Counts of several groups: `matched` of `of`, and the sums of squares that tell how groups differ."""

    matched: float = 0.0
    of: float = 0.0
    matched_squared: float = 0.0
    product: float = 0.0
    of_squared: float = 0.0

    def __add__(self, other: Groups) -> Groups:
        return Groups(
            self.matched + other.matched,
            self.of + other.of,
            self.matched_squared + other.matched_squared,
            self.product + other.product,
            self.of_squared + other.of_squared,
        )

    @property
    def share(self) -> float:
        """The share that matched, by Jeffreys' rule: never quite 0 and never quite 1."""
        return (self.matched + 0.5) / (self.of + 1)

    @property
    def correlation(self) -> float:
        """How alike the pages of one group are: 0 for dice, 1 where a group has all or nothing."""
        p = self.share
        pairs = self.of_squared - self.of
        if pairs <= 0:
            return 0.0
        squares = self.matched_squared - 2 * p * self.product + p * p * self.of_squared
        return max(0.0, (squares / (p * (1 - p)) - self.of) / pairs)


def group(matched: float, of: float) -> Groups:
    """Return the tally of one group."""
    return Groups(matched, of, matched * matched, matched * of, of * of)


def total(groups: Iterable[Groups]) -> Groups:
    """Return the sum."""
    return sum(groups, Groups())


def at_most_of(matched: int, of: int, *, share: float, certainty: float) -> float:
    """Return the probability of at most `matched` of `of`: the beta-binomial distribution.

    Args:
        matched: found.
        of: looked at.
        share: expected, between 0 and 1.
        certainty: how many pages the expectation is worth; few mean that it may be quite another share.
    """
    a, b = share * certainty, (1 - share) * certainty
    if (
        of > _LARGE
    ):  # the same share of fewer: less evidence than there is, which errs towards silence
        matched, of = matched * _LARGE // of, _LARGE
    term = exp(lgamma(b + of) - lgamma(b) + lgamma(a + b) - lgamma(a + b + of))  # none matches
    sum_ = term
    for k in range(1, min(matched, of) + 1):
        term *= (of - k + 1) / k * (a + k - 1) / (b + of - k)
        sum_ += term
    return min(1.0, max(sum_, _LEAST))


def at_most(found: float, *, mean: float, spread: float) -> float:
    """Return the probability of at most `found` events: the negative binomial distribution.

    Args:
        found: seen.
        mean: expected.
        spread: variance by mean; 1 is Poisson.
    """
    if mean <= 0:
        return 1.0
    spread = max(spread, _ALMOST_ONE)
    size, p = mean / (spread - 1), 1 / spread
    log_term = size * log(p)
    sum_ = exp(log_term) if log_term > _NOTHING else 0.0
    ratio = log1p(-p)
    for k in range(1, int(found) + 1):
        log_term += log((size + k - 1) / k) + ratio
        sum_ += exp(log_term) if log_term > _NOTHING else 0.0
    return min(1.0, max(sum_, _LEAST))


def favours(matched: int, of: int, *, first: float, second: float) -> bool:
    """Do these pages rather come from the first share than from the second?"""
    low, high = 0.01, 0.99
    one, two = min(max(first, low), high), min(max(second, low), high)
    return matched * log(one / two) + (of - matched) * log((1 - one) / (1 - two)) > 0
