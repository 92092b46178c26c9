"""Words that promise what no measurement shows, and traces of one machine, never enter the project."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from tests.repository.tree import DOCS, ROOT, SOURCE, short, text_files

# docs/wording.md explains why these words are not used, so it names them.
_PROMISES = re.compile(r"\b(unbiased|debias(?:ed|ing|es)?|compliant|fair models?)\b", re.IGNORECASE)
# Spelt in pieces, because this file is read as well.
_MACHINE = re.compile("|".join(["/wo" + "rk/", "/ro" + "ot/", "bash_" + "jobs", "fa" + "rm-[a-z]", "/home/[a-z]"]))
_ADDRESS = re.compile(r"https?://|index-url|find-links")


def _hits(pattern: re.Pattern[str], paths: Iterable[Path]) -> list[str]:
    return [
        f"{short(path)}:{number}: {line.strip()[:100]}"
        for path in paths
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_text_promises_what_no_measurement_shows() -> None:
    readable = text_files(SOURCE, DOCS, ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md")
    assert _hits(_PROMISES, [path for path in readable if path != DOCS / "wording.md"]) == []


def test_no_file_names_a_folder_or_tool_of_one_machine() -> None:
    assert _hits(_MACHINE, text_files()) == []


def test_the_build_names_no_host() -> None:
    build = [ROOT / "Makefile", ROOT / ".ci" / "run", ROOT / "requirements" / "constraints.txt"]
    assert _hits(_ADDRESS, build) == []
