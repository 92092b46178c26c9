"""The message catalogue: complete in both languages, used as a whole, and nothing said outside of it."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
import yaml

from hakari.messages import LANGUAGES, catalogue
from tests.repository.tree import SOURCE, parsed, python_files, text_files

_FOLDER = SOURCE / "messages" / "catalogue"


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@cache
def _literals() -> frozenset[str]:
    """Every string in code and templates: keys may stand in a table before they are said."""
    found: set[str] = set()
    for path in python_files(SOURCE):
        found |= {
            node.value
            for node in ast.walk(parsed(path))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
    for path in [*text_files(SOURCE / "reports"), *text_files(SOURCE / "office")]:
        if path.suffix in {".html", ".j2", ".jinja", ".txt"}:
            found |= set(re.findall(r"[\"']([a-z0-9_.]+)[\"']", path.read_text("utf-8")))
    return frozenset(found)


@cache
def _said() -> tuple[tuple[str, str], ...]:
    """Every `say("key", …)` with a literal key, and where it stands."""
    found = []
    for path in python_files(SOURCE):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say" and node.args:
                key = node.args[0]
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    found.append((key.value, f"{path.name}:{node.lineno}"))
    return tuple(found)


def test_every_text_stands_in_every_language_with_the_same_placeholders() -> None:
    for key, texts in catalogue().items():
        assert set(texts) == set(LANGUAGES), f"{key} lacks a language or has one too many"
        assert all(text.strip() for text in texts.values()), f"{key} is empty in one language"
        english, japanese = (_placeholders(texts[language]) for language in LANGUAGES)
        assert english == japanese, f"{key}: {english} in English, {japanese} in Japanese"


@pytest.mark.parametrize("file", sorted(_FOLDER.glob("*.yaml")), ids=lambda path: str(path.stem))
def test_keys_start_with_the_area_that_their_file_is_named_after(file: Path) -> None:
    """An area may have several files: `measures.yaml`, `measures_rooms.yaml`; `text` carries free text everywhere."""
    area = file.stem.split("_")[0]
    keys = yaml.load(file.read_text("utf-8"), Loader=yaml.BaseLoader)
    assert [key for key in keys if not key.startswith(f"{area}.") and key != "text"] == []


def test_every_key_that_is_said_exists() -> None:
    assert [(key, place) for key, place in _said() if key not in catalogue()] == []


def test_every_key_that_a_page_says_exists() -> None:
    said = {
        (key, path.name)
        for path in text_files(SOURCE / "office")
        if path.suffix in {".html", ".txt"}
        for key in re.findall(r"\{% say [\"']([a-z0-9_.]+)[\"'](?!\|)", path.read_text("utf-8"))
    }
    assert [(key, place) for key, place in sorted(said) if key not in catalogue()] == []


def test_every_key_is_used() -> None:
    """A key is used when it is written out, or made from a literal that ends in a dot: `f"reports.status.{status}"`."""
    literals = _literals()
    prefixes = tuple(
        text for text in literals if re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)*\.", text) and text.count(".") > 1
    )
    unused = [key for key in catalogue() if key not in literals and not key.startswith(prefixes)]
    assert unused == []
