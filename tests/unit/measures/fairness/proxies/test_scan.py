"""`fairness.proxies`: what is found, what is not found by chance, and what is left out with a reason."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import contingency

from hakari.errors import InputError, InterruptedRun
from hakari.evidence import Estimate, Interval, Unmeasured
from hakari.inputs import Columns, Inputs, open_data
from hakari.measures import Context, Measured
from hakari.measures.fairness.proxies import ProxiesParameters, measure_proxies
from hakari.messages import render
from tests.unit.measures.lending import find, inputs_of, loans, said, value, why


def people(rows: int = 4000, seed: int = 5) -> pd.DataFrame:
    """A town in which the district gives the origin away, height the sex, and nothing else anything."""
    rng = np.random.default_rng(seed)
    origin = rng.choice(["a", "b", "c"], rows, p=[0.6, 0.3, 0.1])
    home = {"a": [0.8, 0.1, 0.1], "b": [0.1, 0.8, 0.1], "c": [0.1, 0.1, 0.8]}
    female = rng.random(rows) < 0.5
    return pd.DataFrame(
        {
            "origin": origin,
            "sex": np.where(female, "f", "m"),
            "district": [rng.choice(["north", "south", "east"], p=home[each]) for each in origin],
            "height": rng.normal(np.where(female, 165.0, 178.0), 7.0),
            "shoe": rng.choice(["brown", "black"], rows),
            "lucky": rng.normal(size=rows),
            "label": rng.integers(0, 2, rows),
        }
    )


TOWN = people()


def scan(frame: pd.DataFrame, *sensitive: str, meaning: dict[str, Any] | None = None, **parameters: Any) -> Measured:
    columns = Columns(label="label", sensitive=sensitive, **(meaning or {}))
    context = Context(seed=3, measure="fairness.proxies")
    inputs = Inputs(open_data(frame, role="data.test"), None, columns)
    return measure_proxies(inputs, ProxiesParameters(**parameters), context=context)


@pytest.fixture(scope="module")
def town() -> Measured:
    return scan(TOWN, "origin", "sex")


def interval(estimate: Estimate) -> Interval:
    assert isinstance(estimate.interval, Interval)
    return estimate.interval


def test_the_strongest_proxy_of_each_attribute_comes_first(town: Measured) -> None:
    (table,) = [table for table in town.tables if table.name == "proxies"]
    first = {str(row[0]): str(row[1]) for row in reversed(table.rows)}
    assert first == {"origin": "district", "sex": "height"}
    strengths = [float(row[2] or 0) for row in table.rows if row[0] == "sex"]
    assert strengths == sorted(strengths, reverse=True)


def test_the_label_is_not_looked_at_unless_asked_for(town: Measured) -> None:
    assert not [estimate for estimate in town.estimates if estimate.slice.get("predictor") == "label"]
    asked = scan(TOWN, "sex", predictors=("label",))
    assert find(asked, "theils_u", sex="*", predictor="label").n == 4000


def test_the_figures_are_those_of_the_cross_table(town: Measured) -> None:
    table = pd.crosstab(TOWN["origin"], TOWN["district"]).to_numpy()
    v = value(town, "cramers_v", origin="*", predictor="district")
    assert v == pytest.approx(contingency.association(table, method="cramer"), abs=0.002)
    held = interval(find(town, "cramers_v", origin="*", predictor="district"))
    assert held.low < v < held.high
    share = (table.max(axis=0).sum()) / 4000
    assert value(town, "guess_accuracy", origin="*", predictor="district") == pytest.approx(share, abs=0.03)
    gain = share - (TOWN["origin"] == "a").mean()
    assert value(town, "guess_gain", origin="*", predictor="district") == pytest.approx(gain, abs=0.03)


def test_a_number_is_put_into_bands_of_its_own_and_ranks_people(town: Measured) -> None:
    """Normal heights 13 cm apart with a spread of 7 rank a pair rightly with probability Φ(13 / 7√2) = .905."""
    found = [e for e in town.estimates if e.metric == "auc" and e.slice.get("predictor") == "height"]
    by_level = {e.slice["sex"]: e for e in found if "sex" in e.slice}
    (ranked,) = by_level.values()
    assert isinstance(ranked.value, float)
    assert ranked.value == pytest.approx(0.905, abs=0.03)
    (counts,) = [table for table in town.tables if table.name == "sex by height"]
    bands = {row[1] for row in counts.rows}
    assert len(bands) == 10
    assert sum(int(row[2] or 0) for row in counts.rows) == 4000


def test_what_tells_nothing_is_not_called_a_proxy(town: Measured) -> None:
    for attribute in ("origin", "sex"):
        for predictor in ("shoe", "lucky"):
            slice_ = {attribute: "*", "predictor": predictor}
            assert interval(find(town, "theils_u", **slice_)).low == 0
            assert interval(find(town, "guess_gain", **slice_)).low <= 0


def test_of_several_levels_each_is_ranked_against_all_others(town: Measured) -> None:
    found = [e for e in town.estimates if e.metric == "auc" and e.slice.get("predictor") == "district"]
    ranked = {e.slice["origin"]: e for e in found if "origin" in e.slice}
    assert set(ranked) == {"a", "b", "c"}
    assert all(interval(each).low > 0.7 for each in ranked.values())


def test_the_largest_figures_are_what_a_pack_may_name(town: Measured) -> None:
    top = max(float(e.value) for e in town.estimates if e.metric == "theils_u" and isinstance(e.value, float))
    assert value(town, "theils_u_max") == top
    held = interval(find(town, "theils_u_max"))
    assert held.low <= top <= held.high


def test_other_sensitive_columns_are_looked_at_and_said_to_be(town: Measured) -> None:
    assert find(town, "theils_u", origin="*", predictor="sex").n == 4000
    assert "measures.fairness.proxies.limit.sensitive" in said(town)


def test_names_and_identifiers_are_left_out_with_the_reason() -> None:
    frame = TOWN.assign(name=[f"person {k}" for k in range(4000)], always="x")
    measured = scan(frame, "sex")
    (told,) = [m for m in measured.limits if m.key == "measures.fairness.proxies.limit.skipped"]
    assert "name" in render(told)
    assert "4,000" in render(told)
    assert why(measured, "theils_u", sex="*", predictor="always") == "measures.fairness.proxies.constant"


def test_a_whole_number_that_differs_in_every_row_is_banded() -> None:
    measured = scan(TOWN.assign(key=range(4000)), "sex")
    assert interval(find(measured, "theils_u", sex="*", predictor="key")).low == 0


def test_missing_values_are_a_level_on_both_sides() -> None:
    frame = people(1000)
    frame.loc[frame.index[:300], "height"] = np.nan
    frame.loc[frame.index[:300], "sex"] = None
    measured = scan(frame, "sex", predictors=("height",))
    (counts,) = [table for table in measured.tables if table.name == "sex by height"]
    assert ("missing", "missing", 300) in counts.rows
    assert value(measured, "auc", sex="missing", predictor="height") == 1.0


def test_an_attribute_with_one_group_has_nothing_to_be_guessed() -> None:
    measured = scan(TOWN.assign(sex=None), "sex")
    assert why(measured, "theils_u", sex="*", predictor="height") == "measures.fairness.proxies.one_group"
    assert why(measured, "theils_u_max") == "measures.fairness.proxies.nothing"


@pytest.mark.parametrize("meaning", [{"weight": "w"}, {"cluster": "who"}])
def test_dependent_rows_have_values_and_a_reason_in_place_of_limits(meaning: dict[str, str]) -> None:
    frame = TOWN.assign(w=1.5, who=[f"p{k // 2}" for k in range(4000)])
    measured = scan(frame, "sex", meaning=meaning)
    found = find(measured, "theils_u", sex="*", predictor="height")
    assert isinstance(found.value, float)
    assert isinstance(found.interval, Unmeasured)
    assert "measures.fairness.proxies.limit.dependent" in said(measured)
    assert not [e for e in measured.estimates if e.slice.get("predictor") == next(iter(meaning.values()))]


def test_columns_may_have_any_name() -> None:
    frame = TOWN.rename(columns={"sex": "predictor", "height": "bands of the column that is looked at"})
    measured = scan(frame, "predictor")
    slices = [e.slice for e in measured.estimates if e.metric == "theils_u"]
    assert all(each["predictor"] == "*" for each in slices)
    assert {each["predictor column"] for each in slices} >= {"district", "bands of the column that is looked at"}


def test_real_mortgage_decisions_show_what_their_columns_give_away() -> None:
    context = Context(seed=3, measure="fairness.proxies")
    asked = ProxiesParameters(predictors=("loanprc", "hispan", "min30", "black", "obrat"))
    measured = measure_proxies(inputs_of(loans(), sensitive=("white",)), asked, context=context)
    (table,) = [table for table in measured.tables if table.name == "proxies"]
    assert [row[1] for row in table.rows[:2]] == ["black", "hispan"]


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"bins": 1}, "bins is 1"),
        ({"min_rows": 0}, "min_rows is 0"),
        ({"confidence": 0.0}, "confidence of 0.0"),
        ({"predictors": ("heigth",)}, "height"),
        ({"columns": ("origins",)}, "origin"),
    ],
)
def test_what_was_asked_wrongly_is_told_in_one_line(parameters: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=told):
        scan(TOWN, "sex", **parameters)


def test_without_a_sensitive_column_there_is_nothing_to_scan_for() -> None:
    with pytest.raises(InputError, match="without a sensitive column"):
        scan(TOWN)


def test_a_run_can_be_stopped() -> None:
    inputs = Inputs(open_data(TOWN, role="data.test"), None, Columns(sensitive=("sex",)))
    with pytest.raises(InterruptedRun):
        measure_proxies(
            inputs, ProxiesParameters(), context=Context(measure="fairness.proxies", cancelled=lambda: True)
        )
