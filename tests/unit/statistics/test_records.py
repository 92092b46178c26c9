"""Records of the statistical floor: frozen, without further attributes, and equal only where that has a meaning."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import FrozenInstanceError, fields, is_dataclass

import numpy as np
import pytest

from hakari import statistics
from hakari.statistics.confusion_matrix import confusion
from hakari.statistics.contrasts import Contrasts
from hakari.statistics.limits import ClopperPearson, ClusteredRates, WeightedRates
from hakari.statistics.smooth import GroupScores
from hakari.statistics.studentised import StudentisedBootstrap
from hakari.statistics.tally import Tally
from hakari.statistics.verdict import Decision, Rule


def records() -> list[type]:
    names = (info.name for info in pkgutil.iter_modules(statistics.__path__, "hakari.statistics."))
    modules = map(importlib.import_module, names)
    return [
        kind
        for module in modules
        for kind in vars(module).values()
        if isinstance(kind, type) and is_dataclass(kind) and kind.__module__ == module.__name__
    ]


@pytest.mark.parametrize("kind", records(), ids=lambda kind: kind.__qualname__)
def test_a_record_is_frozen_and_holds_its_fields_only(kind: type) -> None:
    blank: object = object.__new__(kind)
    with pytest.raises(FrozenInstanceError):
        setattr(blank, fields(kind)[0].name, 1)
    assert not hasattr(blank, "__dict__")


def holders() -> list[object]:
    """Records with arrays, whose `==` has no single answer."""
    one = np.ones(2)
    drawn = StudentisedBootstrap(one / 2, one / 2, one, np.zeros((9, 2)), logit=False)
    counted = Tally.from_cells(("label", "prediction"), [(1, 1, 3)])
    own = ClusteredRates(1, np.zeros(2, dtype=np.int64), np.arange(2), one, one)
    plain = ClopperPearson(one, one)
    return [
        confusion(counted), Contrasts.of(plain), plain, WeightedRates(one, one, one, one, one), own, drawn,
        GroupScores((), 2, one, one, one),
    ]  # fmt: skip


@pytest.mark.parametrize(("first", "second"), list(zip(holders(), holders(), strict=True)))
def test_a_record_with_arrays_equals_only_itself(first: object, second: object) -> None:
    assert first == first
    assert first != second
    assert len({first, second}) == 2


def test_a_rule_is_given_by_name_and_compares_all_pairs_by_mover_without_a_margin() -> None:
    with pytest.raises(TypeError):
        Rule("overall", ">=", 0.5)  # type: ignore[call-arg]  # on purpose
    rule = Rule(aggregation="difference", operator="<=", threshold=0.05)
    assert (rule.margin, rule.method, rule.reference) == (0.0, "mover", None)
    with pytest.raises(TypeError):
        Decision("met", "", 0.0, 0.0, 0.0, 0.1, 0.1, ())  # type: ignore[call-arg]  # on purpose
