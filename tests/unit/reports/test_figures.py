"""Charts: themed, the same each time, with every group and line in them, and readable without colour."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.resources import files
from xml.etree import ElementTree

import pytest

from hakari.reports._svg import COLOURS
from hakari.reports.figures import NARROW, WIDE, Bar, Lines, Row, forest_svg, strip_svg

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
    assert {colour for colour in painted if not colour.startswith("var(")} <= {"none"}


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


def _texts(svg: str) -> list[str]:
    return ["".join(item.itertext()) for item in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize(
    "name", ['x="1.23456" d="M0.98765"', "0.123456", "a\nb", "<text>&amp;", "#010101", '"#010101"']
)
def test_no_name_is_changed_by_what_mends_the_drawing(name: str) -> None:
    row = Row(name=name, figure="0.7402", value=0.5, low=0.4, high=0.6, in_scope=True, extreme=False)
    shown = _texts(forest_svg([row], axis_title="x", percent=False, lines=None))
    assert name in shown
    assert "0.7402" in shown


@pytest.mark.parametrize("letter", ["\x00", "\x01", "\x1b", "\ufffe"])
def test_a_letter_that_no_document_can_hold_is_shown_as_unknown(letter: str) -> None:
    assert "A\ufffdB" in _texts(forest_svg([_row(f"A{letter}B", 50)], axis_title="x", percent=True, lines=None))


def test_a_long_name_is_cut_the_same_way_whatever_fonts_there_are() -> None:
    names = ["国際業務部門の契約社員および派遣社員のうち六十歳以上の者", "W" * 60, "short"]
    shown = _texts(forest_svg([_row(name, 50) for name in names], axis_title="x", percent=True, lines=None))
    cut = [text for text in shown if text.endswith("…")]
    assert [name.startswith(text[:-1]) for name, text in zip(names[:2], cut, strict=True)] == [True, True]
    assert "short" in shown


def test_words_over_lines_have_a_rim_that_leaves_the_letters_their_shape() -> None:
    words = re.findall(r"<text [^>]*>", _strip(NARROW))
    rimmed = [item for item in words if "stroke=" in item]
    assert len(rimmed) == 4  # two lines, what chance makes, and the name, which stands on the plot
    assert all('paint-order="stroke"' in item for item in rimmed)


def test_intervals_stand_where_the_axis_puts_them() -> None:
    """Ends of the line and place of the point, recomputed from the numbers beside the axis."""
    row = Row(name="A", figure="", value=50, low=30, high=80, in_scope=True, extreme=False)
    svg = forest_svg([row], axis_title="x", percent=True, lines=None)
    ticks = re.findall(r"translate\(([\d.]+),[\d.]+\)\"[^>]*>(\d+)%<", svg)
    (x0, low), (x1, high) = ((float(at), float(number)) for at, number in (ticks[0], ticks[-1]))
    start, length = re.findall(r"translate\(([\d.]+),[\d.]+\)\" x2=\"([\d.]+)\"[^>]*stroke-linecap", svg)[0]
    point = re.findall(r"<path transform=\"translate\(([\d.]+)", svg)[0]
    each = (x1 - x0) / (high - low)
    assert float(start) == pytest.approx(x0 + (30 - low) * each, abs=0.05)
    assert float(length) == pytest.approx(50 * each, abs=0.05)
    assert float(point) == pytest.approx(x0 + (50 - low) * each, abs=0.05)


def test_at_most_six_colours_are_used_for_marks() -> None:
    assert len(set(COLOURS) - {"ground", "grid", "line"}) <= 6


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
