"""What a plan can expect to decide: computed from denominators and one pooled rate, never from a group's own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from hakari.assessment.manifest import read_manifest
from hakari.assessment.model import Plan, PlannedCheck
from hakari.assessment.plan import PlanInput, make_plan
from hakari.assessment.plan_power import conclusive_chance, ratio_warnings
from hakari.inputs import Columns, Inputs, open_data
from hakari.statistics import ClopperPearson, Rule, decide
from tests.unit.workflows._project import RATIO, check, manifest, pack_of, requirement


def _table(sizes: dict[str, tuple[int, int]]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"sex": name, "repaid": index % 2, "approved": int(index < selected)}
            for name, (selected, size) in sizes.items()
            for index in range(size)
        ]
    )


def _planned(
    sizes: dict[str, tuple[int, int]], *, label: str | None = "repaid", weight: bool = False, **changes: Any
) -> tuple[Plan, Inputs]:
    columns: dict[str, Any] = {"label": label, "prediction": "approved", "sensitive": ("sex",)}
    table = _table(sizes)
    if weight:
        table["weight"], columns["weight"] = 1.5, "weight"
    inputs = Inputs(open_data(table, role="data.test"), None, Columns(**columns))
    document = manifest(columns={**columns, "sensitive": ["sex"]})
    packs = (pack_of(requirement("gaps", checks=[check(**{**RATIO, **changes})])),)
    read = read_manifest(yaml.safe_dump(document).encode())
    return make_plan(PlanInput(manifest=read, packs=packs, inputs=inputs, subjects=())), inputs


def _check(plan: Plan) -> PlannedCheck:
    return plan.checks[0]


def test_a_ratio_over_few_rows_is_warned_of_with_its_chance() -> None:
    plan, inputs = _planned({"f": (20, 60), "m": (20, 60)})
    (warning,) = ratio_warnings(plan, inputs)
    assert warning.key == "assessment.plan.ratio_power"
    assert warning.arguments["check"] == "gaps/gap[sex]"
    assert isinstance(warning.arguments["chance"], float)
    assert warning.arguments["chance"] < 0.5


def test_a_ratio_over_many_rows_is_not_warned_of() -> None:
    assert ratio_warnings(*_planned({"f": (2000, 4000), "m": (2000, 4000)})) == ()


def test_a_difference_is_never_warned_of() -> None:
    line: dict[str, Any] = {"aggregation": "difference", "operator": "<=", "threshold": 0.01}
    assert ratio_warnings(*_planned({"f": (20, 60), "m": (20, 60)}, **line)) == ()


def test_without_data_there_is_nothing_to_expect() -> None:
    plan, _ = _planned({"f": (20, 60), "m": (20, 60)})
    assert ratio_warnings(plan, None) == ()


def test_the_chance_is_that_of_all_groups_having_the_pooled_rate() -> None:
    plan, inputs = _planned({"f": (110, 300), "m": (190, 500)})
    rng, decided, runs = np.random.default_rng(1), 0, 400
    rule = Rule(aggregation="ratio", operator=">=", threshold=0.8, margin=0.05)
    trials = np.array([300.0, 500.0])
    for drawn in rng.binomial([300, 500], 300 / 800, size=(runs, 2)):
        limits = ClopperPearson(drawn.astype(float), trials)
        decided += decide(rule, limits, error_met=0.0125, error_not_met=0.0125).verdict != "inconclusive"
    share = decided / runs
    chance = conclusive_chance(_check(plan), inputs, family=1, seed=0)
    assert abs(chance - share) < 4 * (0.25 / 200 + 0.25 / runs) ** 0.5


def test_the_plan_stays_blind_to_the_differences_that_it_will_judge() -> None:
    chances = []
    for f, m in ((100, 200), (150, 150), (200, 100)):
        plan, inputs = _planned({"f": (f, 400), "m": (m, 400)})
        chances.append(conclusive_chance(_check(plan), inputs, family=1, seed=0))
    assert chances[0] == chances[1] == chances[2]


def test_the_chance_is_equal_for_an_equal_seed() -> None:
    plan, inputs = _planned({"f": (110, 300), "m": (190, 500)})
    first = conclusive_chance(_check(plan), inputs, family=1, seed=5)
    assert conclusive_chance(_check(plan), inputs, family=1, seed=5) == first


@pytest.mark.parametrize(
    ("sizes", "weight"), [({"f": (5, 20), "m": (100, 400)}, False), ({"f": (20, 60), "m": (20, 60)}, True)]
)
def test_no_chance_is_stated_for_one_group_in_scope_or_for_weights(
    sizes: dict[str, tuple[int, int]], weight: bool
) -> None:
    plan, inputs = _planned(sizes, weight=weight)
    assert conclusive_chance(_check(plan), inputs, family=1, seed=0) == 1.0


def test_a_ratio_of_selection_rates_needs_no_labels() -> None:
    plan, inputs = _planned({"f": (20, 60), "m": (20, 60)}, label=None)
    assert len(ratio_warnings(plan, inputs)) == 1
