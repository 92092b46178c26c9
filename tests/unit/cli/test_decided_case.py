"""`hakari verify` on a bundle that carries a decision."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hakari.assessment.archive import pack_archive, unpack_archive
from tests.contract.decided_case import LEDGER, NUMBER, SEQUENCE, golden_decided
from tests.unit.cli.small import run


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "case.zip"
    path.write_bytes(golden_decided())
    return path


def test_verify_says_what_was_decided_and_up_to_where_it_is_sealed(bundle: Path) -> None:
    result = run("verify", bundle)
    told = " ".join(result.stdout.split())
    assert result.exit_code == 0
    assert f"Decision {NUMBER}: approved with conditions (u, stage release, round 2), valid until 2027-11-23." in told
    assert f"The office's ledger held it as event {SEQUENCE}" in told


def test_verify_says_it_in_japanese(bundle: Path) -> None:
    assert f"決定 {NUMBER}：条件付き承認" in run("--lang", "ja", "verify", bundle).stdout


def test_verify_says_that_it_ran_out(bundle: Path) -> None:
    result = run("verify", bundle, HAKARI_NOW="2027-11-24T00:00:00+00:00")
    assert "It has run out: it was valid until 2027-11-23" in " ".join(result.stdout.split())
    assert result.exit_code == 0, "no file changed"


def test_verify_has_it_as_json(bundle: Path) -> None:
    decision = json.loads(run("verify", bundle, "--json").stdout)["decision"]
    assert (decision["number"], decision["outcome"], decision["round"]) == (NUMBER, "approve_with_conditions", 2)
    assert (decision["intact"], decision["run_out"], decision["conditions"]) == (True, False, 1)
    assert (decision["seal"]["sequence"], decision["seal"]["ledger"]) == (SEQUENCE, LEDGER)


def test_a_changed_file_names_the_decision_that_rests_on_it(bundle: Path) -> None:
    files = unpack_archive(bundle.read_bytes())[0]
    name = next(name for name in sorted(files) if name.startswith("evidence/"))
    bundle.write_bytes(pack_archive({**files, name: files[name].replace(b"a", b"b", 1)}))
    result = run("verify", bundle)
    told = " ".join(result.stdout.split())
    assert result.exit_code == 1
    assert f"Decision {NUMBER} does not stand" in told
    assert f"decision {NUMBER} (approved with conditions) rests on it" in told
