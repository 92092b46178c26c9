"""Row view: one explained row with every sentence rendered in one language, for the terminal and for the page."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from hakari.evidence import Unmeasured
from hakari.messages import Message, say
from hakari.reports.explained.result import RowExplanation
from hakari.reports.words import Words

__all__ = ["FeatureLine", "Numbers", "RowView", "TestLine", "row_view"]

_DIGITS: Final = 3
"""Digits that count in the largest contribution; all others stand in its decimals, so that they can be compared."""
_MOST_DECIMALS: Final = 6
_NO_NEWS: Final = frozenset({"measures.explanation.truth.ranks.near_line", "measures.explanation.truth.ranks.left_out"})
"""Limits that count rows; of one row a sentence says it already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """How contributions are written: with equal decimals, in scientific notation where these would show nothing."""

    decimals: int | None
    """None for scientific notation."""
    minus: str = "-"

    @classmethod
    def like(cls, values: Any, *, minus: str = "-", digits: int = _DIGITS) -> Numbers:
        """Return the numbers that show so many digits of the largest of `values`."""
        largest = float(np.abs(values).max(initial=0.0))
        if largest == 0:
            return cls(decimals=2, minus=minus)
        decimals = digits - 1 - math.floor(math.log10(largest))
        return cls(decimals=None if decimals > _MOST_DECIMALS else max(decimals, 0), minus=minus)

    def plain(self, value: float) -> str:
        """Return a number without a plus."""
        return self._written(value, "")

    def signed(self, value: float) -> str:
        """Return a number with its sign; what rounds to 0 has none."""
        return self._written(value, "+")

    def _written(self, value: float, sign: str) -> str:
        form = ".2e" if self.decimals is None else f",.{self.decimals}f"
        text = format(value, sign + form)
        if not any(digit in text for digit in "123456789"):
            text = text.lstrip("+-")
        return text.replace("-", self.minus)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureLine:
    """One feature, or a group of features, of the row."""

    name: str
    value: str
    """The row's own value; for a group all of them, by column."""
    brief: str
    """The same without the names of columns."""
    usual: str
    """The middle of the rows compared with, as brief."""
    contribution: float
    error: float | None
    """Standard error; 0 where exact, None where the method has none."""
    kept: float | None
    """Share of repeats in which it held; None where it is not among the strongest on its side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestLine:
    """One question to the explanation of the row."""

    __test__ = False  # no test of pytest's
    name: str
    value: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """The whole view; numbers as numbers where charts and tables need them."""

    title: str
    private: str
    """Whose data these are, and for whom this is."""
    decision: str
    way: str
    """From where to where, in one line."""
    warnings: tuple[str, ...]
    unit: str
    base: float
    output: float
    line: float | None
    line_word: str
    features: tuple[FeatureLine, ...]
    """Strongest first."""
    sentences: tuple[str, ...]
    """What moved it most, and whether that holds."""
    tests: tuple[TestLine, ...]
    making: tuple[tuple[str, str], ...]
    """Label and value: method, what stands in, rows compared with, groups, seed, price."""
    limits: tuple[str, ...]
    numbers: Numbers
    """Of contributions, base, output and line."""
    errors: Numbers
    """Of standard errors."""


def row_view(found: RowExplanation, words: Words, *, minus: str = "-") -> RowView:
    """Return what is shown of an explained row, in the language of `words`."""
    from hakari.measures.explanation import sentences

    shown = found.shown
    numbers = Numbers.like(shown.values[0], minus=minus)
    base, output = float(shown.base[0]), float(shown.outputs[0])
    unit = words.say(f"measures.explanation.quantity.{shown.quantity}")
    # The first sentence is the way, which stands in a line of its own; the last one says how it was made.
    told = [*sentences(shown)[1:-1], _reasons(found)]
    return RowView(
        title=words.say("reports.explained.title", row=found.row, title=found.title[words.language]),
        private=words.say("reports.explained.private"),
        decision=words(_decision(found)),
        way=words(_way(found, numbers)),
        warnings=tuple(words(each) for each in found.warnings),
        unit=unit,
        base=base,
        output=output,
        line=found.line,
        line_word=words.say("reports.explained.line"),
        features=_features(found, words),
        sentences=tuple(words(each) for each in told),
        tests=tuple(_tests(found, words)),
        making=tuple(_making(found, words)),
        limits=tuple(words(each) for each in _limits(found)),
        numbers=numbers,
        errors=Numbers.like(np.zeros(1) if shown.errors is None else shown.errors[0], minus=minus, digits=2),
    )


def _decision(found: RowExplanation) -> Message:
    side = "positive" if found.positive else "other"
    if found.score is None:
        return say(f"reports.explained.decision.{side}_class", name=found.positive_class)
    return say(
        f"reports.explained.decision.{side}", name=found.positive_class, score=found.score, threshold=found.threshold
    )


def _way(found: RowExplanation, numbers: Numbers) -> Message:
    shown = found.shown
    return say(
        "reports.explained.way" if found.line is None else "reports.explained.way_line",
        unit=say(f"measures.explanation.quantity.{shown.quantity}"),
        base=numbers.plain(float(shown.base[0])),
        output=numbers.plain(float(shown.outputs[0])),
        line="" if found.line is None else numbers.plain(found.line),
        n=found.compared,
    )


def _features(found: RowExplanation, words: Words) -> tuple[FeatureLine, ...]:
    shown = found.shown
    values = shown.values[0]
    order = np.argsort(-np.abs(values), kind="stable")
    return tuple(
        FeatureLine(
            name=shown.names[at],
            value=_cells(found.own, shown.players[shown.names[at]], words),
            brief=_brief(found.own, shown.players[shown.names[at]], words),
            usual=_brief(found.usual, shown.players[shown.names[at]], words),
            contribution=float(values[at]),
            error=None if shown.errors is None else float(shown.errors[0, at]),
            kept=_kept(found, at),
        )
        for at in map(int, order)
    )


def _kept(found: RowExplanation, at: int) -> float | None:
    """The share; of features that are not among the strongest on their side nobody looked whether they hold."""
    values = found.shown.values[0]
    if found.shown.kept is None or values[at] == 0:
        return None
    stronger = (np.sign(values) == np.sign(values[at])) & (np.abs(values) > np.abs(values[at]))
    return float(found.shown.kept[0, at]) if stronger.sum() < found.main else None


def _cells(cells: Mapping[str, Any], columns: tuple[str, ...], words: Words) -> str:
    if len(columns) == 1:
        return _cell(cells[columns[0]], words)
    return words.join([f"{column} = {_cell(cells[column], words)}" for column in columns])


def _brief(cells: Mapping[str, Any], columns: tuple[str, ...], words: Words) -> str:
    return " / ".join(_cell(cells[column], words) for column in columns)


def _cell(value: Any, words: Words) -> str:
    if value is None:
        return words.say("reports.explained.missing")
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _reasons(found: RowExplanation) -> Message:
    named = [reason.player for reason in found.reasons.stated]
    side = "up" if found.positive else "down"
    if not named:
        return say("reports.explained.no_reasons")
    return say(f"reports.explained.reasons.{side}", features=named)


def _tests(found: RowExplanation, words: Words) -> list[TestLine]:
    following = found.following
    counts = {"orders": following.orders, "repeats": found.repeats, "main": found.main}
    lines = [("following", _following(found)), ("infidelity", _figure(_not_below_zero(following.infidelity)))]
    lines += [("repeats", _figure(_rank_correlation(found))), ("additivity", _gap(found))]
    return [
        TestLine(
            name=words.say(f"reports.explained.test.{name}"),
            value=words(value),
            meaning=words.say(f"reports.explained.test.{name}_meaning", **counts),
        )
        for name, value in lines
    ]


def _following(found: RowExplanation) -> Message:
    following = found.following
    if following.tied >= following.orders:
        return say("reports.explained.following.nothing")
    verdict = {True: "followed", False: "not_followed", None: "open"}[following.followed]
    return say(f"reports.explained.following.{verdict}", share=following.beaten / following.orders)


def _figure(value: float | None) -> Message:
    return say("reports.explained.nothing") if value is None else say("reports.explained.figure_value", value=value)


def _not_below_zero(value: float | None) -> float | None:
    """What chance adds to squares is subtracted from an infidelity, and may be more than there was."""
    return None if value is None else max(value, 0.0)


def _rank_correlation(found: RowExplanation) -> float | None:
    for estimate in found.shown.stability:
        if estimate.metric == "rank_correlation" and not isinstance(estimate.value, Unmeasured):
            return estimate.value
    return None


def _gap(found: RowExplanation) -> Message:
    return say("reports.explained.gap_value", value=abs(float(found.shown.gaps[0])))


def _making(found: RowExplanation, words: Words) -> list[tuple[str, str]]:
    shown = found.shown
    method = say(f"measures.explanation.method.{shown.method}")
    exact = "exact" if shown.exact else "sampled"
    entries: dict[str, Message | str] = {
        "model": say("reports.explained.making.model_value", model=found.model, version=found.version),
        "method": say(f"reports.explained.making.{exact}", method=method),
        "sums": shown.sums_to(),
        "compared": say(f"reports.explained.making.compared_{found.compared_from}", n=found.compared),
        "groups": say(f"reports.explained.making.groups_{found.groups_from}"),
        "seed": str(found.seed),
        "price": say("reports.explained.making.price_value", n=found.model_rows),
    }
    return [(words.say(f"reports.explained.making.{name}"), words(value)) for name, value in entries.items()]


def _limits(found: RowExplanation) -> list[Message]:
    own = [limit for limit in found.shown.limits if limit.key not in _NO_NEWS]
    return [
        say("reports.explained.limit.model"),
        say("reports.explained.limit.one_row"),
        say("reports.explained.limit.compared"),
        *own,
    ]
