from __future__ import annotations

import json
import re
import zlib
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


@pytest.fixture
def paper(run: Any, tmp_path: Path) -> Path:
    """Return a report as PDF, alone in a folder: as a member of the board has it."""
    pytest.importorskip("weasyprint", reason="the extra pdf is not installed")
    run("--period", _year(), "--out", "here", "--language", "ja", "--pdf", "alone/board.pdf")
    return tmp_path / "alone" / "board.pdf"


def _checked(run: Any, name: str) -> tuple[dict[str, Any], int]:
    result = run("--check", name)
    return json.loads(result.output), result.return_value


def test_a_pdf_alone_is_checked_with_the_figures_within_it(run: Any, paper: Path, tmp_path: Path) -> None:
    from hakari.office.oversight.programme.checking import figures_within

    found, code = _checked(run, "alone/board.pdf")
    assert (found["genuine"], found["pages"], found["why"], code) == (True, "same", None, 0)
    assert figures_within(paper.read_bytes(), what="board.pdf") == (tmp_path / "here" / "report.json").read_bytes()
    assert json.loads(run("--check", "here/report.json").output)["papers_not_checked"] == []
    assert json.loads(run("--check", "here/report.json", "--key", "0" * 64).output)["genuine"] is False


def test_a_pdf_with_other_pages_is_told(run: Any, paper: Path) -> None:
    content = paper.read_bytes()
    place = content.rindex(b"startxref")
    paper.write_bytes(content[:place] + b"% one word more\n" + content[place:])
    found, code = _checked(run, "alone/board.pdf")
    assert (found["genuine"], found["pages"], code) == (True, "other", 1)


def test_a_pdf_with_other_figures_within_is_not_genuine(run: Any, paper: Path) -> None:
    from hakari.office.oversight.programme.checking import figures_within

    content = paper.read_bytes()
    envelope = figures_within(content, what="board.pdf")
    begin = content.index(b"stream", content.index(b"/Type /EmbeddedFile")) + len(b"stream\n")
    end = content.index(b"endstream", begin)
    bent = zlib.compress(envelope.replace(b'"sig":"', b'"sig":"A', 1), 9)
    paper.write_bytes(content[:begin] + bent + b"\n" + content[end:])
    assert (_checked(run, "alone/board.pdf")[0]["genuine"], _checked(run, "alone/board.pdf")[1]) == (False, 1)


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"%PDF-1.7\n<</Type /EmbeddedFile>>stream\n"])
def test_a_pdf_without_figures_is_not_genuine(run: Any, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "board.pdf").write_bytes(content)
    found, code = _checked(run, "board.pdf")
    assert (found["genuine"], code) == (False, 1)
    assert "report.json" in found["told"]


def test_a_pdf_that_carries_two_files_is_not_genuine(run: Any, paper: Path) -> None:
    paper.write_bytes(paper.read_bytes() + b"1 0 obj <</Type /EmbeddedFile>> stream\n{}\nendstream endobj")
    assert _checked(run, "alone/board.pdf")[0]["genuine"] is False


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("version", lambda _: "0.0.1"),
        ("producer", lambda: "WeasyPrint 1.0"),
        ("_fonts", lambda unpacked: frozenset([bytes(str(len(unpacked)), "ascii")])),
    ],
)
def test_pages_of_another_version_are_not_suspected_and_not_vouched_for(
    run: Any, paper: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: Any
) -> None:
    paper.write_bytes(paper.read_bytes() + b"\n")
    monkeypatch.setattr(f"hakari.office.oversight.programme.checking.{name}", value)
    found, code = _checked(run, "alone/board.pdf")
    assert (found["genuine"], found["pages"], code) == (True, "unchecked", 1)
    assert found["why"]


def test_without_the_printing_program_the_figures_are_checked_alone(
    run: Any, paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("hakari.office.oversight.programme.paper.import_module", absent)
    found, code = _checked(run, "alone/board.pdf")
    assert (found["genuine"], found["pages"], code) == (True, "unchecked", 1)
    assert "hakari[pdf]" in found["why"]


@pytest.mark.parametrize(("language", "words"), [("en", "same to the byte"), ("ja", "1バイトまで一致")])
def test_what_was_checked_of_a_pdf_is_said_in_words(
    run: Any, paper: Path, tmp_path: Path, language: str, words: str
) -> None:
    arguments = ["report", "--lang", language, "-C", str(tmp_path), "--check", str(paper)]
    answer = CliRunner().invoke(office, arguments, standalone_mode=False)
    assert words in re.sub(r"\s+", " " if language == "en" else "", answer.output)
    beside = CliRunner().invoke(
        office, [*arguments[:-1], str(tmp_path / "here" / "report.json")], standalone_mode=False
    )
    assert "board" not in beside.output


def test_pdfs_beside_the_figures_are_named_as_not_checked(run: Any, tmp_path: Path) -> None:
    run("--period", _year(), "--out", "here")
    (tmp_path / "here" / "board.pdf").write_bytes(b"%PDF-1.7 of somebody")
    assert json.loads(run("--check", "here/report.json").output)["papers_not_checked"] == ["board.pdf"]
