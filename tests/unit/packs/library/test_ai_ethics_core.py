"""The core sample: its slugs are what other packs rest on, and it asks no more than its share of the budget."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import product
from typing import Any

import pytest

from hakari.packs import load_pack
from hakari.packs.overview import AskedQuestion, questions_asked
from tests.unit.packs.library._resting import broken

PACK = load_pack("ai-ethics-core")
SLUGS = {
    "creative-life": "purpose uses-ruled-out hurt-outside effects-on-people work-that-stays creators-rights",
    "stakeholders": "affected-people people-heard who-cannot-use people-in-weak-position complaints",
    "trusted-products": (
        "wrong-answers cost-of-errors human-oversight honest-test accuracy-measured scores-mean-what-they-say "
        "data-in-order shown-to-work security suppliers monitoring incidents power-to-stop retirement"
    ),
    "privacy": (
        "data-provenance good-right no-more-than-needed kept-no-longer rights-over-data things-worked-out "
        "attributes-kept-apart"
    ),
    "fairness": (
        "fairness-definition nature-of-labels groups-compared gap-in-results combined-groups gap-in-errors "
        "works-for-every-group less-harmful-ways"
    ),
    "transparency": (
        "ai-made-known effects-told reasons-recorded choices-recorded reasons-given objection limits-published "
        "register-of-parts"
    ),
    "learning": "work-changes people-trained skills-kept users-helped-to-understand lessons-taken",
}
LARGEST = {"low": 8, "middle": 18, "high": 40}
"""Questions that the core may ask in all stages together; `stop` asks as `high` does."""
ALWAYS: dict[str, Any] = {
    "affects_people": True, "vulnerable_people": True, "personal_data": True, "has_protected_attributes": True,
    "uses_supplier_model": True, "tabular_data": True, "uses_scores": True, "in_operation": True,
    "people_affected_per_year": 100_000, "autonomy": "advice", "talks_with_people": False, "recommends": False,
}  # fmt: skip
"""Values with which no fewer questions are asked than with any other."""
EITHER: dict[str, tuple[Any, ...]] = {
    "decides_about_people": (True, False),
    "binary_results": (True, False),
    "generates_content": (True, False),
    "domain": ("lending", "creative"),
}
"""Facts that add some questions and spare others: every combination is tried."""
PRESCREENING = {
    **ALWAYS, "decides_about_people": True, "binary_results": True, "autonomy": "human_confirms", "domain": "lending",
    "in_operation": False, "generates_content": False, "vulnerable_people": False, "uses_supplier_model": False,
}  # fmt: skip


@cache
def largest(tier: str) -> tuple[AskedQuestion, ...]:
    """Return the most that is asked in a tier, whatever the facts."""
    cases = (dict(zip(EITHER, values, strict=True)) for values in product(*EITHER.values()))
    return max((questions_asked([PACK], {**ALWAYS, **case, "tier": tier}) for case in cases), key=len)


def asked(**facts: Any) -> set[str]:
    """Return `requirement.question` of what is asked in the example of a pre-screening, with other `facts`."""
    found = questions_asked([PACK], {**PRESCREENING, **facts})
    return {f"{item.requirement.slug}.{item.question.id}" for item in found}


def test_the_slugs_that_other_packs_rest_on_stay() -> None:
    found: dict[str, list[str]] = {}
    for item in PACK.requirements:
        found.setdefault(item.group, []).append(item.slug)
    assert {group: " ".join(slugs) for group, slugs in found.items()} == SLUGS


def test_what_every_pack_keeps_to() -> None:
    assert broken(PACK) == {}


@pytest.mark.parametrize("tier", LARGEST)
def test_no_use_case_is_asked_more_than_the_share_of_its_tier(tier: str) -> None:
    assert len(largest(tier)) <= LARGEST[tier]


@pytest.mark.parametrize("tier", LARGEST)
def test_nobody_gets_more_than_fourteen_questions_at_one_stage(tier: str) -> None:
    counted = Counter((item.stage, item.role) for item in largest(tier))
    assert max(counted.values()) <= 14


def test_a_higher_tier_asks_everything_that_a_lower_one_asks() -> None:
    assert asked(tier="low") < asked(tier="middle") < asked(tier="high") == asked(tier="stop")


def test_a_low_tier_is_asked_for_a_purpose_its_limits_and_a_way_to_stop() -> None:
    assert asked(tier="low") == {
        "purpose.better_off", "uses-ruled-out.ruled_out", "wrong-answers.fallback", "power-to-stop.who",
        "data-provenance.known", "good-right.ground", "ai-made-known.told",
    }  # fmt: skip


def test_nothing_is_asked_twice_in_other_words() -> None:
    """An objection is the complaint of somebody judged; reasons given are what they understand."""
    decides, others = asked(tier="high"), asked(tier="high", decides_about_people=False)
    assert {"objection.who_looks", "reasons-given.true_reasons"} <= decides
    assert not {"complaints.days", "users-helped-to-understand.understood", "effects-told.told"} & decides
    assert {"complaints.days", "users-helped-to-understand.understood"} <= others
    assert not {"objection.who_looks", "reasons-given.true_reasons"} & others


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"autonomy": "automatic"}, "alone"),
        ({"in_operation": False}, "means"),
        ({"in_operation": True}, "overruled"),
    ],
)
def test_oversight_is_asked_about_in_one_way(facts: dict[str, Any], expected: str) -> None:
    found = {name for name in asked(tier="high", **facts) if name.startswith("human-oversight.")}
    assert found == {f"human-oversight.{expected}"}


@pytest.mark.parametrize(("people", "expected"), [(999, "told"), (1000, "plan")])
def test_many_people_call_for_a_rehearsal(people: int, expected: str) -> None:
    found = {name for name in asked(tier="high", people_affected_per_year=people) if name.startswith("incidents.")}
    assert found == {f"incidents.{expected}"}


def test_no_question_hangs_on_the_answer_to_another() -> None:
    """So nobody learns of a question only after answering one."""
    assert all("answers." not in (question.when or "") for item in PACK.requirements for question in item.questions)


def test_measurements_hang_on_facts_alone_and_not_on_the_tier() -> None:
    assert sum(len(item.checks) for item in PACK.requirements) == 20
    assert not [item.slug for item in PACK.requirements if item.checks and "tier" in (item.applies_when or "")]
