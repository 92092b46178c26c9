"""`hakari capture` on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hakari.capture import Recorder, load_salt
from hakari.capture.salt import beside
from hakari.cli.capture import capture
from hakari.errors import InputError
from tests.unit.capture.stores import edit, only_file


@pytest.fixture
def store(tmp_path: Path) -> Path:
    with Recorder(tmp_path / "store", model="1") as recorder:
        for number in range(3):
            recorder.record(f"A-{number}", inputs={"income": number}, decision="refuse", reasons=["income"])
    (tmp_path / "served.csv").write_text("id,income\nA-0,0\nA-1,1\nA-5,5\n")
    return tmp_path / "store"


def run(store: Path, *arguments: Any) -> Result:
    return CliRunner().invoke(
        capture, [str(part) for part in ("-C", store.parent, *arguments)], standalone_mode=False, catch_exceptions=False
    )


def test_a_whole_store_is_told_and_gives_exit_code_0(store: Path) -> None:
    result = run(store, "verify", "store")
    assert result.return_value == 0
    assert "No trace of a later change was found." in result.stdout
    assert "5 lines, of these 3 decisions." in result.stdout
    assert "No head was compared" in result.stdout


def test_a_changed_line_is_named_and_gives_exit_code_1(store: Path) -> None:
    edit(only_file(store), 2, decision="approve")
    assert run(store, "verify", "store").return_value == 1
    assert "変更の跡：1 件" in run(store, "verify", "store", "--lang", "ja").stdout
    found = json.loads(run(store, "verify", "store", "--json").stdout)
    assert [fault["row"] for fault in found["faults"]] == [2]


def test_a_head_is_written_and_recognised(store: Path) -> None:
    day = only_file(store).parent.name
    digest = run(store, "head", "store", "--day", day).stdout.splitlines()[1]
    told = run(store, "verify", "store", "--kept", digest).stdout
    assert "as it was kept elsewhere" in " ".join(told.split())
    assert run(store, "verify", "store", "--kept", "0" * 64).return_value == 1
    with pytest.raises(InputError, match="yesterday"):
        run(store, "head", "store", "--day", "yesterday")


def test_a_decision_is_shown_with_its_reasons(store: Path) -> None:
    result = run(store, "show", "store", "A-1")
    assert result.return_value == 0
    assert '  reasons: [["income", null]]' in result.stdout
    assert run(store, "show", "store", "A-9").return_value == 1
    (line,) = json.loads(run(store, "show", "store", "A-1", "--json").stdout)
    assert line["line"]["id"] == "A-1"


def test_the_log_is_joined_with_the_store(store: Path) -> None:
    result = run(store, "export", "store", "served.csv", "out.csv", "--id", "id", "--input", "income")
    assert "3 decisions made, 2 of them captured." in " ".join(result.stdout.split())
    assert "1 captured decision is not in the log." in result.stdout
    assert len((store.parent / "out.csv").read_text().splitlines()) == 4
    assert load_salt(beside(store))
