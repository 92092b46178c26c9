from __future__ import annotations

import re
import shutil
import subprocess
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from hakari.messages import Language, Message, render, say
from hakari.office.core.actions import SYSTEM
from hakari.office.oversight import actions
from hakari.office.oversight.programme.paper import printed
from hakari.office.oversight.programme.period import read_period
from hakari.office.oversight.programme.statement import Signed
from hakari.office.oversight.programme.telling import tell_report
from tests.pages.conftest import Company
from tests.pages.oversight.conftest import told

pytest.importorskip("weasyprint", reason="the extra pdf is not installed")
LANGUAGES: tuple[Language, ...] = ("en", "ja")


@pytest.fixture
def signed(company: Company) -> Signed:
    """Return the signed figures of this year with one case."""
    told(company, "UC-2026-0001", sent=0)
    return actions.report(read_period(str(timezone.localdate().year)), by=SYSTEM)


def _opened(content: bytes) -> bytes:
    """Return a PDF with its packed streams unpacked, so that what it says of itself can be read."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    found = [content]
    for stream in packed:
        with suppress(zlib.error):
            found.append(zlib.decompress(stream))
    return b"\n".join(found)


def _text(content: bytes, folder: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    (folder / "report.pdf").write_bytes(content)
    command = ["pdftotext", str(folder / "report.pdf"), "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_tagged_and_says_its_title_and_language(signed: Signed, language: Language) -> None:
    content = _opened(printed(signed, language))
    pages = re.findall(rb"/Type /Page\b", content)
    period: Any = tell_report(signed.figures).period
    title = f"{render(say('office.oversight.programme.title'), language)} · {render(period, language)}"
    assert len(pages) > 1
    assert b"/Marked true" in content
    assert b"/StructTreeRoot" in content
    assert f"/Lang ({language})".encode() in content
    assert b"<feff" + title.encode("utf-16-be").hex().encode() in content


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_what_the_page_says(signed: Signed, language: Language, tmp_path: Path) -> None:
    text = _text(printed(signed, language), tmp_path)
    shown = re.sub(r"\s", "", text)
    report = tell_report(signed.figures)
    titles = [say("office.oversight.programme.title"), *(picture.title for picture in report.pictures)]
    for words in titles:
        assert isinstance(words, Message)
        assert re.sub(r"\s", "", render(words, language)) in shown
    assert signed.digest in shown
    assert re.search(r"(\d)/\1$", shown)


def test_the_same_figures_give_the_same_bytes(signed: Signed) -> None:
    assert printed(signed, "ja") == printed(signed, "ja")


def test_nothing_is_fetched(signed: Signed, monkeypatch: pytest.MonkeyPatch) -> None:
    page = '<html lang="en"><title>x</title><img alt="x" src="http://office.example/x.png"><p>x'
    asked: list[str] = []

    def refuse(*_: Any, **__: Any) -> None:
        asked.append("the network")
        raise AssertionError

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("hakari.office.oversight.programme.paper.render_programme", lambda *_, **__: page)
    assert printed(signed, "en").startswith(b"%PDF")
    assert asked == []


def test_every_chart_has_words_for_who_does_not_see_it(signed: Signed) -> None:
    report = _opened(printed(signed, "en"))
    assert report.count(b"/S /Figure") == report.count(b"/Alt") > 0
