from __future__ import annotations

import pytest
from scipy import stats

from hakari.messages import render
from hakari.office.intake.lanes import Lane
from hakari.office.intake.measuring import LEVEL, rate_of


@pytest.mark.parametrize(("wrong", "read"), [(0, 1), (0, 12), (3, 40), (7, 7)])
def test_the_interval_is_the_exact_one(wrong: int, read: int) -> None:
    found = rate_of(Lane.UNIT, "wrong", wrong, read)
    expected = stats.binomtest(wrong, read).proportion_ci(LEVEL, method="exact")
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_nothing_read_is_no_rate() -> None:
    found = rate_of(Lane.UNIT, "wrong", 0, 0)
    assert found.share is None
    assert "nothing can be said" in render(found.sentence, "en")


def test_the_sentence_names_counts_and_limits() -> None:
    text = render(rate_of(Lane.AT_ONCE, "under", 1, 20).sentence, "en")
    assert "1 of 20, which supports 0.1% to 24.9%" in text
