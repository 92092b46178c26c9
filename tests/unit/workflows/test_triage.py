from __future__ import annotations

from pathlib import Path

import pytest

from hakari.errors import InputError
from hakari.workflows.triage import PreScan, read_prescan, triage_use_case, write_prescan

LENDING = {
    "does": ["decides"], "who": "adults", "data": "personal", "field": "credit", "practices": "none",
    "effect": "confirms", "part": "substantial", "role": ["develops", "uses"], "where": "japan",
}  # fmt: skip
CORE = ["ai-ethics-core"]


def test_the_answers_to_a_pre_scan_come_back_from_the_file(tmp_path: Path) -> None:
    given = PreScan(answers={"does": ("decides", "talks"), "who": "unknown"}, facts={"people_affected_per_year": 20})
    write_prescan(tmp_path / "prescan.yaml", given)
    assert read_prescan(tmp_path / "prescan.yaml") == given
    write_prescan(tmp_path / "empty.yaml", PreScan())
    assert read_prescan(tmp_path / "empty.yaml") == PreScan() == read_prescan(tmp_path / "none.yaml")


def test_a_file_that_is_no_pre_scan_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "prescan.yaml"
    path.write_bytes(b"#" * (2**16 + 1))
    with pytest.raises(InputError, match="65,536"):
        read_prescan(path)


def test_the_tier_becomes_a_fact_once_it_is_decided() -> None:
    run = triage_use_case(PreScan(answers=LENDING), packs=CORE)
    assert (run.triage.lowest, run.triage.highest, run.triage.question) == ("high", "high", None)
    assert run.facts["tier"] == "high"
    assert run.facts["domain"] == "lending"
    open_ = triage_use_case(PreScan(answers={**LENDING, "practices": "unknown"}), packs=CORE)
    assert (open_.triage.lowest, open_.triage.highest, open_.triage.question) == ("high", "stop", "practices")
    assert "tier" not in open_.facts


def test_every_question_of_the_plan_stands_at_one_stage() -> None:
    run = triage_use_case(PreScan(answers=LENDING), packs=CORE)
    found = [(item.requirement.urn, item.question.id) for stage in run.stages for item in stage.questions]
    assert len(found) == len(set(found)) > 10
    assert [stage.stage for stage in run.stages] == ["plan", "design", "develop", "release", "operate"]
    for stage in run.stages:
        assert sum(count for count, _ in stage.roles.values()) == len(stage.questions)
        assert sum(minutes for _, minutes in stage.roles.values()) == sum(i.question.minutes for i in stage.questions)


def test_a_fact_beside_the_pre_scan_counts_and_an_unknown_one_is_refused() -> None:
    run = triage_use_case(PreScan(answers=LENDING, facts={"people_affected_per_year": 5000}), packs=CORE)
    assert run.facts["people_affected_per_year"] == 5000
    with pytest.raises(InputError, match=r"people_affected_per_yaer.*people_affected_per_year"):
        triage_use_case(PreScan(facts={"people_affected_per_yaer": 1}), packs=CORE)


@pytest.mark.parametrize(("facts", "says"), [({"area": "nowhere"}, "nowhere"), ({"affects_people": "maybe"}, "maybe")])
def test_a_fact_beside_the_pre_scan_must_fit_its_declaration(facts: dict[str, str], says: str) -> None:
    with pytest.raises(InputError, match=says):
        triage_use_case(PreScan(facts=facts), packs=CORE)
