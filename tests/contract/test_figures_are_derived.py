"""Verdicts that rest on a figure: both verifiers derive it from the cells, or name it as one that was only read."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from hakari.cli import main
from hakari.standalone import single_file
from tests.contract.bending import Sample
from tests.contract.figure_cases import (
    FIGURE_BENDS,
    figure_bent,
    figure_case,
    figure_parts,
    of_another_measure,
    weighted_case,
)
from tests.contract.second_opinion import Opinion, of_hakari, of_the_file


def opinions(content: bytes) -> tuple[Opinion, Opinion]:
    sample = Sample("figures", content, None, "any")
    return of_hakari(sample), of_the_file(sample)


def test_every_figure_of_a_good_bundle_is_derived_by_both() -> None:
    for found in opinions(figure_case()):
        assert (found.genuine, found.recomputed, found.read) == ("yes", "yes", frozenset())
        assert "15 of 15 verdicts derived again alike from the counts" in found.told


@pytest.mark.parametrize("name", FIGURE_BENDS)
def test_a_bent_figure_or_cell_is_caught_by_both_though_everything_else_fits(name: str) -> None:
    ours, mine = opinions(figure_case(1, FIGURE_BENDS[name]))
    assert ours.compared == mine.compared, f"{ours.told}\n--- the file\n{mine.told}"
    assert (ours.genuine, ours.recomputed) == ("yes", "no")
    assert len(ours.members[1]) == 1


def test_rounding_is_no_difference() -> None:
    for found in opinions(figure_case(1, figure_bent("impact_ratio_min", 1e-11))):
        assert found.recomputed == "yes"


def test_what_the_file_only_reads_is_named_and_not_counted_as_derived() -> None:
    ours, mine = opinions(weighted_case())
    assert (ours.recomputed, mine.recomputed) == ("yes", "yes")
    assert ours.read == frozenset()
    assert "accuracy_loss_bound" in {metric for _, metric, _ in mine.read}
    assert f"{5 - len(mine.read)} of 5 verdicts derived again alike from the counts" in mine.told
    assert f"{len(mine.read)} verdicts rest on a figure that was read from the record" in mine.told


@pytest.fixture
def weighted(tmp_path: Path) -> Path:
    path = tmp_path / "case.zip"
    path.write_bytes(weighted_case())
    return path


@pytest.mark.parametrize(("language", "heading"), [("en", "Read from the record"), ("ja", "計算し直さず")])
def test_the_file_names_them_on_the_terminal_and_in_json(weighted: Path, language: str, heading: str) -> None:
    program = weighted.parent / "hakari_verify.py"
    program.write_text(single_file(), encoding="utf-8")
    command = [sys.executable, "-I", "-X", "utf8", str(program), str(weighted), "--lang", language]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60).stdout
    assert heading in told
    assert "accuracy_loss_bound = " in told
    found = json.loads(subprocess.run([*command, "--json"], capture_output=True, check=False, timeout=60).stdout)
    read = found["verdicts"]["read"]
    assert (found["verdicts"]["all"], found["verdicts"]["derived"]) == (5, 5 - len(read))
    assert {"check", "figure", "metric", "requirement", "status"} == set(read[0])


def test_hakari_verify_names_what_no_verifier_derives(tmp_path: Path) -> None:
    """A figure of another measure, such as a profile of the data, follows from no cells."""
    plan, _ = figure_parts()
    path = tmp_path / "case.zip"
    path.write_bytes(of_another_measure())
    runner = CliRunner()
    told = runner.invoke(main, ["verify", str(path), "--lang", "en"])
    assert told.exit_code == 0, told.output
    assert "0 of 10 verdicts derived again alike" in " ".join(told.output.split())
    assert "Read from the record, not derived again:" in told.output
    assert "impact_ratio_min = 0." in told.output
    found = json.loads(runner.invoke(main, ["verify", str(path), "--json"]).stdout)
    assert (found["verdicts"]["all"], found["verdicts"]["derived"], len(found["verdicts"]["read"])) == (10, 0, 10)
    assert plan.checks[0].id == found["verdicts"]["read"][0]["check"]
