"""`explanation.tabular` on models whose answer is known, and on models that cannot be explained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hakari.errors import InputError, InterruptedRun
from hakari.evidence import Interval, Unmeasured
from hakari.inputs import Columns, Inputs, ModelAtHand, ModelSpec, open_data
from hakari.measures import Context, Measured
from hakari.measures.explanation._features import Features, players_of
from hakari.measures.explanation._together import columns_together
from hakari.measures.explanation.tabular import TabularParameters, measure_tabular
from tests.unit.measures.lending import find, said, value, why

FEATURES = ("income", "debt", "years", "noise")
MODELS = """
import itertools
import numpy as np
turn = itertools.count()
def linear(c):
    return 1 / (1 + np.exp(-(0.05 * c["income"] - 0.1 * c["debt"])))
def crossed(c):
    return 1 / (1 + np.exp(-(c["income"] - 40) * (c["debt"] - 20) / 100 - 0.1 * c["years"]))
def copied(c):
    return 1 / (1 + np.exp(-(0.025 * c["income"] + 0.0125 * c["noise"] - 0.1 * c["debt"])))
def labels(c):
    return np.where(c["income"] > 2 * c["debt"], 1, 0)
def restless(c):
    return linear(c) * (1 - 0.001 * (next(turn) % 2))
def broken(c):
    raise RuntimeError("out of order")
