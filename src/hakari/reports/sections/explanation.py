"""What the model rests on, as the report shows it: importance of features, and whether the explanation is true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from hakari.assessment.case import Case
from hakari.evidence import Estimate, Evidence, Unmeasured
from hakari.messages import say
from hakari.reports.figure import Figure
from hakari.reports.figures import NARROW, WIDE, Row, forest_svg
from hakari.reports.tables import Table
from hakari.reports.words import Words

__all__ = ["ExplanationView", "TrialView", "explanation_view"]

MEASURE: Final = "explanation.tabular"
_DRAWN: Final = 15
"""Features that the chart draws; the table has them all."""
_NAMED: Final = 3
_TRIALS: Final = (
    "faithful_share",
    "deletion_gain",
    "insertion_gain",
    "infidelity",
    "randomisation_similarity",
    "method_agreement",
    "stable_reasons_share",
    "rank_correlation",
    "max_sensitivity",
    "surrogate_fidelity",
)
_SHARES: Final = frozenset({"faithful_share", "stable_reasons_share", "surrogate_agreement"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialView:
    """One test of the explanation, all text rendered."""

    name: str
    value: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplanationView:
    """One record of `explanation.tabular`, all text rendered."""

    figure: Figure
    trials: tuple[TrialView, ...]
    limits: tuple[str, ...]
    cost: str


def explanation_view(case: Case, words: Words) -> ExplanationView | None:
    """Return what the report shows of the newest explanation in the case, or None where there is none."""
    records = [item for item in case.evidence.values() if item.measure is not None and item.measure.id == MEASURE]
    if not records:
        return None
    record = max(records, key=lambda item: item.collected_at)
    if not any(estimate.metric == "importance" for estimate in record.estimates):
        return None
    return ExplanationView(
        figure=_figure(record, words),
        trials=tuple(_trials(record, words)),
        limits=tuple(words(limit) for limit in record.limits),
        cost=_cost(record, words),
    )


def _figure(record: Evidence, words: Words) -> Figure:
    known = sorted(_known(record, "importance"), key=lambda item: -_value(item))
    rows = [
        Row(
            name=item.slice["feature"],
            figure=_span(item, words),
            value=_value(item),
            low=_ends(item)[0],
            high=_ends(item)[1],
            in_scope=True,
            extreme=False,
        )
        for item in known[:_DRAWN]
    ]
    unit = words.say(f"measures.explanation.quantity.{_quantity(record)}")
    title = words.say("reports.explanation.axis", unit=unit)
    pictures = {
        width: (Markup(forest_svg(rows, axis_title=title, percent=False, lines=None, width=width)),)  # noqa: S704  # our own drawing
        for width in (WIDE, NARROW)
    }
    first = words.join([item.slice["feature"] for item in known[:_NAMED]])
    sentence = words.say("reports.explanation.sentence", features=first, rows=known[0].n, unit=unit)
    more = len(known) - len(rows)
    return Figure(
        id="explanation-importance",
        title=words.say("reports.explanation.figure", unit=unit),
        sentence=sentence,
        notes=(words.say("reports.explanation.more", shown=len(rows), n=more),) if more > 0 else (),
        wide=pictures[WIDE],
        narrow=pictures[NARROW],
        tables=(_table(record, known, words),),
    )


def _table(record: Evidence, known: list[Estimate], words: Words) -> Table:
    loss = {item.slice.get("feature"): item for item in _known(record, "permutation_importance")}

    def rise(name: str) -> str:
        return _span(loss[name], words) if name in loss else "–"

    rows = tuple((item.slice["feature"], _span(item, words), rise(item.slice["feature"])) for item in known)
    headers = tuple(words.say(f"reports.explanation.header.{name}") for name in ("feature", "importance", "loss"))
    return Table(caption=words.say("reports.explanation.table"), headers=headers, rows=rows, numbers=frozenset({1, 2}))


def _trials(record: Evidence, words: Words) -> Iterator[TrialView]:
    for metric in _TRIALS:
        for item in record.estimates:
            if item.metric == metric:
                value = item.value
                yield TrialView(
                    name=words.say(f"reports.explanation.trial.{metric}"),
                    value=words(value.unmeasured) if isinstance(value, Unmeasured) else _span(item, words),
                    meaning=words.say(f"reports.explanation.meaning.{metric}"),
                )


def _cost(record: Evidence, words: Words) -> str:
    for item in _known(record, "model_rows"):
        return words.say("reports.explanation.cost", n=int(_value(item)))
    return ""


def _known(record: Evidence, metric: str) -> Iterator[Estimate]:
    return (item for item in record.estimates if item.metric == metric and not isinstance(item.value, Unmeasured))


def _value(item: Estimate) -> float:
    assert not isinstance(item.value, Unmeasured)
    return item.value


def _ends(item: Estimate) -> tuple[float, float]:
    if isinstance(item.interval, Unmeasured):
        return _value(item), _value(item)
    return item.interval.low, item.interval.high


def _span(item: Estimate, words: Words) -> str:
    """The value and its interval, in per cent for shares and with two digits that count for others."""
    low, high = _ends(item)
    share = item.metric in _SHARES
    written = [f"{number:.1%}" if share else f"{number:.2g}" for number in (_value(item), low, high)]
    if isinstance(item.interval, Unmeasured) or low == high:
        return written[0]
    return words(say("reports.explanation.span", value=written[0], low=written[1], high=written[2]))


def _quantity(record: Evidence) -> str:
    """What was explained: the table of importances says it, because `auto` is settled by the model."""
    for table in record.tables:
        if table.name == "importance":
            return str(table.details["quantity"])
    return "score"
