"""Tails of the two distributions, beside sums that are made in another way."""

from __future__ import annotations

from fractions import Fraction
from math import comb, exp, factorial

import pytest

from pipeline.odds import at_most, at_most_of, favours, group, total


def rising(base: Fraction, times: int) -> Fraction:
    product = Fraction(1)
    for i in range(times):
        product *= base + i
    return product


@pytest.mark.parametrize(("matched", "of"), [(0, 5), (2, 9), (9, 9), (4, 30)])
def test_the_beta_binomial_is_the_exact_one(matched: int, of: int) -> None:
    a, b = Fraction(9, 2), Fraction(3, 2)
    exact = sum(
        comb(of, k) * rising(a, k) * rising(b, of - k) / rising(a + b, of)
        for k in range(matched + 1)
    )
    found = at_most_of(matched, of, share=0.75, certainty=6)
    assert found == pytest.approx(float(exact), rel=1e-9)


def test_without_spread_it_is_poisson() -> None:
    exact = sum(exp(-7) * 7**k / factorial(k) for k in range(4))
    assert at_most(3, mean=7, spread=1) == pytest.approx(exact, rel=1e-3)
    assert at_most(3, mean=7, spread=3) > 2 * exact
    assert at_most(0, mean=0, spread=2) == 1
    assert 0 < at_most(0, mean=1e6, spread=1.5) < 1e-200


def test_the_alikeness_of_runs_is_learned() -> None:
    even = total(group(matched, 10) for matched in (5, 4, 6, 5, 5, 4, 6, 5) * 4)
    torn = total(group(matched, 10) for matched in (0, 10) * 16)
    assert even.correlation == 0
    assert torn.correlation > 0.8
    assert even.share == torn.share == pytest.approx(0.5)


def test_more_of_the_same_is_more_evidence_but_for_very_large_numbers() -> None:
    shares = [at_most_of(n // 2, n, share=0.9, certainty=50) for n in (4, 20, 100, 400, 4000)]
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] == shares[-2]


def test_few_pages_tell_which_share_they_come_from() -> None:
    assert favours(1, 1, first=0.98, second=0.0)
    assert not favours(0, 1, first=0.98, second=0.0)
    assert not favours(2, 6, first=0.6, second=0.1) or favours(4, 6, first=0.6, second=0.1)
    assert favours(5, 8, first=0.6, second=0.3)
