from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.utils import timezone

from hakari.cli.office import report as module
from hakari.cli.office.site import office
from hakari.errors import InputError
from tests.pages.conftest import Company
from tests.pages.oversight.conftest import told


@pytest.fixture
def run(company: Company, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Return a function that runs the command against the test database."""
    monkeypatch.setattr(module, "at", lambda session, site: tmp_path)
    told(company, "UC-2026-0001", sent=0)

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(office, ["report", "--json", "-C", str(tmp_path), *arguments], standalone_mode=False)

    return invoke


def _year() -> str:
    return str(timezone.localdate().year)


def test_a_report_is_written_and_found_genuine(run: Any, tmp_path: Path) -> None:
    written = json.loads(run("--period", _year(), "--out", "here").output)
    assert sorted(path.name for path in (tmp_path / "here").iterdir()) == [
        "report.en.html",
        "report.ja.html",
        "report.json",
    ]
    found = json.loads(run("--check", "here/report.json").output)
    assert (found["genuine"], found["digest"], found["other_pages"]) == (True, written["digest"], [])


def test_one_language_is_written_alone(run: Any, tmp_path: Path) -> None:
    run("--period", _year(), "--out", "here", "--language", "ja")
    assert sorted(path.name for path in (tmp_path / "here").iterdir()) == ["report.ja.html", "report.json"]


def test_a_page_that_was_changed_is_named(run: Any, tmp_path: Path) -> None:
    run("--period", _year(), "--out", "here")
    page = tmp_path / "here" / "report.en.html"
    text = page.read_text("utf-8")
    # Whatever the count is: a case told today may not count before noon.
    page.write_text(re.sub(r"<dd>\d+</dd>", "<dd>99</dd>", text, count=1), "utf-8")
    result = run("--check", "here/report.json")
    assert (json.loads(result.output)["other_pages"], result.return_value) == (["report.en.html"], 1)


def test_a_bent_file_is_not_genuine(run: Any, tmp_path: Path) -> None:
    run("--period", _year(), "--out", "here")
    path = tmp_path / "here" / "report.json"
    path.write_bytes(path.read_bytes().replace(b'"sig":"', b'"sig":"A', 1))
    result = run("--check", "here/report.json")
    assert (json.loads(result.output)["genuine"], result.return_value) == (False, 1)


@pytest.mark.parametrize(
    "arguments", [(), ("--period", "2026", "--check", "x"), ("--check", "none.json"), ("--period", "x")]
)
def test_a_mistake_is_told(run: Any, arguments: tuple[str, ...]) -> None:
    assert isinstance(run(*arguments).exception, InputError)


def test_a_public_key_has_64_digits(run: Any) -> None:
    run("--period", _year(), "--out", "here")
    assert isinstance(run("--check", "here/report.json", "--key", "abc").exception, InputError)
    assert json.loads(run("--check", "here/report.json", "--key", "0" * 64).output)["genuine"] is False


@pytest.mark.parametrize("error", [ImportError, OSError])
def test_without_its_package_a_pdf_is_not_promised(run: Any, monkeypatch: Any, tmp_path: Path, error: Any) -> None:
    def absent(name: str) -> None:
        raise error(name)

    monkeypatch.setattr("hakari.office.oversight.programme.paper.import_module", absent)
    found = run("--period", _year(), "--out", "here", "--pdf", "board.pdf").exception
    assert isinstance(found, InputError)
    assert "hakari[pdf]" in str(found)
    assert not (tmp_path / "here").exists()


def test_each_language_gets_its_own_pdf(run: Any, tmp_path: Path) -> None:
    pytest.importorskip("weasyprint", reason="the extra pdf is not installed")
    written = json.loads(run("--period", _year(), "--out", "here", "--pdf", "papers/board.pdf").output)
    assert [Path(path).name for path in written["files"]][-2:] == ["board.en.pdf", "board.ja.pdf"]
    assert all(path.read_bytes().startswith(b"%PDF-1.7") for path in (tmp_path / "papers").iterdir())
