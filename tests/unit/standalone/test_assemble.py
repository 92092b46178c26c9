"""The parts are joined into one file that says what it is, in an order in which it runs."""

from __future__ import annotations

import ast
import re
from types import ModuleType

import pytest

from hakari.messages import LANGUAGES, catalogue
from hakari.standalone import assemble, single_file
from tests.contract.second_opinion import verifier


@pytest.fixture(scope="module")
def source() -> str:
    return single_file()


def test_the_file_says_how_it_is_used(source: str) -> None:
    said = ast.get_docstring(ast.parse(source)) or ""
    assert "python hakari_verify.py case.zip --keys keys.json" in said
    assert "Made by hakari " in said


def test_every_part_is_in_it_and_no_import_of_the_package_is_left(source: str) -> None:
    assert "hakari.standalone" not in source
    for part in assemble._parts():
        assert part.body in source, part.name


def test_no_name_means_two_things() -> None:
    parts = list(assemble._parts())
    assemble._check_names(parts)
    first = parts[0]
    other = assemble._Part("other", "", (), (), "", {next(iter(first.names)): "something else"}, "")
    with pytest.raises(ValueError, match="differently"):
        assemble._check_names([first, other])


def test_every_text_that_it_may_say_is_in_it_in_every_language() -> None:
    module: ModuleType = verifier()
    keys = set(re.findall(r"say\(\s*\"([a-z0-9_.]+)\"", single_file()))
    assert len(keys) > 90
    assert keys <= module.TEXTS.keys()
    for key, texts in module.TEXTS.items():
        assert texts == {language: catalogue()[key][language] for language in LANGUAGES}


def test_the_schemas_are_those_that_are_published_without_their_prose() -> None:
    shapes = verifier().SHAPES
    assert set(shapes) == {"assessment", "decision", "evidence", "exception", "plan"}
    fields = shapes["assessment"]["$defs"]["CheckResult"]["properties"]
    assert {"monte_carlo_error", "noise_floor", "check"} <= fields.keys()
    assert "title" in shapes["assessment"]["properties"], "a field of that name is no prose"
    assert "description" not in repr(shapes)
