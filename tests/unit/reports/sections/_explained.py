"""Records of `explanation.tabular` as the section meets them: plain, crooked, hostile, and of an older version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hakari.assessment.case import Case
from hakari.evidence import Estimate, Evidence, Interval, MeasureReference, Producer, Table, Unmeasured
from hakari.messages import Message, say
from tests.unit.reports._example import example_case

__all__ = ["absent", "case_of", "effects", "explained_case", "hostile_case", "number", "record", "rules"]


def number(metric: str, value: float, low: float = 0.0, high: float = 1.0, **slice_: str) -> Estimate:
    """Return an estimate; `with_` stands for the slice `with`."""
    slices = {name.rstrip("_"): level for name, level in slice_.items()}
    interval = Interval(low=low, high=high, level=0.95, method="student t")
    return Estimate(metric=metric, slice=slices, value=value, interval=interval, n=40)


def absent(metric: str) -> Estimate:
    """Return an estimate without a value."""
    nothing = Unmeasured(unmeasured=say("measures.explanation.tabular.no_rows"))
    return Estimate(metric=metric, value=nothing, interval=nothing, n=0)


def effects(points: Mapping[str, list[tuple[Any, float, float]]]) -> Table:
    """Return the table of effects: feature → value, effect, standard error."""
    rows = [
        (place, feature, step, *point)
        for place, (feature, found) in enumerate(points.items())
        for step, point in enumerate(found)
    ]
    columns = ("place", "feature", "step", "at", "effect", "error")
    return Table(name="effects", columns=columns, rows=tuple(rows), details={"quantity": "score", "rows": 40})


def rules(*leaves: tuple[list[tuple[str, str, Any, bool]], float, float]) -> Table:
    """Return the table of rules: conditions, output and share of each."""
    rows = [
        (place, step, *condition, output, share)
        for place, (conditions, output, share) in enumerate(leaves)
        for step, condition in enumerate(conditions)
    ]
    columns = ("rule", "step", "feature", "operator", "value", "or_missing", "output", "share")
    return Table(name="rules", columns=columns, rows=tuple(rows), details={"quantity": "score", "held_out_rows": 12})


def record(*estimates: Estimate, tables: tuple[Table, ...] = (), limits: tuple[Message, ...] = ()) -> Evidence:
    """Return a record with a table of importances, whose quantity is log-odds."""
    importance = Table(name="importance", columns=("feature",), rows=(), details={"quantity": "log_odds"})
    return Evidence(
        kind="measurement",
        measure=MeasureReference(id="explanation.tabular", version="2.0.0", distribution="hakari 0.1.0"),
        estimates=estimates,
        tables=(importance, *tables),
        limits=(say("measures.explanation.tabular.limit.model"), *limits),
        collected_at="2026-11-22T00:00:00Z",
        effective_at="2026-11-22T00:00:00Z",
        producer=Producer(name="test"),
    )


def case_of(found: Evidence) -> Case:
    """Return the example case with this record and no other."""
    return replace(example_case(), evidence={"a": found})


def explained_case() -> Case:
    """Return a case in which every part of the section has something to show."""
    wave = [(at, effect, 0.01) for at, effect in ((20, -0.2), (30, 0.1), (40, 0.2), (50, -0.1))]
    sector = [("public", -0.03, 0.01), ("", 0.0, 0.02), ("private", 0.02, 0.01), ("none", 0.04, 0.01)]
    flag = [(0, 0.01, 0.01), (1, -0.01, 0.01)]
    leaves = (
        ([("age", "<=", 33.5, True), ("sector", "is_not", "public", False)], 0.21, 0.4),
        ([("age", ">", 33.5, False), ("income", "missing", "", False)], 0.34, 0.05),
        ([("age", ">", 33.5, False), ("income", "known", "", False), ("sector", "is", "public", False)], 0.9, 0.55),
    )
    return case_of(
        record(
            number("model_agreement", 1.0, 1.0, 1.0),
            number("repeat_difference_max", 0.0, 0.0, 0.0),
            number("importance", 0.5, 0.4, 0.6, feature="age"),
            number("importance", 0.3, 0.2, 0.45, feature="income"),
            number("importance", 0.1, 0.05, 0.2, feature="sector"),
            number("permutation_importance", 0.2, 0.1, 0.3, feature="age"),
            number("permutation_importance", 0.1, 0.05, 0.15, feature="income"),
            number("conditional_importance", 0.15, 0.05, 0.25, feature="age"),
            number("conditional_importance", 0.01, 0.0, 0.02, feature="income"),
            number("interaction", 0.2, 0.1, 0.3, feature="age", with_="income"),
            number("interaction", 0.02, 0.0, 0.1, feature="age", with_="sector"),
            number("faithful_share", 0.95, 0.9, 0.98),
            number("method_agreement", 0.8, 0.7, 0.9, with_="lime"),
            number("stable_reasons_share", 0.6, 0.5, 0.7),
            absent("max_sensitivity"),
            number("surrogate_fidelity", 0.6, 0.5, 0.7),
            number("decision_agreement", 0.9, 0.8, 0.95),
            number("model_rows", 12345.0, 12345.0, 12345.0),
            tables=(effects({"age": wave, "sector": sector, "flag": flag}), rules(*leaves)),
            limits=(say("measures.explanation.tabular.interactions.limit", rows=40, pairs=3, shown=2),),
        )
    )


def hostile_case() -> Case:
    """Return a case with names and levels as long, as many and as odd as data can hold."""
    features = [f"{'a_very_long_name_of_a_column_' * 4}{number}" for number in range(30)]
    features[:3] = ["<b>&\"'", "特徴量の名前がとても長い場合にどうなるかを確かめるための列", "\u202eعمود"]
    levels = [f"level {place} <script>alert('{place}')</script> " + "x" * place for place in range(60)]
    points: dict[str, list[tuple[Any, float, float]]] = {
        features[0]: [(level, place / 1e3, 1e-3) for place, level in enumerate(levels)],
        features[1]: [(1.0e12 * place, 0.3 - place / 10, 0.2) for place in range(4)],
        features[2]: [(1e-9 * place, place * 1e-7, 1e-8) for place in range(21)],
    }
    points |= {name: [(0, -0.1, 0.01), (1, 0.1, 0.01)] for name in features[3:12]}
    conditions = [(features[0], "is_not", levels[-1], False), (features[5], "<=", 123456789.0, True)]
    return case_of(
        record(
            *(number("importance", 1e6 * (place + 1), 0.0, 1e8, feature=name) for place, name in enumerate(features)),
            *(number("permutation_importance", -0.5, -0.6, -0.4, feature=name) for name in features),
            *(number("interaction", 1e-9, 0.0, 1e-8, feature=name, with_=features[4]) for name in features[5:]),
            absent("surrogate_fidelity"),
            absent("decision_agreement"),
            tables=(effects(points), rules((conditions, -1e7, 0.001), (conditions, 1e7, 0.999))),
        )
    )
