from __future__ import annotations

import numpy as np

from hakari.statistics.confusion_matrix import confusion
from hakari.statistics.rates import RATES, group_rates
from hakari.statistics.tally import Tally

ROWS = [("b", 0, 1, 3), ("b", 1, 1, 4), ("a", 0, 0, 5), ("a", 1, 0, 6), ("a", None, 1, 7)]


def test_counts_stand_at_group_label_prediction() -> None:
    found = confusion(Tally.from_cells(("g", "label", "prediction"), ROWS), ["g"])
    assert found.groups == (("a",), ("b",))
    assert found.counts.tolist() == [[[5, 0], [6, 0]], [[0, 3], [0, 4]]]


def test_without_columns_there_is_one_group() -> None:
    assert confusion(Tally.from_cells(("g", "label", "prediction"), ROWS)).counts.tolist() == [[[5, 3], [6, 4]]]


def test_replicated_cells_spread_to_the_same_places() -> None:
    tally = Tally.from_cells(("g", "label", "prediction"), ROWS)
    found = confusion(tally, ["g"])
    counts = np.array(tally.counts)
    spread = found.spread(np.stack([counts, 2 * counts]))
    assert np.array_equal(spread[0], found.counts)
    assert np.array_equal(spread[1], 2 * found.counts)


def test_rates_of_the_confusion_are_the_group_rates() -> None:
    tally = Tally.from_cells(("g", "label", "prediction"), ROWS)
    found = RATES["accuracy"].value(confusion(tally, ["g"]).counts)
    assert np.array_equal(found, group_rates(tally, "accuracy", ["g"]).limits.values)
