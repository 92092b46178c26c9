from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

from hakari.assessment.model import GateResult
from hakari.cli.assess import exit_code
from tests.unit.cli.small import one_line, run


def test_plan_prints_checks_groups_and_digest_and_writes_it(project: Path) -> None:
    result = run("-C", project, "plan")
    assert result.exit_code == 0
    assert "gap/rate-gap[group]" in result.stdout
    assert "a 200, b 200" in result.stdout
    assert re.search(r"Digest [0-9a-f]{64}", result.stdout)
    assert (project / ".hakari" / "plan.json").is_file()


def test_plan_as_json_carries_the_plan(project: Path) -> None:
    document = json.loads(run("-C", project, "plan", "--json").stdout)
    assert document["plan"]["groups"] == {"group": {"a": 200, "b": 200}}
    assert document["plan"]["family"] == 2


def test_assess_says_counts_first_and_then_what_is_open(assessed: Path) -> None:
    result = run("-C", assessed, "assess", "--key", "engineer.pem")
    lines = result.stdout.splitlines()
    assert lines[1].startswith("3 requirements: 1 met, 1 inconclusive, 1 missing.")
    text = " ".join(result.stdout.split())
    assert "The gap is measured (critical; gap)" in text
    assert "Limit: at most 10.0 points; unacceptable from 15.0 points." in text
    assert "n = 400" in text
    assert "80% chance" in text
    assert "waiting for ML engineer" in text
    assert "product owner: 2 questions" in text
    assert max(len(line) for line in lines if not line.startswith(("Bundle:", "Report:"))) <= 80


def test_the_picture_stands_under_the_figure(assessed: Path) -> None:
    lines = run("-C", assessed, "assess", "--key", "engineer.pem").stdout.splitlines()
    drawn = next(line for line in lines if "├" in line)
    assert {"●", "┿", "╋", "┤"} <= set(drawn)
    assert "10.0 ╵" in lines[lines.index(drawn) + 1]
    plain = run("-C", assessed, "assess", "--key", "engineer.pem", HAKARI_ASCII="1").stdout
    assert not set("├●┿╋▒━→") & set(plain)


def test_assess_speaks_japanese(assessed: Path) -> None:
    result = run("-C", assessed, "assess", "--key", "engineer.pem", "--lang", "ja")
    assert "判定保留（1 件）" in result.stdout
    assert "差を測定している" in result.stdout
    assert "report.ja" not in result.stdout
    assert ".ja.html" in result.stdout


@pytest.mark.parametrize(("gate", "code"), [("advisory", 0), ("regression", 0), ("full", 3)])
def test_the_exit_code_follows_the_gate(assessed: Path, gate: str, code: int) -> None:
    assert run("-C", assessed, "assess", "--key", "engineer.pem", "--gate", gate).exit_code == code


@pytest.mark.parametrize(
    ("holds", "only_open", "code"), [(True, True, 0), (True, False, 0), (False, True, 3), (False, False, 1)]
)
def test_exit_codes(holds: bool, only_open: bool, code: int) -> None:
    gate = GateResult(mode="full", holds=holds, closes=holds, counts={}, blocking=(), only_open=only_open)
    assert exit_code(gate) == code


def test_an_answer_that_fails_gives_exit_code_one_under_the_full_gate(assessed: Path) -> None:
    run("-C", assessed, "answer", "words", "told", "no", "--by", "owner")
    result = run("-C", assessed, "assess", "--key", "engineer.pem", "--gate", "full")
    assert result.exit_code == 1
    assert result.stdout.index("NOT MET") < result.stdout.index("INCONCLUSIVE")
    assert "Are people told? Answered: no." in " ".join(result.stdout.split())


def test_the_regression_gate_fails_on_what_got_worse_than_the_baseline(assessed: Path) -> None:
    base = ("-C", assessed, "assess", "--key", "engineer.pem", "--gate", "regression")
    run("-C", assessed, "answer", "words", "told", "yes")
    run("-C", assessed, "answer", "words", "how", "letter")
    assert run(*base, "--set-baseline").exit_code == 0
    run("-C", assessed, "answer", "words", "told", "no")
    assert run(*base).exit_code == 1


def _format(assessed: Path, form: str, *more: str) -> str:
    return run("-C", assessed, "assess", "--key", "engineer.pem", "--format", form, *more).stdout


def test_github_annotations_are_one_line_each_and_escaped(assessed: Path) -> None:
    lines = _format(assessed, "github").strip().splitlines()
    assert all(re.fullmatch(r"::(error|warning|notice) file=hakari\.yaml,title=[^:,]+::.+", line) for line in lines)
    assert any(line.startswith("::warning") and "The gap is measured" in line for line in lines)
    assert not any(re.search(r"%(?!25|0A|0D|3A|2C)", line) for line in lines)


def test_gitlab_gets_its_code_quality_document(assessed: Path) -> None:
    found = json.loads(_format(assessed, "gitlab"))
    assert {item["check_name"] for item in found} == {"gap", "words"}
    assert all(set(item) >= {"description", "fingerprint", "location", "severity"} for item in found)
    assert len({item["fingerprint"] for item in found}) == 2


@pytest.mark.parametrize(("gate", "failures", "skipped"), [("advisory", "0", "2"), ("full", "2", "0")])
def test_junit_has_one_case_for_each_requirement(assessed: Path, gate: str, failures: str, skipped: str) -> None:
    root = ElementTree.fromstring(_format(assessed, "junit", "--gate", gate))
    assert [case.get("name") for case in root.iter("testcase")] == [
        "The gap is measured",
        "Scores rank well",
        "Somebody answers",
    ]
    assert (root.get("failures"), root.get("skipped")) == (failures, skipped)


def test_json_has_numbers_as_numbers(assessed: Path) -> None:
    document: dict[str, Any] = json.loads(_format(assessed, "json"))
    check = document["findings"][0]["checks"][0]
    assert document["gate"]["counts"]["inconclusive"] == 1
    assert isinstance(check["value"], float)
    assert check["low"] < check["threshold"] < check["high"]
    assert Path(document["bundle"]).is_file()


def test_assess_writes_where_it_is_told(assessed: Path, tmp_path: Path) -> None:
    run("-C", assessed, "assess", "--key", "engineer.pem", "--out", tmp_path / "elsewhere")
    names = {path.name for path in (tmp_path / "elsewhere").iterdir()}
    assert names == {"small-develop.zip", "small-develop.en.html", "small-develop.ja.html"}


def test_a_missing_key_is_named(project: Path) -> None:
    assert "nobody.pem" in one_line(run("-C", project, "assess", "--key", "nobody.pem"))
