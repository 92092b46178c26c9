"""Tables behind the charts: the same numbers, ordered, complete as far as a page can be, and honest about the rest."""

from __future__ import annotations

from dataclasses import replace

from hakari.reports.figure import MOST_GROUPS, check_figure
from hakari.reports.tables import MOST_ROWS, group_table, own_table
from hakari.reports.words import Words
from tests.unit.reports._example import example_case
from tests.unit.reports._example_checks import group_line

_WORDS = Words("en")


def test_the_table_lists_every_group_with_its_counts() -> None:
    case = example_case()
    result = case.assessment.findings[0].checks[0]
    table = group_table(case.planned(result), result, _WORDS)
    assert [row[:4] for row in table.rows] == [
        ("White", "1,681", "1,535", "1,681"),
        ("Hispanic", "108", "82", "108"),
        ("Black", "197", "133", "197"),
        ("missing", "3", "2", "3"),
    ]
    assert table.rows[0][4] == f"{1535 / 1681:.1%}"
    assert table.rows[3][7] == "too few rows, not assessed"


def test_the_own_figure_is_listed_with_both_lines() -> None:
    case = example_case()
    result = case.assessment.findings[0].checks[0]
    rows = {row[0]: row[1] for row in own_table(case.planned(result), result, _WORDS).rows}
    assert rows["Measured value"] == "23.8 points"
    assert rows["Limit"] == "10.0 points"
    assert rows["Unacceptable from"] == "15.0 points"


def test_a_thousand_groups_are_cut_in_chart_and_table_and_the_page_says_so() -> None:
    case = example_case()
    result = case.assessment.findings[0].checks[0]
    groups = tuple(group_line(f"G{n:04}", 100, 1 + n % 98, 10) for n in range(1000))
    many = replace(result, groups=groups)
    figure = check_figure("f", case.planned(result), many, _WORDS)
    assert figure is not None
    assert len(figure.tables[0].rows) == MOST_ROWS
    assert "800 groups are not listed" in figure.tables[0].note
    assert any(f"shows {MOST_GROUPS} of 1,000 groups" in note for note in figure.notes)
