"""What stands first, and when nothing does."""

from __future__ import annotations

import numpy as np
import pytest

from hakari.evidence import Estimate, Interval, Unmeasured
from hakari.measures._estimates import unmeasured
from hakari.measures.explanation import Cost
from hakari.measures.explanation.truth import LINES, Trial, infidelity_of, says_first
from hakari.messages import render, say
from tests.unit.measures.explanation.truth.known import asked, attributions, features, linear, linear_values


def trial(metric: str, low: float, high: float) -> Trial:
    interval = Interval(low=low, high=high, level=0.95, method="t")
    estimate = Estimate(metric=metric, value=(low + high) / 2, interval=interval, n=50)
    return Trial(about="faithfulness", estimates=(estimate,), per_row=np.zeros(50), cost=Cost(model_rows=0))


@pytest.mark.parametrize("metric", LINES)
def test_an_interval_wholly_on_the_bad_side_is_said_in_both_languages(metric: str) -> None:
    line = LINES[metric]
    bad = (line.value - 0.3, line.value - 0.1) if line.bad == "below" else (line.value + 0.1, line.value + 0.3)
    message = says_first([trial(metric, *bad)])
    assert message is not None
    assert "1 check" in render(message, "en")
    assert "1 件" in render(message, "ja")
    assert says_first([trial(metric, line.value - 0.1, line.value + 0.1)]) is None


def test_all_failures_are_named_and_counted() -> None:
    message = says_first(
        [trial("infidelity", 2, 3), trial("faithful_share", 0.1, 0.2), trial("rank_correlation", 0, 0)]
    )
    assert message is not None
    text = render(message, "en")
    assert "2 checks" in text
    assert text.index("15%") < text.index("2.50")


def test_rows_that_are_all_alike_have_no_interval_and_still_show_a_failure() -> None:
    rows, background = features(6, seed=1), features(5, seed=2)
    wrong = attributions(rows, -linear_values(rows, background))
    found = infidelity_of(asked(linear), rows, wrong, background, np.random.default_rng(0))
    assert isinstance(found.estimates[0].interval, Unmeasured)
    message = says_first([found])
    assert message is not None
    assert "4.00" in render(message, "en")
    few = wrong.take(slice(0, 5))
    assert (
        says_first([infidelity_of(asked(linear), rows.take(slice(0, 5)), few, background, np.random.default_rng(0))])
        is None
    )


def test_what_was_not_measured_is_no_failure() -> None:
    absent = Trial(
        about="faithfulness",
        estimates=(unmeasured("infidelity", say("measures.explanation.truth.infidelity.nothing")),),
        per_row=np.zeros(1),
        cost=Cost(model_rows=0),
    )
    assert says_first([absent]) is None
    with pytest.raises(KeyError):
        absent.estimate("faithful_share")
