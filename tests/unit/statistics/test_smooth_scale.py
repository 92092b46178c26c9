"""The scale, the standard errors and the replicates behind the limits of smooth metrics, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hakari.statistics import score_metrics, smooth
from hakari.statistics._arrays import FloatArray
from hakari.statistics.limits import Limits
from hakari.statistics.smooth import SMOOTH_METRICS, GroupScores, group_scores, smooth_limits, smooth_rates
from hakari.statistics.studentised import StudentisedBootstrap
from hakari.statistics.tally import MISSING, Tally

Cell = tuple[object, ...]


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def scored(*cells: Cell) -> Tally:
    """Cells (label, score, rows)."""
    return Tally.from_cells(("label", "score"), cells)


def limits_of(metric: str, *cells: Cell, replicates: int = 200) -> StudentisedBootstrap:
    axis = SMOOTH_METRICS[metric].axis
    return drawn(smooth_limits(Tally.from_cells(("label", axis), cells), metric, rng=rng(), replicates=replicates))


def drawn(limits: Limits) -> StudentisedBootstrap:
    assert isinstance(limits, StudentisedBootstrap)
    return limits


def logit(p: float) -> float:
    return math.log(p / (1 - p))


MIXED: list[Cell] = [(0, 0.1, 30), (1, 0.1, 4), (0, 0.6, 12), (1, 0.6, 9), (1, 0.9, 25), (0, 0.9, 6)]
DECIDED: list[Cell] = [(0, 0, 30), (1, 0, 4), (0, 1, 12), (1, 1, 25)]
TABLE = np.array([[30.0, 12], [4, 25]])
NEG, POS, AT = np.array([30.0, 12, 6]), np.array([4.0, 9, 25]), np.array([0.1, 0.6, 0.9])
VARIANCES = {
    "balanced_accuracy": (score_metrics.balanced_accuracy(TABLE), score_metrics.balanced_accuracy_variance(TABLE)),
    "f1": (score_metrics.f1(TABLE), score_metrics.f1_variance(TABLE)),
    "brier": (score_metrics.brier(AT, NEG, POS), score_metrics.brier_variance(AT, NEG, POS)),
    "calibration_error": (
        score_metrics.calibration_error(AT, NEG, POS), score_metrics.calibration_variance(AT, NEG, POS),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("metric", "cells"), [("balanced_accuracy", DECIDED), ("f1", DECIDED), ("brier", MIXED)])
def test_on_the_logit_scale_the_standard_error_is_divided_by_the_slope(metric: str, cells: list[Cell]) -> None:
    found, (value, variance) = limits_of(metric, *cells), VARIANCES[metric]
    assert found.logit
    assert found.centres[0] == pytest.approx(logit(float(value)))
    assert found.spreads[0] == pytest.approx(math.sqrt(variance) / (value * (1 - value)))


def test_the_calibration_error_stays_on_its_own_scale() -> None:
    found, (value, variance) = limits_of("calibration_error", *MIXED), VARIANCES["calibration_error"]
    assert not found.logit
    assert found.centres[0] == pytest.approx(float(value))
    assert found.spreads[0] == pytest.approx(math.sqrt(variance))


@pytest.mark.parametrize(
    ("metric", "cells", "value", "rows"),
    [
        ("balanced_accuracy", [(0, 0, 30), (1, 1, 20)], 1.0, 20),
        ("balanced_accuracy", [(0, 1, 20), (1, 0, 30)], 0.0, 20),
        ("balanced_accuracy", [(0, 0, 3), (1, 1, 1)], 1.0, 1),
        ("brier", [(0, 0.0, 6), (1, 1.0, 8)], 0.0, 14),
        ("brier", [(0, 1.0, 6), (1, 0.0, 8)], 1.0, 14),
        ("brier", [(0, 0.25, 6)], 0.0625, 6),
        ("f1", [(1, 1, 5), (0, 0, 4)], 1.0, 9),
        ("f1", [(1, 0, 5), (0, 1, 4)], 0.0, 9),
    ],
)
def test_without_any_spread_half_a_row_is_added_to_each_side(
    metric: str, cells: list[Cell], value: float, rows: int
) -> None:
    """The rows are all of them, or those of the rarer class where both classes are needed."""
    found = limits_of(metric, *cells)
    moved = (value * rows + 0.5) / (rows + 1)
    error = math.sqrt(moved * (1 - moved) / rows)
    if metric != "brier":  # the variances of the others are above 0 by themselves: the larger of the two counts
        table = np.zeros((2, 2))
        for label, prediction, count in cells:
            table[int(str(label)), int(str(prediction))] = float(str(count))
        own = {"f1": score_metrics.f1_variance, "balanced_accuracy": score_metrics.balanced_accuracy_variance}
        error = max(error, math.sqrt(own[metric](table)))
    assert found.values[0] == pytest.approx(value)
    assert found.centres[0] == pytest.approx(logit(moved))
    assert found.spreads[0] == pytest.approx(error / (moved * (1 - moved)))


def test_pivots_are_the_replicates_distance_from_the_centre_in_standard_errors() -> None:
    """Brier of one cell of each label: the replicates are binomial, and each can be computed alone."""
    found = limits_of("brier", (0, 0.25, 60), (1, 0.5, 40), replicates=400)
    counts = rng().multinomial(100, [0.6, 0.0, 0.0, 0.4], size=400).astype(float)
    own = []
    for zeros, _, _, ones in counts.tolist():
        squares = np.r_[np.full(int(zeros), 0.25**2), np.full(int(ones), 0.5**2)]
        p, error = squares.mean(), squares.std(ddof=1) / 10
        own.append((logit(p) - found.centres[0]) / (error / (p * (1 - p))))
    assert found.pivots[:, 0] == pytest.approx(np.sort(own))


def test_replicates_without_an_error_have_the_rows_of_their_own_rarer_class() -> None:
    """Each replicate decides all rightly too, so that only its numbers of rows make it differ."""
    found = limits_of("balanced_accuracy", (0, 0, 30), (1, 1, 20), replicates=300)
    own = []
    for zeros, _, _, ones in rng().multinomial(50, [0.6, 0.0, 0.0, 0.4], size=300).tolist():
        rows = min(zeros, ones)
        moved = (rows + 0.5) / (rows + 1)
        added = score_metrics.balanced_accuracy_variance(np.diag([zeros, ones]))
        error = math.sqrt(max(moved * (1 - moved) / rows, added)) / (moved * (1 - moved))
        own.append((logit(moved) - found.centres[0]) / error)
    assert found.pivots[:, 0] == pytest.approx(np.sort(own))


def test_replicates_that_lost_a_class_go_to_both_outsides_in_turn() -> None:
    """Three of four rows are negative: no positive with chance .75⁴, no negative with .25⁴."""
    pivots = limits_of("balanced_accuracy", (0, 0, 1), (0, 1, 2), (1, 1, 1), replicates=2000).pivots[:, 0]
    outside = [int(np.sum(pivots == side)) for side in (-np.inf, np.inf)]
    chance = 0.75**4 + 0.25**4
    assert 0 <= outside[1] - outside[0] <= 1
    assert sum(outside) == pytest.approx(2000 * chance, abs=5 * math.sqrt(2000 * chance * (1 - chance)))
    assert not np.isnan(pivots).any()


@pytest.mark.parametrize("chunk", [1, 4, 40, 401])
def test_drawing_in_pieces_gives_the_same_replicates(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = limits_of("balanced_accuracy", *DECIDED, replicates=101)
    monkeypatch.setattr(smooth, "_CHUNK", chunk)
    assert np.array_equal(limits_of("balanced_accuracy", *DECIDED, replicates=101).pivots, whole.pivots)


def test_a_group_without_a_value_does_not_stop_the_next_one() -> None:
    cells = [("a", 1, 1, 9), *(("b", *cell) for cell in DECIDED), ("c", None, 1, 3)]
    tally = Tally.from_cells(("g", "label", "prediction"), cells)
    found = drawn(smooth_limits(tally, "balanced_accuracy", by=["g"], rng=rng(), replicates=200))
    assert np.isnan(found.values).tolist() == [True, False, True]
    assert np.isnan(found.centres).tolist() == [True, False, True]
    # A group without a value draws nothing, so the group between them has the replicates it has alone.
    assert np.array_equal(found.pivots[:, 1], limits_of("balanced_accuracy", *DECIDED).pivots[:, 0])
    assert (found.lower(0.1)[[0, 2]].tolist(), found.upper(0.1)[[0, 2]].tolist()) == ([0, 0], [1, 1])


def test_scores_of_groups_are_counted_by_label_in_rising_order() -> None:
    cells: list[Cell] = [
        ("b", 1, 0.5, 4), ("b", 0, 0.5, 1), ("b", 1, 0.25, 2), ("a", 0, 7, 3), ("a", None, 0.5, 5), ("a", 1, None, 6),
        ("c", 2, 0.5, 9),
    ]  # fmt: skip
    found = group_scores(Tally.from_cells(("g", "label", "score"), cells), by=["g"])
    assert [group.group for group in found] == [("a",), ("b",), ("c",)]
    assert [(group.rows, group.labelled) for group in found] == [(14, 3), (7, 7), (9, 0)]
    assert [type(group.labelled) for group in found] == [int] * 3
    assert [group.scores.tolist() for group in found] == [[7.0], [0.25, 0.5], []]
    assert [group.negatives.tolist() for group in found] == [[3], [0, 1], []]
    assert [group.positives.tolist() for group in found] == [[0], [2, 4], []]


def test_a_text_score_without_a_label_is_not_read() -> None:
    assert group_scores(scored((None, "high", 3), (1, 0.5, 2)))[0].scores.tolist() == [0.5]


def test_rates_of_smooth_metrics_name_their_groups_and_have_no_successes() -> None:
    cells = [*(("z", *cell) for cell in MIXED), *((None, *cell) for cell in MIXED), ("z", None, 0.5, 3)]
    tally = Tally.from_cells(("g", "label", "score"), cells)
    found = smooth_rates(tally, "brier", ["g"], rng=rng(), replicates=200)
    assert (found.metric, found.columns, found.groups) == ("brier", ("g",), (("z",), (MISSING,)))
    assert (found.rows, found.trials.tolist()) == ((89, 86), [86, 86])
    assert np.isnan(found.successes).tolist() == [True, True]
    assert (found.approximate, found.method) == (True, found.limits.method)
    same = smooth_limits(tally, "brier", by=["g"], rng=rng(), replicates=200)
    assert np.array_equal(found.limits.lower(0.05), same.lower(0.05))


def test_2000_replicates_are_drawn_where_nothing_is_said() -> None:
    assert drawn(smooth_limits(scored(*MIXED), "brier", rng=rng())).pivots.shape == (2000, 1)
    assert drawn(smooth_rates(scored(*MIXED), "brier", rng=rng()).limits).pivots.shape == (2000, 1)
    assert limits_of("brier", *MIXED, replicates=100).pivots.shape == (100, 1)


def test_bins_are_used_above_the_largest_number_of_cells_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two groups with three scores each have twelve cells of score and class."""
    tally = Tally.from_cells(("g", "label", "score"), [(g, *cell) for g in "ab" for cell in MIXED])
    for largest, binned in ((12, False), (11, True)):
        monkeypatch.setattr(smooth, "LARGEST_EXACT", largest)
        found = drawn(smooth_limits(tally, "brier", by=["g"], rng=rng(), replicates=200))
        assert ("bins" in found.method) == binned
        assert (found.detail == "") != binned
    assert smooth.FINE_BINS == 1000
    assert found.detail == "replicates on 1000 bins of scores with equal counts"


