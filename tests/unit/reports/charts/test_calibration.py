"""Calibration: bins stand where their numbers put them; those off the line have a shape of their own, and are told."""

from __future__ import annotations

import pytest

from hakari.reports.charts import Bin, calibration_figure
from hakari.reports.figure import Figure
from hakari.reports.figures import NARROW, WIDE
from hakari.reports.words import Words
from tests.unit.reports.charts._drawn import check_picture, symbols, texts, ticks

_EN = Words("en")


def _bin(score: float, rate: float, half: float = 0.05) -> Bin:
    return Bin(score=score, rate=rate, low=rate - half, high=rate + half, n=100)


def _figure(**groups: list[Bin]) -> Figure:
    found = calibration_figure("f", "sex", groups, 0.95, _EN)
    assert found is not None
    return found


_OFF = [_bin(0.2, 0.2), _bin(0.5, 0.4), _bin(0.8, 0.95)]


def test_both_widths_are_well_formed_for_one_group_and_for_many() -> None:
    for groups in ({"A": _OFF}, {f"g{number}": _OFF for number in range(7)}):
        check_picture(_figure(**groups).wide[0], WIDE)
        check_picture(_figure(**groups).narrow[0], NARROW)


def test_a_bin_stands_at_its_score_and_its_share() -> None:
    """Recomputed from the numbers of the two axes."""
    svg = _figure(A=[_bin(0.3, 0.6)]).wide[0]
    numbers = ticks(svg)
    low_y = max(y for _, y, _ in numbers)
    across = [(x, number) for x, y, number in numbers if y == low_y]
    up = [(y, number) for _, y, number in numbers if y < low_y]
    (x0, a), (x1, b) = across[0], across[1]
    (y0, c), (y1, d) = up[0], up[1]
    x, y = symbols(svg)[0]
    assert x == pytest.approx(x0 + (30 - a) / (b - a) * (x1 - x0), abs=0.6)
    # The renderer sets words of 12 pixels 4 below the place of their middle.
    assert y == pytest.approx(y0 - 4 + (60 - c) / (d - c) * (y1 - y0), abs=0.6)


def test_bins_off_the_line_are_counted_by_side() -> None:
    sentence = _figure(A=_OFF, B=[_bin(0.2, 0.2)]).sentence
    assert "In 2 of 4 bins" in sentence
    assert "A (score too high in 1, too low in 1)" in sentence
    assert "B (" not in sentence


def test_bins_on_the_line_are_no_praise() -> None:
    assert "wide intervals miss nothing" in _figure(A=[_bin(0.2, 0.2)]).sentence


def test_the_table_has_a_row_for_each_bin_and_marks_those_off_the_line() -> None:
    rows = _figure(A=_OFF).tables[0].rows
    assert rows[1] == ("A", "100", "50.0%", "40.0%", "35.0%", "45.0%", "score too high")
    assert [row[-1] for row in rows] == ["", "score too high", "score too low"]


def test_at_most_nine_groups_are_drawn_and_the_note_says_so() -> None:
    found = _figure(**{f"g{number}": _OFF for number in range(11)})
    assert sum(text.startswith("g") for text in texts(found.wide[0])) == 9
    assert any("9 of 11 groups" in note for note in found.notes)


def test_without_bins_there_is_no_figure() -> None:
    assert calibration_figure("f", "sex", {"A": []}, 0.95, _EN) is None
