from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.small import run

KNOWN = [
    "does=decides", "who=adults", "data=personal", "field=employment", "practices=none", "effect=confirms",
    "part=substantial", "role=offers", "where=japan",
]  # fmt: skip


def stated(*answers: str) -> list[str]:
    return [part for answer in answers for part in ("--set", answer)]


def test_a_decided_tier_is_told_with_its_reasons_and_roles(tmp_path: Path) -> None:
    result = run("-C", tmp_path, "triage", "--pack", "ai-ethics-core", *stated(*KNOWN))
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("Tier: high.")
    assert "area=employment, decides_about_people=true" in " ".join(result.stdout.split())
    assert "Your roles: Provider." in result.stdout
    assert "would decide" not in result.stdout
    assert not (tmp_path / "prescan.yaml").exists()


def test_an_open_tier_is_a_range_with_the_question_that_would_decide_it(tmp_path: Path) -> None:
    answers = [answer.replace("none", "unknown") for answer in KNOWN]
    result = run("-C", tmp_path, "--lang", "ja", "triage", "--pack", "ai-ethics-core", *stated(*answers))
    assert "区分：高～中止" in result.stdout
    assert "決め手となる質問：practices" in result.stdout


def test_the_document_holds_everything(tmp_path: Path) -> None:
    result = run("-C", tmp_path, "--json", "triage", "--pack", "ai-ethics-core", *stated(*KNOWN))
    found = json.loads(result.stdout)
    assert (found["lowest"], found["highest"], found["decided"], found["question"]) == ("high", "high", True, None)
    (framework,) = found["frameworks"]
    assert framework["roles"] == {"provider": "yes"}
    assert framework["reasons"][0]["rule"] == "decides-in-sensitive-area"
    assert found["facts"]["tier"] == "high"
    assert {stage["stage"] for stage in found["stages"]} == {"plan", "design", "develop", "release", "operate"}


def test_facts_are_written_into_the_manifest_and_nothing_else(project: Path) -> None:
    path = project / "hakari.yaml"
    before = path.read_text(encoding="utf-8")
    result = run("-C", project, "triage", "--pack", "ai-ethics-core", *stated(*KNOWN), "--write")
    assert result.exit_code == 0, result.output
    after = path.read_text(encoding="utf-8")
    assert "  tier: high\n" in after
    assert "  domain: hiring\n" in after
    assert [line for line in after.splitlines() if line in before.splitlines() and line] == [
        line for line in before.splitlines() if line
    ]
    assert run("-C", project, "plan").exit_code == 0
    # The answers stay, so that the next run goes on from them.
    again = run("-C", project, "triage", "--pack", "ai-ethics-core")
    assert again.stdout.startswith("Tier: high.")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--set", "does"], ["does", "field=credit"]),
        (["--set", "dose=decides"], ["dose", "does"]),
        (["--set", "field=banking"], ["banking", "credit", "unknown"]),
        (["--answers", "none.yaml"], ["none.yaml"]),
        (["--set", "who=adults", "--write"], ["hakari.yaml", "hakari init"]),
        (["--pack", "ai-ethics-cor"], ["ai-ethics-cor", "ai-ethics-core"]),
        (["--as-of", "tomorrow"], ["tomorrow"]),
    ],
)
def test_mistakes_are_told_in_one_line(arguments: list[str], says: list[str], tmp_path: Path) -> None:
    result = run("-C", tmp_path, "triage", *arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert all(part in result.output for part in says), result.output