def many(count: int = 3000) -> GroupScores:
    draw = rng(4)
    scores = np.unique(np.round(draw.random(count), 9))
    negatives, positives = (draw.integers(*ends, len(scores)).astype(np.float64) for ends in ((1, 10), (0, 3)))
    return GroupScores((), 0, scores, negatives, positives)


def test_bins_hold_equal_shares_and_keep_every_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smooth, "FINE_BINS", 50)
    group = many()
    found = smooth._binned(group, smooth._edges([group]))
    rows, before = found.negatives + found.positives, group.negatives + group.positives
    assert len(found.scores) == 50
    # A bin ends with the score that reaches its share, so it is off by less than one score's rows at each end.
    assert rows == pytest.approx(np.full(50, before.sum() / 50), abs=before.max())
    assert (found.negatives.sum(), found.positives.sum()) == (group.negatives.sum(), group.positives.sum())
    place = np.searchsorted(np.cumsum(rows), np.cumsum(before))
    for number in range(50):
        inside = place == number
        assert found.negatives[number] == group.negatives[inside].sum()
        assert found.scores[number] == pytest.approx(np.average(group.scores[inside], weights=before[inside]))


def test_bins_are_common_to_all_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    """A group of low scores takes its share of the bins, and an edge never parts equal scores."""
    monkeypatch.setattr(smooth, "FINE_BINS", 4)
    low, high = (GroupScores((), 0, np.arange(2.0) + at, np.full(2, 5.0), np.full(2, 5.0)) for at in (0, 2))
    for groups in ((low, high), (high, low)):
        assert smooth._edges(groups).tolist() == [0, 1, 2]
    assert smooth._binned(high, np.array([0.0, 1.0, 2.0])).scores.tolist() == [2, 3]


