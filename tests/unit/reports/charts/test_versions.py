"""Two versions: what the comparison found is said in its words, and the margin stands on its side."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hakari.reports.charts import ChangePanel, Reading, versions_figure
from hakari.reports.figure import Figure
from hakari.reports.figures import NARROW, WIDE
from hakari.reports.words import Words
from tests.unit.reports.charts._drawn import check_picture, texts

_EN = Words("en")
_PANEL = ChangePanel(
    title="selection rate",
    earlier={"A": 0.7, "B": 0.5},
    newer={"A": 0.72, "B": 0.4},
    change={
        "A": Reading(value=0.02, low=-0.01, high=0.05, n=500),
        "B": Reading(value=-0.1, low=-0.14, high=-0.06, n=400),
        "C": Reading(value=None, n=3, assessed=False),
    },
    margin=-0.02,
    verdict="not_met",
    harmed=("B",),
)


def _figure(panel: ChangePanel = _PANEL) -> Figure:
    found = versions_figure("f", "sex", [panel], 0.95, _EN)
    assert found is not None
    return found


def test_both_widths_are_well_formed_with_margin_and_signed_changes() -> None:
    for svg, width in ((_figure().wide[0], WIDE), (_figure().narrow[0], NARROW)):
        check_picture(svg, width)
        assert {"margin", "+2.0", "−10.0", "–"} <= set(texts(svg))


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("met", "evidence supports that no compared group is worse by 2.0 points or more"),
        ("not_met", "evidence supports that some group is worse off"),
        ("inconclusive", "neither harm nor that no group is worse by 2.0 points"),
    ],
)
def test_the_sentence_claims_what_the_comparison_found(verdict: str, said: str) -> None:
    assert said in _figure(replace(_PANEL, verdict=verdict)).sentence


def test_groups_shown_to_be_worse_off_are_named_in_sentence_and_table() -> None:
    assert "Shown to be worse off: B." in _figure().sentence
    assert [row[-1] for row in _figure().tables[0].rows] == ["", "shown to be worse off", "too few rows, not assessed"]


def test_the_table_has_both_versions_and_the_change_with_its_limits() -> None:
    assert _figure().tables[0].rows[1][:7] == ("B", "400", "50.0%", "40.0%", "−10.0", "−14.0", "−6.0")


def test_without_a_number_there_is_no_figure() -> None:
    nothing = replace(_PANEL, change={"A": Reading(value=None)})
    assert versions_figure("f", "sex", [nothing], 0.95, _EN) is None