"""


def table(rows: int = 120) -> pd.DataFrame:
    rng = np.random.default_rng(2)
    income, debt = rng.gamma(9, 5, rows), rng.gamma(5, 4, rows)
    found = {"income": income, "debt": debt, "years": rng.integers(0, 30, rows), "noise": rng.normal(size=rows)}
    score = 1 / (1 + np.exp(-(0.05 * income - 0.1 * debt)))
    return pd.DataFrame({**found, "score": score, "paid": (rng.random(rows) < score).astype(int)}).assign(
        prediction=lambda d: (d.score >= 0.5).astype(int)
    )


def measured(
    function: str,
    folder: Path,
    frame: pd.DataFrame | None = None,
    columns: dict[str, Any] | None = None,
    **parameters: Any,
) -> Measured:
    (folder / f"models_{function}.py").write_text(MODELS, encoding="utf-8")
    spec = ModelSpec(adapter="python", call=f"models_{function}:{function}", features=FEATURES)
    meaning = Columns(**({"label": "paid", "prediction": "prediction"} if columns is None else columns))
    data = open_data(table() if frame is None else frame, role="data.test")
    inputs = Inputs(data, None, meaning, ModelAtHand(spec, folder))
    given = {"rows": 40, "background": 40, "repeats": 3, **parameters}
    return measure_tabular(inputs, TabularParameters(**given), context=Context(seed=3, measure="explanation.tabular"))


def test_a_linear_model_is_explained_exactly_in_log_odds(tmp_path: Path) -> None:
    found = measured("linear", tmp_path)
    rows = next(each for each in found.tables if each.name == "importance")
    assert rows.details == {"quantity": "log_odds", "method": "additive_shapley", "correlated": "marginal"}
    assert value(found, "additivity_gap_max") < 1e-9
    assert value(found, "model_agreement") == 1.0
    # Of four features one is noise and one goes unused: chance then often gives an order as good.
    assert value(found, "faithful_share") > 0.9
    assert value(found, "importance", feature="noise") == pytest.approx(0, abs=1e-9)
    assert value(found, "importance", feature="income") > value(found, "importance", feature="noise")


def test_a_model_whose_features_act_together_is_still_followed(tmp_path: Path) -> None:
    found = measured("crossed", tmp_path)
    rows = next(each for each in found.tables if each.name == "importance")
    assert rows.details["quantity"] == "score"
    assert value(found, "faithful_share") > 0.8
    assert value(found, "importance", feature="noise") == pytest.approx(0, abs=1e-9)


def test_labels_alone_are_explained_as_a_class(tmp_path: Path) -> None:
    found = measured("labels", tmp_path)
    assert value(found, "importance", feature="income") > 0.1
    assert value(found, "importance", feature="years") == pytest.approx(0, abs=1e-9)


def test_a_model_that_is_not_deterministic_has_no_explanation_and_says_how_far_it_moves(tmp_path: Path) -> None:
    found = measured("restless", tmp_path)
    assert 0 < value(found, "repeat_difference_max") <= 0.001
    for metric in ("importance", "faithful_share", "stable_reasons_share"):
        assert why(found, metric) == "measures.explanation.tabular.not_alike"


def test_without_a_model_every_figure_says_why(tmp_path: Path) -> None:
    inputs = Inputs(open_data(table(), role="data.test"), None, Columns(label="paid"))
    found = measure_tabular(inputs, TabularParameters(), context=Context())
    assert why(found, "faithful_share") == "measures.explanation.asking.no_model"


def test_a_model_that_fails_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="out of order"):
        measured("broken", tmp_path)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda d: d.assign(noise=1.0), "constant"),
        (lambda d: d.assign(noise=np.nan), "missing"),
        (lambda d: d.assign(noise=[f"c{k}" for k in range(len(d))]), "names"),
        (lambda d: d.head(1), "one row"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_awkward_columns_give_clear_results(change: Any, name: str, tmp_path: Path) -> None:
    found = measured("linear", tmp_path, change(table()))
    assert value(found, "importance", feature="noise") == pytest.approx(0, abs=1e-9)
    assert value(found, "additivity_gap_max") < 1e-9


def test_columns_that_belong_together_are_one_player(tmp_path: Path) -> None:
    found = measured("linear", tmp_path, groups={"money": ("income", "debt")})
    assert value(found, "importance", feature="money") > 0
    assert all(each.slice.get("feature") not in ("income", "debt") for each in found.estimates)


def test_shares_of_clustered_rows_have_no_exact_limits_and_no_counts(tmp_path: Path) -> None:
    rows = table().assign(person=lambda d: d.index // 2)
    found = measured("linear", tmp_path, rows, {"label": "paid", "cluster": "person"})
    assert why(found, "faithful_share") == "measures.explanation.tabular.dependent"
    # What the trials counted stays out; what was never counted over rows does not hang on it.
    assert {each.name for each in found.tables} == {"importance", "effects", "rules"}


def test_limits_say_what_is_explained_and_by_which_method(tmp_path: Path) -> None:
    keys = said(measured("linear", tmp_path))
    assert {"measures.explanation.attributions.sums", "measures.explanation.tabular.limit.sample"} <= set(keys)


@pytest.mark.parametrize(
    ("parameters", "told"), [({"rows": 0}, "rows is 0"), ({"noise": 0.0}, "noise is 0"), ({"confidence": 1.5}, "1.5")]
)
def test_parameters_out_of_range_are_one_line(parameters: dict[str, Any], told: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=told):
        measured("linear", tmp_path, **parameters)


def test_effects_follow_the_known_curve_of_the_most_important_columns(tmp_path: Path) -> None:
    found = measured("linear", tmp_path, effects=2)
    (effects,) = (each for each in found.tables if each.name == "effects")
    assert [row[1] for row in effects.rows if row[2] == 0] == ["debt", "income"]
    income = [(row[3], row[4]) for row in effects.rows if row[1] == "income"]
    assert income == sorted(income), "the score only rises with income"
    # The end of a curve is nobody's own value: five rows lie at or beyond it.
    values = table()["income"].to_numpy()
    assert (values <= float(str(income[0][0])) * 1.001).sum() >= 5
    assert (values >= float(str(income[-1][0])) * 0.999).sum() >= 5


def test_levels_with_fewer_than_five_rows_have_no_place_in_the_effects(tmp_path: Path) -> None:
    (tmp_path / "models_towns.py").write_text(
        "import numpy as np\ndef towns(c):\n    return np.where(c['town'] == 'Kyoto', 0.8, 0.3)\n", encoding="utf-8"
    )
    towns = ["Kyoto"] * 30 + ["Nara"] * 30 + ["Uji"] * 4
    spec = ModelSpec(adapter="python", call="models_towns:towns", features=("town", "size"))
    data = open_data(pd.DataFrame({"town": towns, "size": range(64)}), role="data.test")
    inputs = Inputs(data, None, Columns(), ModelAtHand(spec, tmp_path))
    found = measure_tabular(inputs, TabularParameters(rows=20, repeats=2), context=Context(seed=1))
    (effects,) = (each for each in found.tables if each.name == "effects")
    assert {row[3] for row in effects.rows if row[1] == "town"} == {"Kyoto", "Nara"}


def test_features_that_act_together_are_found_and_a_sum_has_none(tmp_path: Path) -> None:
    crossed = measured("crossed", tmp_path, interaction_rows=40)
    pairs = [item for item in crossed.estimates if item.metric == "interaction"]
    assert pairs[0].slice == {"feature": "income", "with": "debt"}
    assert isinstance(pairs[0].interval, Interval)
    assert pairs[0].interval.low > 0
    assert value(crossed, "interaction", feature="income", **{"with": "noise"}) == pytest.approx(0, abs=1e-9)
    linear = measured("linear", tmp_path)
    assert "measures.explanation.tabular.interactions.none" in said(linear)
    assert not [item for item in linear.estimates if item.metric == "interaction"]


def test_pairs_that_would_cost_too_much_are_left_out_with_the_price(tmp_path: Path) -> None:
    found = measured("crossed", tmp_path, most_model_rows=2_000, interaction_rows=100, rows=100)
    assert "measures.explanation.tabular.interactions.price" in said(found)


def test_the_rules_of_the_imitating_tree_cover_every_row_once(tmp_path: Path) -> None:
    found = measured("labels", tmp_path, rows=20, repeats=1)
    (rules,) = (each for each in found.tables if each.name == "rules")
    shares = {row[0]: float(str(row[7])) for row in rules.rows}
    assert sum(shares.values()) == pytest.approx(1, abs=0.001)
    assert {row[2] for row in rules.rows} <= {"income", "debt"}
    assert value(found, "decision_agreement") > 0.7


def test_a_copy_says_nothing_that_the_other_column_does_not_say(tmp_path: Path) -> None:
    frame = table(400)
    frame["noise"] = frame["income"] * 2
    found = measured("copied", tmp_path, frame, {"label": "prediction"})
    for feature in ("income", "noise"):
        alone, beside = (value(found, f"{kind}_importance", feature=feature) for kind in ("permutation", "conditional"))
        assert beside < alone / 4


def test_a_person_can_stop_it(tmp_path: Path) -> None:
    (tmp_path / "models_stop.py").write_text(MODELS, encoding="utf-8")
    spec = ModelSpec(adapter="python", call="models_stop:linear", features=FEATURES)
    inputs = Inputs(open_data(table(), role="data.test"), None, Columns(), ModelAtHand(spec, tmp_path))
    with pytest.raises(InterruptedRun):
        measure_tabular(inputs, TabularParameters(rows=20), context=Context(cancelled=lambda: True))


def test_close_columns_of_different_players_are_named() -> None:
    rng = np.random.default_rng(1)
    a = rng.normal(size=50)
    rows = Features({"a": a, "b": a + 0.01 * rng.normal(size=50), "c": rng.normal(size=50), "d": np.ones(50)})
    assert columns_together(rows, players_of(rows.names)) == (("a", "b"),)
    assert columns_together(rows, players_of(rows.names, {"g": ("a", "b")})) == ()


def test_what_is_unmeasured_is_never_a_number(tmp_path: Path) -> None:
    found = measured("linear", tmp_path, columns={})
    assert isinstance(find(found, "model_agreement").value, Unmeasured)