def test_means_of_bins_stay_inside_the_scores() -> None:
    group = GroupScores((), 0, np.array([1 - 2**-53, 1.0]), np.full(2, 3.0), np.full(2, 4.0))
    assert smooth._binned(group, np.array([2.0])).scores[0] <= 1.0
    same: FloatArray = np.full(1, 0.1)
    assert smooth._binned(GroupScores((), 0, same, np.full(1, 3.0), np.zeros(1)), np.array([2.0])).scores[0] == 0.1


def test_the_table_says_what_each_metric_needs() -> None:
    """Brier score and calibration error need probabilities; AUC and balanced accuracy need both classes."""

    def those(**fields: object) -> set[str]:
        ((name, value),) = fields.items()
        return {metric.name for metric in SMOOTH_METRICS.values() if getattr(metric, name) == value}

    assert those(unit_scores=True) == those(high_is="bad") == {"brier", "calibration_error"}
    assert those(both_classes=True) == {"auc", "balanced_accuracy"}
    assert those(ranking=True) == {"auc"}
    assert those(axis="prediction") == {"f1", "balanced_accuracy"}
    assert those(axis="score") == those(high_is="good") ^ {"brier", "calibration_error", "f1", "balanced_accuracy"}
    assert set(SMOOTH_METRICS) == those(axis="score") | those(axis="prediction")


def test_scores_of_exactly_0_and_1_are_probabilities_and_others_are_not() -> None:
    assert limits_of("brier", (0, 0, 3), (1, 1, 3), (0, 1, 1)).values[0] == pytest.approx(1 / 7)
    for score in (-1e-9, 1 + 1e-9):
        with pytest.raises(ValueError, match="outside"):
            limits_of("brier", (0, 0, 3), (1, score, 3))
