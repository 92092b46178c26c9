"""The axis of a chart: it holds its numbers, and its labels are round, few and never run into each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.reports._axis import fitted
from hakari.reports._lettering import breadth, shortened

_SHARES = st.floats(min_value=0, max_value=100)


@given(numbers=st.lists(_SHARES, min_size=1, max_size=8), width=st.sampled_from([256, 296]))
def test_a_percent_axis_holds_its_numbers_and_stays_between_none_and_all(numbers: list[float], width: int) -> None:
    axis = fitted(numbers, title="", percent=True, width=width, ticks=6)
    assert 0 <= axis.low <= min(numbers) + 1e-6
    assert max(numbers) - 1e-6 <= axis.high <= 100
    assert axis.low < axis.high


@given(numbers=st.lists(_SHARES, min_size=2, max_size=8), width=st.sampled_from([256, 296]))
def test_numbers_of_an_axis_never_touch_and_say_where_they_stand(numbers: list[float], width: int) -> None:
    axis = fitted(numbers, title="", percent=True, width=width, ticks=6)
    places = [axis.pixels(at) for at, _ in axis.ticks]
    assert all(axis.low - 1e-6 <= at <= axis.high + 1e-6 for at, _ in axis.ticks)
    assert all(float(label.removesuffix("%")) == pytest.approx(at, abs=1e-9) for at, label in axis.ticks)
    for (_, left), (_, right), start, end in zip(axis.ticks, axis.ticks[1:], places, places[1:], strict=False):
        assert end - start >= (breadth(left, 12) + breadth(right, 12)) / 2


@pytest.mark.parametrize(
    ("numbers", "percent", "labels"),
    [
        ([63.2, 98.1], True, ["60%", "70%", "80%", "90%", "100%"]),
        ([-0.02, 0.05], False, ["−0.02", "0", "0.02", "0.04"]),
        ([3, 250], False, ["0", "50", "100", "150", "200", "250"]),
        ([0.00001, 0.00004], False, ["0.00001", "0.00002", "0.00003", "0.00004"]),
    ],
)
def test_numbers_of_an_axis_are_round(numbers: list[float], percent: bool, labels: list[str]) -> None:
    axis = fitted(numbers, title="", percent=percent, width=296, ticks=6)
    assert [label for _, label in axis.ticks] == labels


@pytest.mark.parametrize("value", [0.0, 0.3, 1.0, 40.0])
def test_one_number_alone_has_an_axis_too(value: float) -> None:
    axis = fitted([value, value], title="", percent=False, width=296, ticks=6)
    assert axis.low <= value <= axis.high
    assert len(axis.ticks) >= 2


@given(st.text(max_size=60), st.floats(min_value=20, max_value=200))
def test_a_shortened_text_fits_and_begins_alike(text: str, room: float) -> None:
    cut = shortened(text, 13, room)
    assert breadth(cut, 13) <= room
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]))
