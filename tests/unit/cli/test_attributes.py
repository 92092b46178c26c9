"""`hakari attributes`: the register shown and compared with the manifest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hakari.cli.attributes import attributes
from hakari.errors import ManifestError
from tests.unit.assessment.attribute_use.test_reading import WHOLE


def run(*arguments: object) -> Result:
    return CliRunner().invoke(attributes, [str(each) for each in arguments], standalone_mode=False)


@pytest.fixture
def recorded(project: Path) -> Path:
    (project / "fairness.yaml").write_text(WHOLE.replace("sex", "group"), "utf-8")
    return project


def test_the_register_is_shown_as_people_wrote_it(recorded: Path) -> None:
    text = " ".join(run("show", "-C", recorded).stdout.split())
    for part in ("Consent given with the application.", "head of lending", "Losses rose by a third.", "Rejected"):
        assert part in text
    japanese = run("show", "-C", recorded, "--lang", "ja").stdout
    assert "法的根拠" in japanese
    assert "不採用" in japanese


def test_the_register_that_the_manifest_names_is_taken(recorded: Path) -> None:
    (recorded / "records").mkdir()
    (recorded / "fairness.yaml").rename(recorded / "records" / "uses.yaml")
    manifest = recorded / "hakari.yaml"
    manifest.write_text(manifest.read_text("utf-8") + "fairness: records/uses.yaml\n", "utf-8")
    assert "head of lending" in " ".join(run("show", "-C", recorded).stdout.split())


def test_the_register_is_shown_for_machines(recorded: Path) -> None:
    document = json.loads(run("show", "-C", recorded, "--json").stdout)
    assert document["attributes"][0]["column"] == "group"


def test_an_empty_register_says_so(recorded: Path) -> None:
    (recorded / "fairness.yaml").write_text("fairness: 1\n", "utf-8")
    text = run("show", "-C", recorded).stdout
    assert "No attribute is recorded." in text
    assert "refused" in text


def test_a_register_that_covers_the_manifest_ends_with_zero(recorded: Path) -> None:
    found = run("check", "-C", recorded, "--as-of", "2026-11-22")
    assert found.return_value == 0
    assert "on record" in found.stdout


def test_what_is_open_is_listed_and_ends_with_one(recorded: Path) -> None:
    (recorded / "other.yaml").write_text(WHOLE.replace("signed_off: true", "signed_off: false"), "utf-8")
    arguments = ("check", "-C", recorded, "--register", "other.yaml", "--as-of", "2026-11-22")
    found = run(*arguments)
    assert found.return_value == 1
    assert "2 things are open" in found.stdout
    document = json.loads(run(*arguments, "--json").stdout)
    assert document["open"] == 2
    assert all(isinstance(finding["text"], str) for finding in document["findings"])


def test_without_a_register_the_next_step_is_told(project: Path) -> None:
    found = run("check", "-C", project)
    assert isinstance(found.exception, ManifestError)
    assert "--register" in str(found.exception)
