"""Thresholds: lines told apart by dashes and marks, and the place where they lie farthest apart."""

from __future__ import annotations

import re
from collections.abc import Callable

from hakari.reports.charts import Curve, thresholds_figure
from hakari.reports.charts.thresholds import STEPS
from hakari.reports.figure import Figure
from hakari.reports.figures import NARROW, WIDE
from hakari.reports.words import Words
from tests.unit.reports.charts._drawn import check_picture, texts

_EN = Words("en")


def _curve(of: Callable[[float], float | None]) -> Curve:
    return Curve(values=tuple(of(step / STEPS) for step in range(STEPS + 1)))


def _power(power: int) -> Callable[[float], float]:
    return lambda threshold: 1 - threshold**power


_TWO = {"A": _curve(_power(1)), "B": _curve(_power(2))}


def _figure(curves: dict[str, Curve], rows: dict[str, int] | None = None) -> Figure:
    found = thresholds_figure("f", "sex", {"selection rate": curves}, rows or dict.fromkeys(curves, 100), _EN)
    assert found is not None
    return found


def test_both_widths_are_well_formed() -> None:
    check_picture(_figure(_TWO).wide[0], WIDE)
    check_picture(_figure(_TWO).narrow[0], NARROW)


def test_the_farthest_place_is_where_arithmetic_puts_it() -> None:
    """1 − t² − (1 − t) = t − t² is largest at one half, where it is a quarter."""
    sentence = _figure(_TWO).sentence
    assert "farthest apart at 0.50, by 25.0 points, B (75.0%) and A (50.0%)" in sentence


def test_lines_that_lie_on_one_another_are_said_to() -> None:
    assert "do not part" in _figure({"A": _TWO["A"], "B": _TWO["A"]}).sentence


def test_each_line_has_dashes_of_its_own() -> None:
    four = {name: _curve(_power(power)) for power, name in enumerate("ABCD", 1)}
    lines = re.findall(r'<path [^>]*d="M[^>]*stroke-width="2" stroke-linejoin[^>]*>', _figure(four).wide[0])
    assert len(lines) == 4
    assert len({(re.findall(r'stroke-dasharray="([^"]*)"', line) or [""])[0] for line in lines}) == 4


def test_of_more_than_four_groups_the_largest_are_drawn() -> None:
    six = dict.fromkeys("ABCDEF", _TWO["A"])
    found = _figure(six, {"A": 1, "B": 60, "C": 50, "D": 40, "E": 30, "F": 2})
    assert [name for name in texts(found.wide[0]) if name in six] == ["B", "C", "D", "E"]
    assert any("4 of 6 groups" in note for note in found.notes)


def test_a_rate_is_left_out_where_nothing_can_be_divided() -> None:
    short = _curve(lambda t: None if t > 0.8 else 0.5)
    table = _figure({"A": short, "B": _TWO["A"]}).tables[0]
    assert {row[0]: row[1] for row in table.rows}["0.90"] == "–"
    assert {row[0]: row[1] for row in table.rows}["0.80"] == "50.0%"


def test_one_group_has_nothing_to_be_compared_with() -> None:
    assert thresholds_figure("f", "sex", {"accuracy": {"A": _TWO["A"]}}, {"A": 10}, _EN) is None
