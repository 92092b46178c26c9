"""How one row is explained follows from the manifest's parameters of the measure, and from nothing else."""

from __future__ import annotations

import pytest

from hakari.errors import HakariError
from hakari.workflows.explaining import RowOptions


def test_without_parameters_a_thousand_rows_are_compared_with() -> None:
    found = RowOptions.of({"fairness.groups": {}})
    assert (found.background, found.method, found.quantity, found.groups) == (1_000, "auto", "auto", None)


def test_what_the_manifest_says_of_the_measure_holds_and_the_rest_stays_ours() -> None:
    """The measure's own 100 rows are its price for many rows; only a number that was stated is taken."""
    found = RowOptions.of({"explanation.tabular": {"groups": {"all": ["a", "b"]}, "correlated": "conditional"}})
    assert (found.groups, found.correlated, found.background) == ({"all": ("a", "b")}, "conditional", 1_000)
    assert RowOptions.of({"explanation.tabular": {"background": 7}}).background == 7


@pytest.mark.parametrize(("stated", "word"), [({"colour": 1}, "colour"), ({"background": 0}, "background")])
def test_a_parameter_that_is_none_is_refused_in_one_line(stated: dict[str, object], word: str) -> None:
    with pytest.raises(HakariError, match=word) as caught:
        RowOptions.of({"explanation.tabular": stated})
    assert "\n" not in str(caught.value)
