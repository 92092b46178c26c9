"""The table of metrics is whole: its page, the functions, the measures and the rates say the same."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import pytest

from hakari.errors import InputError
from hakari.measures import BUILT_IN
from hakari.measures.fairness import functions
from hakari.statistics import RATES, rate_definition
from hakari.statistics.metrics import AGGREGATES, FAMILIAR, METRICS
from hakari.statistics.metrics.table import metric_definition
from tests.contract.golden_estimates import golden_inputs, run
from tests.repository.tree import ROOT


def _maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_metrics", ROOT / "docs" / "make_metrics.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_that_of_the_table() -> None:
    assert (ROOT / "docs" / "fairness-metrics.md").read_text("utf-8") == _maker().page()


def test_every_definition_says_what_a_reader_needs() -> None:
    for each in METRICS.values():
        assert each.formula, each.name
        assert each.source, each.name
        low, high = each.bounds
        assert low is None or high is None or low < high, each.name
        if each.equal_at is not None and low is not None:
            assert each.equal_at >= low, each.name


def test_what_a_check_may_decide_is_what_a_measure_offers() -> None:
    offered = {name for measure in BUILT_IN.values() for name, item in measure.metrics.items() if item.basis == "rate"}
    deciding = {each.name for each in METRICS.values() if each.verdict == "rate"}
    assert set(RATES) == deciding
    assert {rate_definition(name).name for name in offered} <= deciding


def test_every_named_function_follows_from_the_table() -> None:
    for name in FAMILIAR:
        assert name in functions.__all__
    for name in functions.__all__:
        for suffix in ("_difference", "_ratio", "_worst_group"):
            stem = name.removesuffix(suffix)
            if stem in RATES and stem != name:
                assert suffix.removeprefix("_") in AGGREGATES


@pytest.mark.parametrize(
    "measure", ["fairness.decisions", "fairness.scores", "fairness.classes", "fairness.regression"]
)
def test_what_a_measure_records_is_in_the_table_or_an_aggregate_of_it(measure: str) -> None:
    suffixes = (
        "difference", "ratio", "worst_group", "deviation", "noise_floor", "to_reference", "to_rest", "highest",
        "lowest", "best_group", "group",
    )  # fmt: skip
    unknown = set()
    for name in {each.metric for each in run(BUILT_IN[measure], golden_inputs())}:
        stem = name
        while stem not in METRICS and any(stem.endswith(f"_{suffix}") for suffix in suffixes):
            stem = next(stem.removesuffix(f"_{suffix}") for suffix in suffixes if stem.endswith(f"_{suffix}"))
        if stem not in METRICS:
            unknown.add(name)
    assert unknown == set()


def test_a_metric_is_found_by_another_name_and_a_misspelt_one_gets_the_nearest() -> None:
    assert metric_definition("sensitivity").name == "true_positive_rate"
    with pytest.raises(InputError, match="theil_index"):
        metric_definition("theil_indx")
