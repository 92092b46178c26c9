"""Rates as small multiples: one order, one length of scale, and groups that are too small told apart by shape."""

from __future__ import annotations

import re

import pytest

from hakari.reports.charts import RatePanel, Reading, rates_figure
from hakari.reports.figure import Figure
from hakari.reports.figures import NARROW, WIDE
from hakari.reports.words import Words
from tests.unit.reports.charts._drawn import check_picture, texts

_EN = Words("en")
_ROWS = {"A": 900, "<b>&": 500, "島": 8}


def _reading(value: float, half: float = 0.02, *, n: int = 500) -> Reading:
    return Reading(value=value, low=value - half, high=value + half, n=n, assessed=n >= 30)


def _figure(rows: dict[str, int] | None = None, **more: dict[str, Reading]) -> Figure:
    first = {"A": _reading(0.8), "<b>&": _reading(0.6), "島": _reading(0.7, 0.2, n=8)}
    panels = [RatePanel(title="selection rate", readings=first), RatePanel(title="accuracy", readings=more["accuracy"])]
    found = rates_figure("f", "sex", panels, rows or _ROWS, 0.95, _EN)
    assert found is not None
    return found


_CLOSE = {"A": _reading(0.70), "<b>&": _reading(0.71)}


def test_both_widths_are_drawn_the_same_each_time_with_colours_of_the_page() -> None:
    one, other = _figure(accuracy=_CLOSE), _figure(accuracy=_CLOSE)
    assert one == other
    check_picture(one.wide[0], WIDE)
    check_picture(one.narrow[0], NARROW)


def test_groups_stand_in_one_order_in_every_panel_and_small_ones_last() -> None:
    names = [text for text in texts(_figure(accuracy=_CLOSE).wide[0]) if text in _ROWS]
    assert names == ["A", "<b>&", "島"]


def test_a_group_with_too_few_rows_is_a_diamond_on_dashes_and_the_legend_says_so() -> None:
    found = _figure(accuracy=_CLOSE)
    assert "stroke-dasharray" in found.wide[0]
    assert any("diamond" in note for note in found.notes)
    large = {name: _reading(0.5) for name in _ROWS}
    only = rates_figure("f", "sex", [RatePanel(title="accuracy", readings=large)], _ROWS, 0.95, _EN)
    assert only is not None
    assert "stroke-dasharray" not in only.wide[0]


def test_a_point_is_as_wide_in_one_panel_as_in_the_other() -> None:
    """Pixels for each point, recomputed from the numbers below each panel."""
    svg = _figure(accuracy=_CLOSE).wide[0]
    numbers = re.findall(r'translate\(([\d.]+),([\d.]+)\)"[^>]*font-size="12px"[^>]*>(\d+(?:\.\d+)?)%<', svg)
    left = [(float(x), float(number)) for x, _, number in numbers if float(x) < WIDE / 2]
    right = [(float(x), float(number)) for x, _, number in numbers if float(x) > WIDE / 2]
    scales = [(side[-1][0] - side[0][0]) / (side[-1][1] - side[0][1]) for side in (left, right)]
    assert scales[0] == pytest.approx(scales[1], rel=0.01)


def test_the_sentence_says_which_rates_set_groups_apart() -> None:
    assert "intervals that do not meet in: selection rate." in _figure(accuracy=_CLOSE).sentence
    far = {"A": _reading(0.9), "<b>&": _reading(0.5)}
    assert "In every rate" in _figure(accuracy=far).sentence


def test_no_group_is_called_highest_that_another_may_be_instead() -> None:
    one = rates_figure("f", "sex", [RatePanel(title="accuracy", readings=_CLOSE)], _ROWS, 0.95, _EN)
    assert one is not None
    assert "any of the 2 groups may be the highest or the lowest" in one.sentence
    assert "In no rate" in one.sentence


def test_the_table_has_every_group_with_rows_and_a_dash_for_what_is_missing() -> None:
    table = _figure(accuracy=_CLOSE).tables[0]
    assert table.rows[0] == ("A", "900", "80.0% (78.0%–82.0%)", "70.0% (68.0%–72.0%)")
    assert table.rows[2][-1] == "–"


def test_of_many_groups_those_with_most_rows_are_drawn_and_the_table_has_them_all() -> None:
    rows = {f"g{number}": 1000 - number for number in range(50)}
    readings = {name: _reading(0.5) for name in rows}
    found = rates_figure("f", "sex", [RatePanel(title="accuracy", readings=readings)], rows, 0.95, _EN)
    assert found is not None
    assert [name for name in texts(found.wide[0]) if name in rows] == [f"g{number}" for number in range(20)]
    assert any("20 of 50 groups" in note for note in found.notes)
    assert len(found.tables[0].rows) == 50


def test_rates_that_lie_on_one_spot_are_drawn_all_the_same() -> None:
    same = {name: _reading(1.0, 0.0) for name in ("A", "<b>&")}
    found = rates_figure("f", "sex", [RatePanel(title="accuracy", readings=same)], _ROWS, 0.95, _EN)
    assert found is not None
    check_picture(found.narrow[0], NARROW)


def test_without_any_number_there_is_no_figure() -> None:
    nothing = RatePanel(title="accuracy", readings={"A": Reading(value=None)})
    assert rates_figure("f", "sex", [nothing], _ROWS, 0.95, _EN) is None
