"""The waterfall: every step begins where the one before it ends, and the way ends at the output."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from hakari.reports.explained import row_view
from hakari.reports.explained.steps import MOST_STEPS, steps_of
from hakari.reports.explained.waterfall import waterfall_figure
from hakari.reports.figure import Figure
from hakari.reports.figures import NARROW, WIDE
from hakari.reports.words import Words
from tests.unit.reports.charts._drawn import check_picture, symbols, texts
from tests.unit.reports.explained._found import explanation

_EN = Words("en")
_THREE = {"debts": -0.9, "income": 0.3, "late": -0.1}


def _figure(values: dict[str, float], **changes: object) -> Figure:
    return waterfall_figure(row_view(explanation(values, **changes), _EN, minus="−"), _EN)  # type: ignore[arg-type]  # its own keywords


def test_steps_join_and_lead_from_the_base_to_the_output() -> None:
    steps = steps_of(row_view(explanation(_THREE), _EN), _EN)
    assert [step.name for step in steps] == ["debts = 0", "income = 1", "late = 2"]
    assert [step.start for step in steps] == pytest.approx([1.0, 0.1, 0.4])
    assert steps[-1].end == pytest.approx(0.3)


def test_features_beyond_the_first_twelve_are_joined() -> None:
    many = {f"x{place}": 1.0 / (place + 1) for place in range(30)}
    steps = steps_of(row_view(explanation(many, errors=0.01), _EN), _EN)
    assert len(steps) == MOST_STEPS + 1
    assert steps[-1].name == "18 other features"
    assert steps[-1].by == pytest.approx(sum(list(many.values())[MOST_STEPS:]))
    # The error of a sum cannot be larger than the sum of the errors.
    assert steps[-1].error == pytest.approx(0.18)
    assert steps[-1].end == pytest.approx(1 + sum(many.values()))


def test_thirteen_features_all_have_a_step() -> None:
    thirteen = {f"x{place}": 1.0 for place in range(MOST_STEPS + 1)}
    assert [step.kind for step in steps_of(row_view(explanation(thirteen), _EN), _EN)] == ["feature"] * 13


def test_features_that_add_nothing_have_no_step_but_a_single_one_is_named() -> None:
    def names(**values: float) -> list[str]:
        return [step.name for step in steps_of(row_view(explanation(values), _EN), _EN)]

    assert names(a=1.0, b=0.0, c=1e-15) == ["a = 0", "2 other features"]
    assert names(a=1.0, b=0.0) == ["a = 0", "b = 1"]
    assert names(a=0.0, b=0.0) == ["2 other features"]


def test_what_is_left_over_has_a_step_of_its_own() -> None:
    found = explanation(_THREE)
    steps = steps_of(row_view(replace(found, shown=replace(found.shown, outputs=found.shown.outputs + 0.25)), _EN), _EN)
    assert steps[-1].kind == "rest"
    assert steps[-1].by == pytest.approx(0.25)


def test_both_widths_are_well_formed_and_carry_every_word() -> None:
    figure = _figure(_THREE)
    for svg, width in ((figure.wide[0], WIDE), (figure.narrow[0], NARROW)):
        check_picture(svg, width)
        assert {"debts = 0", "−0.900", "+0.300", "mean of the rows compared", "this row", "decision line"} <= set(
            texts(svg)
        )


def test_the_way_begins_and_ends_with_a_point_and_the_end_lies_left_of_the_beginning() -> None:
    (first, top), (last, bottom) = symbols(_figure(_THREE).wide[0])
    assert last < first
    assert bottom > top


def test_errors_are_drawn_and_explained_only_where_there_are_some() -> None:
    exact, sampled = _figure(_THREE), _figure(_THREE, errors=0.05)
    assert not any("1.96" in note for note in exact.notes)
    assert any("1.96" in note for note in sampled.notes)
    ink = [len(re.findall(r"--chart-ink", str(figure.wide[0]))) for figure in (exact, sampled)]
    assert ink[1] >= ink[0] + 3 * 3


def test_a_decision_line_far_away_is_told_and_not_drawn() -> None:
    figure = _figure(_THREE, line=50.0)
    assert "decision line" not in texts(figure.wide[0])
    assert any("50.000" in note for note in figure.notes)
    assert "decision line" not in texts(_figure(_THREE, line=None).wide[0])


@pytest.mark.parametrize("value", [0.0, 1e-9, 1e9, -1e9])
def test_contributions_of_any_size_are_drawn(value: float) -> None:
    figure = _figure({"a": value, "b": 0.0})
    for svg in (*figure.wide, *figure.narrow):
        assert "nan" not in svg.lower()
        assert ("a = 0" if value else "2 other features") in texts(svg)


def test_names_of_any_length_are_cut_and_escaped() -> None:
    name = "<script>alert(1)</script>" + "長い名前" * 30
    svg = str(_figure({name: 1.0, "b": 0.5}).wide[0])
    assert "<script>" not in svg
    assert any(text.endswith("…") for text in texts(svg))


def test_the_table_has_every_step_and_the_picture_is_the_same_each_time() -> None:
    figure = _figure(_THREE)
    assert figure.tables[0].rows[0] == ("debts = 0", "1.000", "−0.900", "0.100")
    assert figure.wide == _figure(_THREE).wide
    assert np.isfinite([float(row[3].replace("−", "-")) for row in figure.tables[0].rows]).all()
