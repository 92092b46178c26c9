from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from hakari.office.intake.sampling import draw, sample_size

KEYS = st.sets(st.text("0123456789abcdef", min_size=4, max_size=8), max_size=30)


@given(st.integers(0, 10_000), st.integers(1, 100))
def test_the_size_is_the_share_rounded_up_and_one_of_each_ten(settled: int, share: int) -> None:
    expected = max(math.ceil(Fraction(settled * share, 100)), math.ceil(Fraction(settled, 10)))
    assert sample_size(settled, share) == expected <= settled


@given(KEYS, st.integers(0, 40), st.text(max_size=8))
def test_a_draw_takes_so_many_different_keys_and_the_same_again(keys: set[str], size: int, seed: str) -> None:
    found = draw(keys, size, seed=seed)
    assert len(set(found)) == len(found) == min(size, len(keys))
    assert set(found) <= keys
    assert draw(sorted(keys, reverse=True), size, seed=seed) == found


@given(KEYS, st.integers(0, 10), st.text(max_size=8))
def test_a_larger_draw_holds_the_smaller(keys: set[str], size: int, seed: str) -> None:
    assert draw(keys, size + 1, seed=seed)[:size] == draw(keys, size, seed=seed)


def test_over_many_seeds_every_key_is_drawn_equally_often() -> None:
    keys, seeds = [f"case-{place}" for place in range(10)], 4_000
    counts = Counter(key for seed in range(seeds) for key in draw(keys, 3, seed=str(seed)))
    spread = math.sqrt(seeds * 0.3 * 0.7)
    assert all(abs(counts[key] - seeds * 0.3) < 5 * spread for key in keys)
