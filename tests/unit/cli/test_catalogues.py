"""Commands on packs, measures and keys."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
import yaml

from tests.unit.cli.small import edit, one_line, run


def test_packs_are_listed_and_shown() -> None:
    assert "ai-ethics-core@1.1.0" in run("pack", "list").stdout
    assert "53 requirements" in run("pack", "list").stdout or "requirements" in run("pack", "list").stdout
    shown = run("pack", "show", "ai-ethics-core", "gap-in-results").stdout
    assert "selection-rate-gap" in shown
    assert "gap-in-results" in run("pack", "show", "ai-ethics-core", "--lang", "ja").stdout


def test_a_sound_pack_is_counted(project: Path) -> None:
    document = json.loads(run("-C", project, "pack", "check", "pack", "--json").stdout)
    assert (document["requirements"], document["questions"], document["checks"]) == (3, 2, 2)


def test_a_pack_with_a_fault_is_told_with_file_and_line(project: Path) -> None:
    edit(project / "pack" / "requirements" / "fair.yaml", "severity: critical", "severity: terrible")
    told = one_line(run("-C", project, "pack", "check", "pack"))
    assert "fair.yaml:10" in told
    assert "terrible" in told


def test_what_changed_between_two_packs_is_printed(project: Path, tmp_path: Path) -> None:
    import shutil

    other = Path(shutil.copytree(project / "pack", tmp_path / "other"))
    edit(other / "requirements" / "fair.yaml", "threshold: 0.1", "threshold: 0.2")
    text = run("pack", "diff", project / "pack", other).stdout
    assert "threshold" in text
    assert "0.1" in text
    assert "0.2" in text
    assert "say the same" in run("pack", "diff", project / "pack", project / "pack").stdout


@pytest.mark.parametrize("command", ["show", "check"])
def test_an_unknown_pack_is_told_with_the_nearest(command: str) -> None:
    assert "ai-ethics-core" in one_line(run("pack", command, "ai-ethics-cor"))


def test_an_unknown_requirement_is_told_with_the_nearest() -> None:
    assert "gap-in-results" in one_line(run("pack", "show", "ai-ethics-core", "gap-in-result"))


def test_measures_are_listed_and_shown() -> None:
    assert "fairness.groups@1" in run("measure", "list").stdout
    shown = run("measure", "show", "fairness.groups").stdout
    assert "true_positive_rate" in shown
    assert "min_rows" in shown
    assert "properties" in json.loads(run("measure", "show", "fairness.groups", "--json").stdout)["parameters"]


def test_a_measure_runs_without_an_assessment(project: Path) -> None:
    columns = ("--prediction", "prediction", "--label", "label", "--sensitive", "group", "--positive", "yes")
    result = run("-C", project, "measure", "run", "fairness.groups", "data.csv", *columns, "--json")
    estimates = json.loads(result.stdout)["estimates"]
    rate = next(item for item in estimates if item["metric"] == "selection_rate" and item["slice"] == {"group": "a"})
    lines = (project / "data.csv").read_text().splitlines()[1:]
    chosen = [line.split(",")[2] == "yes" for line in lines if line.startswith("a,")]
    assert rate["value"] == pytest.approx(sum(chosen) / len(chosen), abs=1e-12)
    assert rate["n"] == len(chosen)
    text = run("-C", project, "measure", "run", "fairness.groups", "data.csv", *columns).stdout
    assert "group=a" in text
    assert not (project / ".hakari").exists()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("fairness.grups", "data.csv"), "fairness.groups"),
        (("fairness.groups", "nothing.csv"), "nothing.csv"),
        (("fairness.groups", "data.csv", "--prediction", "predicton", "--sensitive", "group"), "prediction"),
        (("fairness.groups", "data.csv", "--param", "min_rows"), "min_rows"),
        (("fairness.groups", "data.csv", "--param", "min_row=3"), "min_row"),
        (("fairness.groups", "data.csv", "--prediction", "prediction"), "sensitive"),
    ],
)
def test_mistakes_in_a_run_are_told_in_one_line(project: Path, arguments: tuple[str, ...], named: str) -> None:
    assert named in one_line(run("-C", project, "measure", "run", *arguments, "--positive", "yes"))


def test_a_new_key_is_readable_by_its_owner_only_and_never_overwritten(tmp_path: Path) -> None:
    made = run("-C", tmp_path, "key", "new", "--path", "my.pem")
    assert made.exit_code == 0
    assert stat.S_IMODE((tmp_path / "my.pem").stat().st_mode) == 0o600
    content = (tmp_path / "my.pem").read_bytes()
    assert "my.pem" in one_line(run("-C", tmp_path, "key", "new", "--path", "my.pem"))
    assert (tmp_path / "my.pem").read_bytes() == content
    assert "PRIVATE" not in run("-C", tmp_path, "key", "show", "--path", "my.pem").stdout


def test_the_default_key_lies_in_the_home_of_the_person(own_home: Path) -> None:
    assert "hakari key new" in one_line(run("key", "show"))
    run("key", "new")
    assert (own_home / ".config" / "hakari" / "key.pem").is_file()
    assert run("key", "show").exit_code == 0


def _directory(folder: Path, entries: object) -> str:
    run("-C", folder, "key", "new", "--path", "office.pem")
    (folder / "entries.yaml").write_text(yaml.safe_dump(entries) if entries is not None else "")
    return one_line(run("-C", folder, "key", "directory", "entries.yaml", "--key", "office.pem"))


@pytest.mark.parametrize(
    ("entries", "named"),
    [
        (None, "no list"),
        ([{"key": "ab", "name": "n", "from": "2026-01-01"}], "ab"),
        ([{"key": "0" * 64, "name": "n", "from": "soon"}], "soon"),
        ([{"key": "0" * 64, "nam": "n", "from": "2026-01-01"}], "nam"),
        ([{"key": "0" * 64, "name": "n", "from": "2026-01-01"}], "not in"),
    ],
)
def test_a_list_of_keys_that_cannot_be_signed_is_told(tmp_path: Path, entries: object, named: str) -> None:
    assert named in _directory(tmp_path, entries)
    assert not (tmp_path / "keys.json").exists()
