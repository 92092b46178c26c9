"""Mistakes in the input: one clear line, the value in it, exit code 2, nothing half-written."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.cli.small import edit, one_line, rows, run, write_data

Break = Callable[[Path], object]


def _manifest(before: str, after: str) -> Break:
    return lambda folder: edit(folder / "hakari.yaml", before, after)


def _cell(row: int, column: int, value: str) -> Break:
    def change(folder: Path) -> None:
        lines = rows()
        lines[row][column] = value
        write_data(folder / "data.csv", lines)

    return change


def _file(name: str, content: bytes) -> Break:
    return lambda folder: (folder / name).write_bytes(content)


CASES: dict[str, tuple[Break, tuple[str, ...]]] = {
    "missing file": (lambda folder: (folder / "data.csv").unlink(), ("data.csv",)),
    "unknown column": (_manifest("label: label", "label: labell"), ("labell", "label")),
    "unknown sensitive column": (_manifest("[group]", "[grup]"), ("grup", "group")),
    "wrong label values": (_cell(3, 3, "maybe"), ("maybe", "label")),
    "score that is no number": (_cell(3, 1, "nan"), ("score",)),
    "infinite score": (_cell(3, 1, "inf"), ("score", "inf")),
    "score above one": (_cell(3, 1, "1.7"), ("score", "1.7")),
    "empty file": (_file("data.csv", b""), ("data.csv",)),
    "header only": (_file("data.csv", b"group,score,prediction,label\n"), ("data.csv",)),
    "undetectable encoding": (_file("data.csv", b"group,label\n\xff\xfe\xfd\x81,yes\n"), ("data.csv", "--encoding")),
    "duplicate column": (_file("data.csv", b"group,group,label\na,b,yes\n"), ("group",)),
    "mismatched lengths": (_file("data.csv", b"group,score,prediction,label\na,0.5,yes\nb,0.4,no,no\n"), ("2",)),
    "unknown pack": (_manifest("./pack", "ai-ethics-cor@1.0.0"), ("ai-ethics-cor", "ai-ethics-core")),
    "other version of a pack": (_manifest("./pack", "ai-ethics-core@9.9.9"), ("9.9.9",)),
    "pack with an error": (
        lambda folder: edit(folder / "pack/requirements/fair.yaml", "severity: critical", "severe: critical"),
        ("fair.yaml:10", "severe"),
    ),
    "unknown measure in a pack": (
        lambda folder: edit(folder / "pack/requirements/fair.yaml", "fairness.groups@1", "fairness.grups@1"),
        ("fair.yaml:", "fairness.grups@1"),
    ),
    "manifest that is no YAML": (_file("hakari.yaml", b"hakari: [1\n"), ("hakari.yaml:",)),
    "unknown key in the manifest": (_manifest("stage:", "stages: x\nstage:"), ("hakari.yaml:5", "stages")),
    "undeclared fact": (_manifest("stage:", "facts: {about_peple: true}\nstage:"), ("about_peple", "about_people")),
    "answers file that is not there": (_manifest("stage:", "answers: a.yaml\nstage:"), ("a.yaml",)),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_is_told_in_one_line_with_the_value(name: str, project: Path) -> None:
    change, named = CASES[name]
    change(project)
    told = one_line(run("-C", project, "assess"))
    assert [part for part in named if part not in told] == []
    assert not (project / "case").exists()


@pytest.mark.parametrize("name", ["unknown column", "wrong label values", "unknown pack", "empty file"])
def test_the_same_line_in_japanese_holds_the_same_value(name: str, project: Path) -> None:
    change, named = CASES[name]
    change(project)
    told = one_line(run("-C", project, "assess", "--lang", "ja"))
    assert named[0] in told
    assert "。" in told


def test_a_label_with_one_class_is_one_line(project: Path) -> None:
    write_data(project / "data.csv", [[*line[:3], "yes"] for line in rows()])
    assert "“yes”" in one_line(run("-C", project, "assess"))


def test_a_sensitive_column_with_one_group_is_one_line(project: Path) -> None:
    write_data(project / "data.csv", [["only", *line[1:]] for line in rows()])
    assert "“only”" in one_line(run("-C", project, "assess"))


def test_ten_thousand_groups_are_one_line(project: Path) -> None:
    write_data(project / "data.csv", [[f"g{number}", "0.5", "yes", "no"] for number in range(10_000)])
    assert "10,000" in one_line(run("-C", project, "plan"))


def test_a_blank_group_is_a_group(project: Path) -> None:
    write_data(project / "data.csv", [["" if place < 100 else line[0], *line[1:]] for place, line in enumerate(rows())])
    assert "missing 100" in run("-C", project, "plan").stdout


def test_a_file_in_place_of_the_state_folder_is_named(project: Path) -> None:
    (project / ".hakari").write_text("in the way")
    assert ".hakari" in one_line(run("-C", project, "plan"))


def test_a_file_in_place_of_the_result_folder_is_named(assessed: Path) -> None:
    shutil.rmtree(assessed / "case")
    (assessed / "case").write_text("in the way")
    assert "case" in one_line(run("-C", assessed, "assess", "--key", "engineer.pem"))


def test_a_run_that_was_interrupted_leaves_nothing_half_written_and_goes_on(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*given: object, **more: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("hakari.reports.html.render_report", stop)
        assert "again" in one_line(run("-C", project, "assess"))
    kept = sorted((project / ".hakari" / "evidence").iterdir())
    assert len(kept) == 2
    assert not (project / "case").exists()
    result = run("-C", project, "assess")
    assert result.exit_code == 0
    assert "2 measurements were at hand" in " ".join(result.stdout.split())
    assert sorted((project / ".hakari" / "evidence").iterdir()) == kept


def test_a_write_that_fails_in_the_middle_leaves_the_old_file(assessed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path: path.read_bytes() for path in (assessed / "case").iterdir()}

    def full(*given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert "No space left" in one_line(run("-C", assessed, "assess", "--key", "engineer.pem"))
    assert {path: path.read_bytes() for path in (assessed / "case").iterdir()} == before


def test_a_changed_plan_is_refused_with_what_changed(assessed: Path) -> None:
    edit(assessed / "pack" / "requirements" / "fair.yaml", "threshold: 0.1", "threshold: 0.3")
    told = one_line(run("-C", assessed, "assess", "--key", "engineer.pem"))
    assert "0.1" in told
    assert "0.3" in told
    assert "hakari plan" in told


def test_changed_evidence_is_refused_by_name(assessed: Path) -> None:
    path = next(iter((assessed / ".hakari" / "evidence").iterdir()))
    path.write_bytes(path.read_bytes().replace(b"payload", b"paylode", 1))
    assert path.name in one_line(run("-C", assessed, "assess", "--key", "engineer.pem"))
