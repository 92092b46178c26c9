"""Charts: themed, the same each time, with every group and line in them, and readable without colour."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.resources import files
from xml.etree import ElementTree

import pytest

from hakari.reports._svg import COLOURS
from hakari.reports.figures import NARROW, WIDE, Bar, Lines, Row, forest_svg, strip_svg, theme

_LINES = Lines(limit=10, unacceptable=15, limit_word="limit 10", unacceptable_word="unacceptable 15", bad_side="high")
_BAR = Bar(name="Difference", figure="12 (8–19)", value=12, low=8, high=19, noise=3.4, noise_word="by chance")


def _row(name: str, value: float, *, in_scope: bool = True) -> Row:
    return Row(
        name=name, figure=f"{value}%", value=value, low=value - 5, high=value + 5, in_scope=in_scope, extreme=False
    )


def _forest(width: int = WIDE, lines: Lines | None = None) -> str:
    rows = [_row("東京都", 80), _row("<b>&", 60), _row("島しょ部", 40, in_scope=False)]
    return forest_svg(rows, axis_title="選択率", percent=True, lines=lines, width=width)


def _strip(width: int = WIDE) -> str:
    return strip_svg(_BAR, axis_title="Difference", percent=False, lines=_LINES, width=width)


@pytest.mark.parametrize("draw", [_forest, _strip])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_chart_is_the_same_each_time_and_well_formed(draw: Callable[[int], str], width: int) -> None:
    svg = draw(width)
    root = ElementTree.fromstring(svg)
    assert draw(width) == svg
    assert root.attrib["viewBox"].split()[2] == str(width)


@pytest.mark.parametrize("draw", [_forest, _strip])
def test_colours_come_from_the_page_and_the_ground_is_left_to_it(draw: Callable[[], str]) -> None:
    svg = draw()
    assert not any(stand_in in svg for stand_in in COLOURS.values())
    painted = set(re.findall(r'(?:fill|stroke)="([^"]+)"', svg))
    assert {colour for colour in painted if not colour.startswith("var(")} <= {"none", "transparent"}


def test_every_group_stands_in_the_chart_with_its_figure() -> None:
    text = "".join(ElementTree.fromstring(_forest()).itertext())
    assert all(word in text for word in ("東京都", "<b>&", "島しょ部", "80%", "選択率"))


def test_a_group_out_of_scope_differs_by_shape_not_only_by_colour() -> None:
    assert "stroke-dasharray" in _forest()
    assert "stroke-dasharray" not in forest_svg([_row("A", 50)], axis_title="x", percent=True, lines=None)


def test_both_lines_carry_their_words() -> None:
    for svg in (_strip(), _forest(lines=_LINES)):
        assert "limit 10" in svg
        assert "unacceptable 15" in svg


def test_at_most_six_colours_are_used_for_marks() -> None:
    inks = set(COLOURS) - {"ground", "grid", "line"}
    assert len(inks) <= 6
    assert theme()["background"] == "transparent"


def _luminance(colour: str) -> float:
    channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1])
def test_every_token_is_readable_on_every_ground_in_both_schemes(scheme: int) -> None:
    """WCAG 1.4.3 and 1.4.11, recomputed from the style sheet: 4.5 for words, 3 for lines."""
    style = files("hakari.reports").joinpath("templates", "report.css").read_text("utf-8")
    blocks = re.findall(r"--paper: #.*?\}", style, re.S)
    tokens = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", blocks[scheme]))
    inks = ("ink", "soft", "accent", "good", "bad", "doubt")
    for ground in ("paper", "sheet", "wash"):
        assert all(_contrast(tokens[ink], tokens[ground]) >= 4.5 for ink in inks)
    assert all(_contrast(tokens["line"], tokens[ground]) >= 3 for ground in ("paper", "sheet"))
