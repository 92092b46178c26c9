"""`hakari standalone` writes two verifiers that need no Hakari."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from hakari.cli import main
from hakari.standalone import single_file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "new" / "folder"


def test_both_files_are_written_and_named(folder: Path) -> None:
    done = CliRunner().invoke(main, ["standalone", str(folder), "--lang", "en"])
    assert done.exit_code == 0, done.output
    assert (folder / "hakari_verify.py").read_text("utf-8") == single_file()
    assert "<!doctype html>" in (folder / "verify.html").read_text("utf-8")[:200].lower()
    assert "hakari_verify.py" in done.output.replace("\n", "")


def test_the_files_are_named_for_machines(folder: Path) -> None:
    done = CliRunner().invoke(main, ["standalone", str(folder), "--json"])
    assert [Path(name).name for name in json.loads(done.stdout)["files"]] == ["hakari_verify.py", "verify.html"]
