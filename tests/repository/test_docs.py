"""The documentation is true: links lead somewhere, examples run, commands exist, words are explained."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from tests.repository.tree import DOCS, ROOT, fenced, markdown_files, short

PAGES = markdown_files()
RUNNING = [path for path in PAGES if fenced(path, "python")]

# The vocabulary: one word for one thing.
WORDS = """
assessment; assurance; bounded acceptance; case bundle; check; component; condition; decision; estimate; evidence;
exception; excepted; fact; finding; gate; inconclusive; interval; ledger; look; manifest; margin; measure; met; missing;
noise floor; not_applicable; not_met; overlay; plan; policy pack; question; registered; requirement; rows needed;
scope digest; stage; stale; subject; system version; tally; threshold; use case
"""


def _headings(path: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def _links(path: Path) -> Iterator[str]:
    text = re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    yield from re.findall(r"!?\[[^\]]*\]\(([^)\s]+)\)", text)


@cache
def _leaves() -> dict[tuple[str, ...], click.Command]:
    """Return every command that does something, by its path below `hakari`."""
    from hakari.cli import main

    found: dict[tuple[str, ...], click.Command] = {}
    waiting: list[tuple[tuple[str, ...], click.Command]] = [((), main)]
    while waiting:
        path, command = waiting.pop()
        if isinstance(command, click.Group):
            context = click.Context(command)
            members = ((name, command.get_command(context, name)) for name in command.list_commands(context))
            waiting += [((*path, name), member) for name, member in members if member is not None]
        else:
            found[path] = command
    return found


def _problem(line: str) -> str | None:
    """Return what is wrong with a `hakari …` line of a page, if anything is."""
    words = shlex.split(line, comments=True)[1:]
    matches = [path for path in _leaves() if tuple(words[: len(path)]) == path]
    if not matches:
        return None if words[:1] in ([], ["--help"], ["--version"]) else "no such command"
    path = max(matches, key=len)
    known = {name for parameter in _leaves()[path].params for name in (*parameter.opts, *parameter.secondary_opts)}
    used = {word.split("=")[0] for word in words[len(path) :] if word.startswith("-") and word != "-"}
    unknown = used - known - {"--help"}
    return f"no option {', '.join(sorted(unknown))}" if unknown else None


@pytest.mark.parametrize("page", PAGES, ids=short)
def test_every_link_inside_the_repository_leads_somewhere(page: Path) -> None:
    for link in _links(page):
        if "://" in link or link.startswith("mailto:"):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), f"{short(page)} points to {link}, which is not there"
        if anchor and target.suffix == ".md":
            assert anchor in _headings(target), f"{short(page)} points to {link}; there is no such heading"


@pytest.mark.parametrize("page", RUNNING, ids=short)
def test_every_python_example_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The blocks of one page run one after the other, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "example"}
    for block in fenced(page, "python"):
        exec(compile(block, short(page), "exec"), names)


@pytest.mark.parametrize("page", PAGES, ids=short)
def test_every_command_shown_exists_with_its_options(page: Path) -> None:
    shown = [
        line.strip().removeprefix("$ ") for block in fenced(page, "console", "sh", "bash") for line in block.split("\n")
    ]
    problems = {line: _problem(line) for line in shown if line.split()[:1] == ["hakari"]}
    assert {line: problem for line, problem in problems.items() if problem} == {}


def test_every_command_is_documented() -> None:
    text = (DOCS / "cli.md").read_text("utf-8")
    assert [path for path in _leaves() if f"hakari {' '.join(path)}" not in text] == []


def test_the_glossary_explains_every_word_of_the_vocabulary() -> None:
    text = (DOCS / "glossary.md").read_text("utf-8")
    words = [word.strip() for word in WORDS.replace("\n", " ").split(";")]
    assert [word for word in words if f"**{word}**" not in text and f"**`{word}`**" not in text] == []


def test_every_page_is_reached_from_the_index() -> None:
    index = DOCS / "README.md"
    reached, waiting = {index}, [index]
    while waiting:
        page = waiting.pop()
        for link in _links(page):
            target = (page.parent / link.partition("#")[0]).resolve()
            if target.suffix == ".md" and target.is_file() and target not in reached:
                reached.add(target)
                waiting.append(target)
    assert [short(page) for page in PAGES if DOCS in page.parents and page not in reached] == []


def test_the_readme_leads_to_the_documentation() -> None:
    assert "docs/README.md" in set(_links(ROOT / "README.md"))


def test_every_measured_table_is_what_its_script_wrote() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "docs" / "include_results.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.stdout == ""
    assert done.returncode == 0
