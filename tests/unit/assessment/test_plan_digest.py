"""The digest of a plan: it moves with whatever could move a verdict, and with nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.assessment.plan import digest_of_plan, make_plan
from hakari.errors import HakariError
from hakari.evidence import scope_digest
from tests.unit.assessment._planning import COLUMNS, TEST, plan_input, plan_of
from tests.unit.workflows._project import check, pack_of, requirement


def _digest(**changes: Any) -> str:
    return digest_of_plan(plan_of(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"overrides": {"gaps/gap": {"threshold": 0.11}}},
        {"overrides": {"gaps/gap": {"why": "asked by the board"}}},
        {"facts": {"people": False}},
        {"subjects": (replace(TEST, digest="e" * 64),)},
        {"columns": {**COLUMNS, "sensitive": ("sex",)}},
        {"columns": {**COLUMNS, "label": "approved"}},
        {"label_source": "proxy"},
        {"selective_labels": True},
        {"seed": 3},
        {"system": {"version": "1.1"}},
        {"looks": {"gaps/gap[sex]": ["a" * 64]}},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_the_digest_changes_with_whatever_could_move_a_verdict(changes: dict[str, Any]) -> None:
    assert _digest(**changes) != _digest()


def test_the_digest_changes_with_the_pack() -> None:
    given_now = plan_input()
    other = replace(given_now, packs=(pack_of(requirement("gaps", checks=[check(threshold=0.1)]), version="1.0.1"),))
    assert digest_of_plan(make_plan(other)) != digest_of_plan(make_plan(given_now))


@given(st.permutations(["size", "people"]), st.permutations(["threshold", "why", "min_rows"]))
def test_the_order_of_keys_in_the_manifest_changes_nothing(facts: list[str], entries: list[str]) -> None:
    value = {"size": 3, "people": True, "threshold": 0.2, "why": "w", "min_rows": 40}
    ordered = {"facts": {k: value[k] for k in facts}, "overrides": {"gaps/gap": {k: value[k] for k in entries}}}
    written = {
        "facts": {"people": True, "size": 3},
        "overrides": {"gaps/gap": {"min_rows": 40, "threshold": 0.2, "why": "w"}},
    }
    assert _digest(data=False, **ordered) == _digest(data=False, **written)


def test_the_scope_is_about_the_subjects_in_any_order_and_not_about_their_names() -> None:
    other = replace(TEST, role="model", digest="e" * 64)
    assert scope_digest([TEST, other], {}) == scope_digest([other, replace(TEST, name="renamed.csv")], {})
    assert scope_digest([TEST], {}) != scope_digest([other], {}) != scope_digest([TEST, other], {})


def test_another_decision_threshold_on_the_same_model_is_another_scope() -> None:
    uses = [{"model": {"threshold": threshold}} for threshold in (0.5, 0.6)]
    assert scope_digest([TEST], uses[0]) != scope_digest([TEST], uses[1])


def test_two_packs_with_a_requirement_of_one_name_do_not_share_check_ids() -> None:
    one = plan_input()
    two = pack_of(requirement("gaps", checks=[check(threshold=0.01)]), urn="urn:test:pack:other")
    try:
        plan = make_plan(replace(one, packs=(*one.packs, two)))
    except HakariError:
        return
    assert len({item.id for item in plan.checks}) == len(plan.checks)


def test_an_override_cannot_loosen_a_law() -> None:
    given_now = plan_input(overrides={"gaps/gap": {"threshold": 0.9}})
    law = pack_of(requirement("gaps", checks=[check()]), authority="law")
    with pytest.raises(HakariError):
        make_plan(replace(given_now, packs=(law,)))
