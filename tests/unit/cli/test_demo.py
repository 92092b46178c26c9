"""`hakari demo` prints what its workflow found; here that workflow runs on the small project."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hakari.evidence import load_key
from hakari.workflows import demo
from hakari.workflows.assess import assess_project
from hakari.workflows.plan import plan_project
from hakari.workflows.project import open_project
from hakari.workflows.settings import Clock
from hakari.workflows.verify import verify_bundle
from tests.unit.cli.small import NOW, one_line, run


@pytest.fixture
def small_demo(assessed: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make `run_demo` work on the small project, which is assessed already."""

    def run_demo(folder: Path, *, clock: Clock, tampering: bool = False, progress: Any = None) -> demo.DemoRun:
        project = open_project(assessed)
        made = assess_project(project, clock=Clock(NOW), key=load_key(assessed / "engineer.pem"))
        bent = demo.tamper(made.bundle) if tampering else None
        return demo.DemoRun(
            folder=assessed,
            training="Trained.",
            plan=plan_project(project),
            run=made,
            verification=verify_bundle(made.bundle),
            tampered=bent,
            tampered_verification=verify_bundle(bent.bundle) if bent else None,
        )

    monkeypatch.setattr(demo, "run_demo", run_demo)
    return assessed


def test_the_demo_shows_result_and_verification(small_demo: Path) -> None:
    result = run("demo")
    assert result.exit_code == 0
    assert result.stdout.index("Trained.") < result.stdout.index("INCONCLUSIVE") < result.stdout.index("genuine")
    assert "--tamper" in result.stdout


def test_the_demo_with_tampering_names_file_requirement_and_verdict(small_demo: Path) -> None:
    result = run("demo", "--tamper")
    assert result.exit_code == 0
    bent = result.stdout[result.stdout.index("after one count was changed") :]
    assert "genuine     no" in bent
    assert "recomputed  no" in bent
    assert "evidence/" in bent
    assert "rate-gap[group] “inconclusive”" in bent
    assert len([line for line in bent.splitlines() if line.startswith("  evidence/")]) == 2


def test_the_demo_as_json_says_what_was_caught(small_demo: Path) -> None:
    document = json.loads(run("demo", "--tamper", "--json").stdout)
    assert document["verification"]["ok"] is True
    assert document["tampered"]["ok"] is False
    assert document["tampered"]["change"]["after"] == document["tampered"]["change"]["before"] + 1


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert str(tmp_path) in one_line(run("demo", "--folder", tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
