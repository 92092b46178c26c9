"""Impact ratios beside four-fifths: a ratio is on one side only if its whole interval is."""

from __future__ import annotations

from hakari.reports.charts import Reading, ratios_figure
from hakari.reports.figure import Figure
from hakari.reports.figures import NARROW, WIDE
from hakari.reports.words import Words
from tests.unit.reports.charts._drawn import check_picture, texts

_EN = Words("en")


def _ratio(value: float, half: float = 0.05) -> Reading:
    return Reading(value=value, low=value - half, high=value + half, n=100)


def _figure(**ratios: Reading) -> Figure:
    found = ratios_figure("f", "sex", ratios, 0.95, _EN)
    assert found is not None
    return found


_THREE = {"A": _ratio(1.0), "B": _ratio(0.79), "C": _ratio(0.6), "D": Reading(value=None, n=4)}


def test_both_widths_are_well_formed_and_the_line_has_its_word() -> None:
    for svg, width in ((_figure(**_THREE).wide[0], WIDE), (_figure(**_THREE).narrow[0], NARROW)):
        check_picture(svg, width)
        assert "four-fifths" in texts(svg)


def test_groups_are_told_by_where_their_whole_interval_lies() -> None:
    sentence = _figure(**_THREE).sentence
    assert "below four-fifths: C." in sentence
    assert "on both sides of four-fifths, so neither is shown: B." in sentence
    assert "at four-fifths or above: A." in sentence


def test_a_group_that_is_not_compared_stands_in_the_table_only() -> None:
    found = _figure(**_THREE)
    assert "D" not in texts(found.wide[0])
    assert found.tables[0].rows[-1] == ("D", "4", "–", "–", "–", "not compared")


def test_a_single_group_has_no_figure() -> None:
    assert ratios_figure("f", "sex", {"A": _ratio(1.0), "B": Reading(value=None)}, 0.95, _EN) is None
