"""The single file finds the limits, the p-values and the verdicts of the product, from the same counts."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from hakari import statistics as product
from hakari.errors import HakariError
from hakari.standalone.python.numbers import verdict as mine
from hakari.standalone.python.numbers.bootstrap import monte_carlo_error, score_rates
from hakari.standalone.python.numbers.counts import group_rates, read_tally
from hakari.standalone.python.numbers.draws import stream
from hakari.standalone.python.numbers.limits import Limits, simultaneous
from hakari.standalone.python.words import Refused

RATES = ["selection_rate", "accuracy", "true_positive_rate", "precision", "false_omission_rate", "base_rate"]


def table(rng: random.Random, kind: str, groups: int, most: int) -> dict[str, Any]:
    """Return a table of counts, plain, weighted or clustered."""
    columns = {
        "plain": ("g", "label", "prediction", "n"),
        "weighted": ("g", "label", "prediction", "n", "w", "w2"),
        "clustered": ("g", "cluster", "label", "prediction", "n"),
        "both": ("g", "cluster", "label", "prediction", "n", "w", "w2"),
    }[kind]
    rows = []
    for group in range(groups):
        for cluster in range(25 if "cluster" in columns else 1):
            name = f"c{cluster}" if rng.random() < 0.3 else f"g{group}c{cluster}"
            for label in (0, 1):
                for prediction in (0, 1):
                    n = rng.randint(0, most)
                    cell = (f"group {group}", *([name] if "cluster" in columns else []), label, prediction)
                    w = [rng.randint(10, 300) for _ in range(n)] if "w" in columns else []
                    rows.append((*cell, n, *([sum(w), sum(v * v for v in w)] if "w" in columns else [])))
    return {"columns": columns, "rows": rows, "details": {"scale": 100} if "w" in columns else {}}


def both(counted: dict[str, Any], metric: str) -> tuple[Any, Any]:
    tally = product.Tally.from_rows(
        counted["columns"][: counted["columns"].index("n")], counted["rows"], counted["details"].get("scale")
    )
    return product.group_rates(tally, metric, by=("g",)), group_rates(read_tally(counted), metric, ["g"])


def rules(rng: random.Random) -> tuple[product.Rule, mine.Rule]:
    kind = rng.choice(("difference", "ratio", "worst_group"))
    operator = {"difference": "<=", "ratio": ">="}.get(kind, rng.choice(("<=", ">=")))
    line, margin = rng.choice((0.05, 0.1, 0.3) if kind == "difference" else (0.6, 0.8)), rng.choice((0.0, 0.05))
    method, reference = rng.choice(("mover", "box")), rng.choice((None, None, 0, 1, "rest"))
    reference = reference if kind != "worst_group" else None
    theirs = product.Rule(
        aggregation=kind, operator=operator, threshold=line, margin=margin, method=method, reference=reference,  # type: ignore[arg-type]
    )  # fmt: skip
    return theirs, mine.Rule(kind, operator, line, margin, method, reference)


@pytest.mark.parametrize("kind", ["plain", "weighted", "clustered", "both"])
@pytest.mark.parametrize("seed", range(3))
def test_limits_are_the_same(kind: str, seed: int) -> None:
    rng = random.Random(f"{kind}{seed}")
    for most in (3, 60, 5_000) if kind == "plain" else (1, 4):
        theirs, ours = both(table(rng, kind, 4, most), rng.choice(RATES))
        assert ours.names == [group[0] for group in theirs.groups]
        assert (ours.rows, ours.limits.method) == (list(theirs.rows), theirs.method)
        for error in (0.4, 0.025, 1e-4, 1e-12):
            for theirs_limits, our_limits in (
                (theirs.limits, ours.limits),
                (theirs.limits.rest(), ours.limits.rest()),
                (theirs.limits.take([2, 0]), ours.limits.take([2, 0])),
            ):
                same(our_limits.values, theirs_limits.values)
                same(our_limits.lower(error), theirs_limits.lower(error))
                same(our_limits.upper(error), theirs_limits.upper(error))


def same(ours: list[float], theirs: Any) -> None:
    assert ours == pytest.approx(np.asarray(theirs).tolist(), rel=1e-9, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("seed", range(6))
def test_verdicts_and_p_values_are_the_same(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(12):
        kind = rng.choice(("plain", "plain", "weighted", "clustered"))
        groups, most = rng.choice((2, 3, 6)), rng.choice((3, 40, 2_000)) if kind == "plain" else 4
        theirs, ours = both(table(rng, kind, groups, most), rng.choice(RATES))
        their_rule, our_rule = rules(rng)
        try:
            expected = product.decide(their_rule, theirs.limits, error_met=0.01, error_not_met=0.003)
            levels = product.firing_levels(their_rule, theirs.limits)
        except HakariError:
            with pytest.raises(Refused):
                mine.decide(our_rule, ours.limits, 0.01, 0.003)
            continue
        found = mine.decide(our_rule, ours.limits, 0.01, 0.003)
        assert (found.verdict, found.reason, found.extreme) == (
            expected.verdict,
            expected.reason,
            list(expected.extreme),
        )
        same([found.value, found.lower, found.upper], [expected.value, expected.lower, expected.upper])
        same(list(mine.firing_levels(our_rule, ours.limits)), [levels.p_met, levels.p_not_met])


def test_a_thousand_groups_are_compared_in_moments() -> None:
    """All million pairs would take minutes: only those that can decide are looked at."""
    rng = random.Random(1)
    theirs, ours = both(table(rng, "plain", 1_000, 400), "selection_rate")
    rule = product.Rule(aggregation="difference", operator="<=", threshold=0.1, margin=0.05)
    expected = product.decide(rule, theirs.limits, error_met=0.025, error_not_met=0.025)
    found = mine.decide(mine.Rule("difference", "<=", 0.1, 0.05, "mover"), ours.limits, 0.025, 0.025)
    same([found.lower, found.upper], [expected.lower, expected.upper])


@pytest.mark.parametrize("seed", range(40))
def test_holm_gives_the_products_levels(seed: int) -> None:
    rng = random.Random(seed)
    p = [rng.choice((1.0, 1e-15, rng.random(), 10 ** rng.uniform(-15, 0))) for _ in range(rng.randint(1, 9))]
    budgets = [rng.choice((0.025, 0.0125, 0.05)) for _ in p]
    assert mine.holm_levels(p, budgets) == pytest.approx(list(product.holm_levels(p, budgets)), rel=1e-15)


@pytest.mark.parametrize("p", [(1.5, 0.1), (-0.1, 0.1), (0.5, 0.0), (0.5, 1.0)])
def test_levels_of_nothing_are_refused(p: tuple[float, float]) -> None:
    with pytest.raises(Refused):
        mine.holm_levels([p[0]], [p[1]])


# ---------------------------------------------------------------- metrics that are no proportions


@pytest.mark.parametrize("metric", ["brier", "calibration_error", "f1", "balanced_accuracy"])
@pytest.mark.parametrize("by", [(), ("g",)])
def test_bootstrapped_limits_are_the_products(metric: str, by: tuple[str, ...]) -> None:
    """The same draws from the same seed: not within chance, but to the last digits."""
    rng = random.Random(metric)
    axis = "prediction" if metric in ("f1", "balanced_accuracy") else "score"
    scores = [0, 1] if axis == "prediction" else sorted(rng.random() for _ in range(7))
    rows = [(g, label, s, rng.randint(0, 30)) for g in ("a", "b", "none") for s in scores for label in (0, 1)]
    rows = [row if row[0] != "none" else (*row[:3], 0) for row in rows]
    columns = ("g", "label", axis, "n")
    tally = product.Tally.from_rows(columns[:-1], rows)
    theirs = product.smooth_rates(tally, metric, by, rng=product.stream(7, "check", "x"))
    ours = score_rates(
        read_tally({"columns": columns, "rows": rows, "details": {}}), metric, by, stream(7, "check", "x")
    )
    assert ours.limits.method == theirs.method
    same(ours.limits.values, theirs.limits.values)
    for error in (0.4, 0.025, 1e-3, 1e-8):
        same(ours.limits.lower(error), theirs.limits.lower(error))
        same(ours.limits.upper(error), theirs.limits.upper(error))
    drawn = product.monte_carlo_error(lambda limits: simultaneous_of(limits), theirs.limits)
    assert drawn is not None
    for place in range(len(ours.names)):
        found = monte_carlo_error(lambda moved, at=place: ends(moved, at), ours.limits)  # type: ignore[misc]
        assert found is not None
        same(found, [drawn[0][place], drawn[1][place]])


RANKED: dict[str, list[tuple[int, object, int]]] = {
    "mixed": [(0, 0.1, 30), (1, 0.1, 4), (0, 0.6, 12), (1, 0.6, 9), (1, 0.9, 25), (0, 0.9, 6)],
    "in order": [(0, 0.1, 30), (1, 0.9, 20)],
    "in the wrong order": [(0, 0.9, 3), (1, 0.1, 70)],
    "all ties": [(0, 0.5, 700), (1, 0.5, 500)],
    "one of each": [(0, 0.5, 1), (1, 0.5, 1)],
    "a pair in order": [(0, 0.1, 1), (1, 0.5, 1)],
    "few positives": [(0, -3, 400), (0, 2.5, 100), (1, 2.5, 1), (1, 1e6, 2)],
    "many rows": [(0, 0, 9_000_000), (0, 1, 3), (1, 0, 1), (1, 1, 2_000_000)],
    "no positives": [(0, 0.5, 9)],
    "no score": [(1, "missing", 9), (0, "missing", 2)],
}
"""(label, score, rows) of each group."""


@pytest.mark.parametrize("names", [*([name] for name in RANKED), list(RANKED)], ids=str)
def test_limits_of_the_auc_are_the_products_and_draw_nothing(names: list[str]) -> None:
    rows = [(name, *cell) for name in names for cell in RANKED[name]]
    tally = product.Tally.from_rows(("g", "label", "score"), rows)
    theirs = product.smooth_rates(tally, "auc", ("g",), rng=product.stream(7, "check", "x"))
    table = {"columns": ("g", "label", "score", "n"), "rows": rows, "details": {}}
    ours = score_rates(read_tally(table), "auc", ("g",), stream(7, "check", "x"))
    assert ours.limits.method == theirs.method
    assert monte_carlo_error(lambda limits: ends(limits, 0), ours.limits) is None
    same(ours.limits.values, theirs.limits.values)
    for error in (0.5, 0.499, 0.4, 0.025, 1e-3, 1e-8, 1e-15):
        same(ours.limits.lower(error), theirs.limits.lower(error))
        same(ours.limits.upper(error), theirs.limits.upper(error))
    backwards = list(range(len(ours.names)))[::-1]
    same(ours.limits.take(backwards).lower(0.025), ours.limits.lower(0.025)[::-1])


def simultaneous_of(limits: product.Limits) -> Any:
    return product.simultaneous(limits, 0.05)


def ends(limits: Limits, place: int) -> tuple[float, float]:
    low, high = simultaneous(limits, 0.05)
    return low[place], high[place]


def test_many_scores_are_binned_as_in_the_product() -> None:
    from hakari.standalone.python.numbers import bootstrap

    rng = random.Random(1)
    rows = [(label, round(rng.random(), 6), rng.randint(0, 2)) for _ in range(6_000) for label in (0, 1)]
    tally = product.Tally.from_rows(("label", "score"), rows)
    from hakari.statistics import smooth

    groups = smooth.group_scores(tally)
    theirs = smooth._binned(groups[0], smooth._edges(groups))
    found = bootstrap._group_scores(
        read_tally({"columns": ("label", "score", "n"), "rows": rows, "details": {}}), "score", []
    )
    ours = bootstrap._binned(found[()], bootstrap._edges(list(found.values())))
    same(list(ours.scores), theirs.scores)
    assert list(ours.negatives) == theirs.negatives.tolist()
    assert list(ours.positives) == theirs.positives.tolist()


@pytest.mark.parametrize(
    ("columns", "row", "details"),
    [(("g", "label", "prediction", "n"), ("a", 1, 1, -5), {}), (("g", "n"), ("a", 1.5), {}), (("g", "n"), ("a",), {}),
     (("g", "g", "n"), ("a", "a", 1), {}), (("g", "n"), ("a", 2**53), {}), (("g", "n"), ("a", True), {}),
     (("g", "n"), ("a", "x"), {}), (("g", "n"), ("a", "9" * 5000), {}), (("g", "n"), ("a", 1), {"scale": 10})],
)  # fmt: skip
def test_rows_that_are_no_counts_are_refused_as_by_the_product(
    columns: tuple[str, ...], row: tuple[Any, ...], details: dict[str, Any]
) -> None:
    with pytest.raises(Refused):
        read_tally({"columns": columns, "rows": [row], "details": details})
    with pytest.raises(HakariError):
        product.Tally.from_rows(columns[: columns.index("n")], [row], details.get("scale"))


def test_a_group_is_in_order_by_number_then_text_then_missing() -> None:
    rows = [(level, 1, 1, 5) for level in ("b", 10, "missing", 2, "a", None, 1.0, True)]
    counted = {"columns": ("g", "label", "prediction", "n"), "rows": rows, "details": {}}
    theirs, ours = both(counted, "accuracy")
    assert ours.names == [str(group[0]) for group in theirs.groups] == ["1", "2", "10", "a", "b", "missing"]
    assert math.isclose(sum(ours.rows), 40)


def test_an_aggregate_keeps_its_reference_when_a_group_has_no_rows() -> None:
    theirs, ours = both(
        {"columns": ("g", "label", "prediction", "n"), "details": {},
         "rows": [("a", 0, 1, 5), ("b", 1, 1, 30), ("b", 1, 0, 10), ("c", 1, 1, 30), ("c", 1, 0, 40)]},
        "true_positive_rate",
    )  # fmt: skip
    rule = mine.Rule("difference", "<=", 0.1, 0.05, "mover", 2)
    expected = product.decide(
        product.Rule(aggregation="difference", operator="<=", threshold=0.1, margin=0.05, reference=2),
        theirs.limits, error_met=0.025, error_not_met=0.025,
    )  # fmt: skip
    found = mine.decide(rule, ours.limits, 0.025, 0.025)
    same([found.value, found.lower, found.upper], [expected.value, expected.lower, expected.upper])
    with pytest.raises(Refused):
        mine.decide(replace(rule, reference=0), ours.limits, 0.025, 0.025)
