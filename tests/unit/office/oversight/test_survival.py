from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.office.oversight.figures.survival import Course, kaplan_meier

PAIRS = st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=40)


def _course(days: int, ended: bool, entry: int = 0) -> Course:
    return Course(days=days, ended=ended, entry=entry)


@given(PAIRS)
def test_the_share_is_the_product_of_those_who_went_on(pairs: list[tuple[int, bool]]) -> None:
    curve, still = kaplan_meier(_course(*pair) for pair in pairs), 1.0
    for day, found, _ in curve.steps:
        watched = sum(days >= day for days, _ in pairs)
        still *= 1 - sum(pair == (day, True) for pair in pairs) / watched
        assert found == pytest.approx(still)


@given(PAIRS)
def test_without_open_cases_the_half_is_the_ordinary_median(pairs: list[tuple[int, bool]]) -> None:
    days = sorted(days for days, _ in pairs)
    found = kaplan_meier(_course(day, True) for day in days).quantile(0.5).days
    assert found == days[(len(days) + 1) // 2 - 1]


def test_share_and_half_are_those_of_statsmodels() -> None:
    survival = pytest.importorskip("statsmodels.duration.survfunc").SurvfuncRight
    made = np.random.default_rng(7)
    days, ended = made.integers(1, 90, 200), made.random(200) < 0.6
    curve = kaplan_meier(_course(int(day), bool(end)) for day, end in zip(days, ended, strict=True))
    theirs = survival(days, ended.astype(int))
    ours = dict(zip((step[0] for step in curve.steps), (step[1] for step in curve.steps), strict=True))
    shares = dict(zip(theirs.surv_times, theirs.surv_prob, strict=True))
    assert all(ours[int(day)] == pytest.approx(share) for day, share in shares.items() if int(day) in ours)
    assert curve.quantile(0.5).days == theirs.quantile(0.5)


def test_late_entry_is_that_of_statsmodels() -> None:
    survival = pytest.importorskip("statsmodels.duration.survfunc").SurvfuncRight
    made = np.random.default_rng(11)
    days, ended = made.integers(20, 90, 150), made.random(150) < 0.7
    entry = np.minimum(made.integers(0, 20, 150), days)
    pairs = zip(days, ended, entry, strict=True)
    curve = kaplan_meier(_course(int(day), bool(end), int(start)) for day, end, start in pairs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # Theirs watches from after the entry on, ours from that day on.
        theirs = survival(days.astype(float), ended.astype(int), entry=entry - 0.5)
    assert curve.quantile(0.5).days == theirs.quantile(0.5)
    assert curve.steps[-1][1] == pytest.approx(theirs.surv_prob[-1])


def test_limits_turn_the_log_minus_log_limits_of_each_day_round() -> None:
    pairs = [(day, day % 3 != 0) for day in range(1, 61)]
    curve = kaplan_meier(_course(*pair) for pair in pairs)
    lows, highs = [], []
    for day, still, _ in curve.steps:
        risk = [(d, sum(days >= d for days, _ in pairs)) for d, ended in pairs if ended and d <= day]
        spread = np.sqrt(sum(1 / (n * (n - 1)) for _, n in risk if n > 1)) / abs(np.log(still)) if still else np.inf
        place = np.log(-np.log(still)) if still else np.inf
        lows += [day] if np.exp(-np.exp(place + 1.959964 * spread)) <= 0.5 else []
        highs += [day] if np.exp(-np.exp(place - 1.959964 * spread)) <= 0.5 else []
    assert (curve.quantile(0.5).low, curve.quantile(0.5).high) == (lows[0], highs[0])


def test_what_nobody_reached_has_no_half() -> None:
    curve = kaplan_meier([Course(days=5, ended=True), Course(days=9, ended=False, count=3)])
    assert (curve.cases, curve.ended, curve.open) == (4, 1, 3)
    assert (curve.quantile(0.25).days, curve.quantile(0.5).days) == (5, None)
