"""How an audit was made: its head, and a command that the command line takes."""

from __future__ import annotations

import shlex
from dataclasses import replace
from itertools import pairwise

from hakari.inputs import Columns
from hakari.reports.audit.making import making_of
from hakari.reports.words import Words
from tests.unit.reports.audit._audited import audited

_EN = Words("en")


def test_the_command_names_every_column_and_measure_as_the_shell_needs_it() -> None:
    columns = Columns(label="good or bad", prediction="p", sensitive=("a b", "c"), positive="yes", weight="w")
    words = shlex.split(making_of(audited(columns=columns), _EN).command)
    pairs = list(pairwise(words))
    assert words[:3] == ["hakari", "audit", "DATA"]
    assert ("--label", "good or bad") in pairs
    assert [value for name, value in pairs if name == "--by"] == ["a b", "c"]
    assert ("--weight", "w") in pairs
    assert ("--positive", "yes") in pairs
    assert "--negative" not in words
    assert [value for name, value in pairs if name == "--measure"][-1] == "performance.classification"


def test_what_was_passed_to_the_measures_is_passed_again() -> None:
    result = audited()
    first = replace(result.parts[0], passed={"min_rows": 50, "reference": "rest"})
    words = shlex.split(making_of(replace(result, parts=(first,), seed=11), _EN).command)
    assert words[words.index("--min-rows") + 1] == "50"
    assert words[words.index("--group") + 1] == "rest"
    assert words[words.index("--seed") + 1] == "11"


def test_every_option_of_the_command_exists() -> None:
    from hakari.cli.fairness.audit import audit

    known = {option for parameter in audit.params for option in parameter.opts}
    command = making_of(audited(columns=Columns(prediction="p", sensitive=("a",), negative="no")), _EN).command
    assert {word for word in shlex.split(command) if word.startswith("--")} <= known


def test_the_head_leaves_out_columns_that_are_not_named() -> None:
    labels = [label for label, _ in making_of(audited(), _EN).head]
    assert "Decision" in labels
    assert "Label" not in labels
