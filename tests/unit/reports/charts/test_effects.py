"""Effects: one upright scale for all panels, numbers as a line in a band, levels as points on bars."""

from __future__ import annotations

import re

import pytest

from hakari.reports.charts.effects import EffectPanel, EffectPoint, effects_svg
from hakari.reports.figures import NARROW, WIDE
from tests.unit.reports.charts._drawn import check_picture, symbols, texts, ticks


def _numbers(title: str, *points: tuple[float, float, float]) -> EffectPanel:
    made = (EffectPoint(name=f"{at:g}", at=at, effect=effect, error=error) for at, effect, error in points)
    return EffectPanel(title=title, points=tuple(made))


def _levels(title: str, *effects: float, name: str = "level") -> EffectPanel:
    made = (EffectPoint(name=f"{name}{at}", at=None, effect=effect, error=0.01) for at, effect in enumerate(effects))
    return EffectPanel(title=title, points=tuple(made))


_CURVE = _numbers("age", (0, -0.2, 0.01), (10, 0.0, 0.02), (100, 0.1, 0.0))


def _path(svg: str) -> list[tuple[float, float]]:
    """Places of the only line."""
    found = re.findall(r'd="M([^"Z]+)" stroke="var\(--chart-accent', svg)
    assert len(found) == 1
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in found[0].split("L"))]


def _band(svg: str) -> list[tuple[float, float]]:
    (found,) = re.findall(r'd="M([^"]+)Z" fill="var\(--chart-accent', svg)
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in found.split("L"))]


@pytest.mark.parametrize("count", [1, 2, 3, 6])
def test_both_widths_are_well_formed_with_colours_of_the_page(count: int) -> None:
    panels = [_CURVE, _levels("sector", -0.1, 0.3), *[_levels("<b>&", 0.0)] * 4][:count]
    check_picture(effects_svg(panels, width=WIDE), WIDE)
    check_picture(effects_svg(panels, width=NARROW), NARROW)


def test_values_and_effects_stand_where_their_numbers_put_them() -> None:
    """Recomputed from the numbers of the upright axis and from equal steps across."""
    svg = effects_svg([_CURVE], width=NARROW)
    up = [(y, number) for _, y, number in ticks(svg, unit="") if number < 1]
    (y0, first), (y1, second) = up[0], up[1]
    places = _path(svg)
    for (_, y), effect in zip(places, (-0.2, 0.0, 0.1), strict=True):
        # The renderer sets words of 12 pixels 4 below the place of their middle.
        assert y == pytest.approx(y0 - 4 + (effect - first) / (second - first) * (y1 - y0), abs=0.6)
    (left, _), (middle, _), (right, _) = places
    assert (middle - left) / (right - left) == pytest.approx(0.1, abs=0.01)


def test_the_band_reaches_1_96_errors_to_each_side() -> None:
    svg = effects_svg([_CURVE], width=NARROW)
    line, band = _path(svg), _band(svg)
    upper, lower = band[:3], band[:2:-1]
    pixels = (line[0][1] - line[2][1]) / 0.3
    for place, error in enumerate((0.01, 0.02, 0.0)):
        assert line[place][1] - upper[place][1] == pytest.approx(1.96 * error * pixels, abs=0.2)
        assert lower[place][1] - line[place][1] == pytest.approx(1.96 * error * pixels, abs=0.2)


def test_the_same_effect_stands_at_the_same_height_in_every_panel() -> None:
    svg = effects_svg([_levels("small", 0.01, 0.02), _levels("large", 0.02, 0.9)], width=WIDE)
    heights = [y for _, y in symbols(svg)]
    assert heights[1] == pytest.approx(heights[2], abs=0.01)
    assert heights[0] > heights[1] > heights[3]


def test_levels_and_two_numbers_are_points_without_a_line() -> None:
    svg = effects_svg(
        [_levels("sector", -0.1, 0.0, 0.3), _numbers("flag", (0, 0.1, 0.01), (1, -0.1, 0.01))], width=WIDE
    )
    assert len(symbols(svg)) == 5
    assert "fill-opacity" not in svg
    assert re.findall(r'd="M[^"Z]+L[^"Z]+" stroke="var\(--chart-accent', svg) == []


def test_few_levels_are_named_and_of_many_the_first_and_the_last() -> None:
    few = texts(effects_svg([_levels("sector", 0.1, 0.2, 0.3, name="a long name of a level")], width=WIDE))
    assert sum(text.startswith("a long") for text in few) == 3
    many = texts(effects_svg([_levels("sector", *[0.1] * 21, name="a long name")], width=WIDE))
    assert [text for text in many if text.startswith("a long")] == ["a long name0", "a long name20"]


def test_names_do_not_run_into_each_other() -> None:
    """Ends are cut to half a panel, and a number in the middle is left out where there is no room."""
    long = (EffectPoint(name="9" * 40, at=at, effect=at / 10, error=0.1) for at in (1.0, 1.5, 2.0))
    named = EffectPanel(title="age", points=tuple(long))
    found = [text for text in texts(effects_svg([named], width=WIDE)) if text.startswith("9")]
    assert len(found) == 2
    assert all(text.endswith("…") for text in found)


def test_a_model_that_never_moves_is_a_line_at_nought() -> None:
    svg = effects_svg([_numbers("age", (0, 0.0, 0.0), (1, 0.0, 0.0), (2, 0.0, 0.0))], width=NARROW)
    check_picture(svg, NARROW)
    assert len({y for _, y in _path(svg)}) == 1
