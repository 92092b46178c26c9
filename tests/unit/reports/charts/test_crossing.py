"""Two columns crossed: every cell has its number, its interval and its rows; tint is never the only sign."""

from __future__ import annotations

from xml.etree import ElementTree

from hakari.reports.charts import Reading, crossing_figure
from hakari.reports.figure import Figure
from hakari.reports.figures import NARROW, WIDE
from hakari.reports.words import Words
from tests.unit.reports.charts._drawn import SVG, check_picture, texts

_EN = Words("en")


def _cell(value: float, n: int = 300) -> Reading:
    return Reading(value=value, low=value - 0.03, high=value + 0.03, n=n, assessed=n >= 30)


_CELLS = {("f", "<30"): _cell(0.4), ("f", "30+"): _cell(0.5), ("m", "<30"): _cell(0.8), ("x", "30+"): _cell(0.9, 5)}


def _figure(cells: dict[tuple[str, str], Reading]) -> Figure:
    found = crossing_figure("f", ("sex", "age"), "selection rate", cells, 0.95, _EN)
    assert found is not None
    return found


def test_both_widths_are_well_formed() -> None:
    check_picture(_figure(_CELLS).wide[0], WIDE)
    check_picture(_figure(_CELLS).narrow[0], NARROW)


def test_every_cell_has_rate_interval_and_rows_and_an_empty_one_a_dash() -> None:
    shown = texts(_figure(_CELLS).wide[0])
    for words in ("40.0%", "37.0–43.0", "80.0%", "n 300", "n 5"):
        assert words in shown
    assert shown.count("–") == 2


def test_a_small_cell_has_a_dashed_rim_and_no_tint() -> None:
    root = ElementTree.fromstring(_figure(_CELLS).wide[0])
    dashed = [item for item in root.iter(f"{SVG}path") if item.attrib.get("stroke-dasharray")]
    assert len(dashed) == 1
    assert dashed[0].attrib["fill-opacity"] == "0"


def test_tint_grows_with_the_rate_and_stays_light_enough_for_words() -> None:
    cells = {("f", f"a{number}"): _cell(0.2 + number / 10) for number in range(5)}
    root = ElementTree.fromstring(_figure(cells).wide[0])
    tints = [float(item.attrib["fill-opacity"]) for item in root.iter(f"{SVG}path") if "fill-opacity" in item.attrib]
    assert len(set(tints)) == 5
    assert tints == sorted(tints)
    assert max(tints) <= 0.3


def test_on_a_telephone_further_levels_stand_below() -> None:
    cells = {("f", f"a{number}"): _cell(0.1 * number + 0.1) for number in range(5)}
    shown = texts(_figure(cells).narrow[0])
    assert shown.count("age →") == 3
    assert [name for name in shown if name in {f"a{number}" for number in range(5)}] == [f"a{n}" for n in range(5)]


def test_of_many_levels_those_with_most_rows_are_drawn() -> None:
    cells = {("f", f"a{number:02}"): _cell(0.5, 100 + number) for number in range(30)}
    found = _figure(cells)
    assert "a29" in texts(found.wide[0])
    assert "a05" not in texts(found.wide[0])
    assert len(found.tables[0].rows) == 30
    assert any("at most 12" in note for note in found.notes)


def test_without_any_number_there_is_no_figure() -> None:
    assert crossing_figure("f", ("a", "b"), "accuracy", {("x", "y"): Reading(value=None)}, 0.95, _EN) is None
