from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.errors import EvidenceError
from hakari.evidence import (
    Estimate,
    Evidence,
    Interval,
    Producer,
    Subject,
    Table,
    Unmeasured,
    decode,
    digest_json,
    encode,
)
from hakari.messages import say


def record(**changes: Any) -> Evidence:
    """Return a small measurement record."""
    fields: dict[str, Any] = {
        "kind": "measurement",
        "subjects": (Subject(role="data.test", kind="file", name="test.csv", digest="0" * 64),),
        "estimates": (
            Estimate(metric="accuracy", value=0.75, interval=Interval(low=0.5, high=0.9, level=0.95, method="m"), n=40),
        ),
        "tables": (Table(name="tally", columns=("label", "n"), rows=((0, 10), (None, 30))),),
        "collected_at": "2026-11-22T00:00:00Z",
        "effective_at": "2026-11-22T00:00:00Z",
        "producer": Producer(name="ci", kind="pipeline"),
    }
    return Evidence(**{**fields, **changes})


def through_json(evidence: Evidence) -> Evidence:
    return decode(Evidence, json.loads(json.dumps(encode(evidence))))


def test_a_record_survives_the_way_through_json() -> None:
    assert through_json(record()) == record()


def test_equal_records_have_one_digest_and_any_change_gives_another() -> None:
    digest = digest_json(encode(record()))
    assert digest_json(encode(through_json(record()))) == digest
    assert digest_json(encode(record(seed=1))) != digest
    assert digest_json(encode(record(limits=(say("language.name"),)))) != digest


def test_a_record_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        record().seed = 2  # type: ignore[misc]  # the checker cannot follow it


def test_what_was_not_measured_says_why_and_is_no_number() -> None:
    reason = Unmeasured(unmeasured=say("language.name"))
    estimate = Estimate(metric="auc", value=reason, interval=reason, n=0)
    written = encode(record(estimates=(estimate,)))["estimates"][0]
    assert written["value"] == {"unmeasured": {"key": "language.name", "arguments": {}}}
    assert through_json(record(estimates=(estimate,))).estimates == (estimate,)


@given(st.lists(st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(), min_size=1, max_size=5))
def test_cells_keep_their_type(cells: list[Any]) -> None:
    """A group named "1" must not become the number 1 on its way through a file, nor True become 1."""
    table = Table(name="t", columns=("c",), rows=tuple((cell,) for cell in cells))
    returned = through_json(record(tables=(table,))).tables[0].rows
    assert [(type(cell), cell) for (cell,) in returned] == [(type(cell), cell) for cell in cells]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("kind",), "guess"),
        (("assurance",), "divine"),
        (("producer", "kind"), "robot"),
        (("subjects", 0, "kind"), "rumour"),
        (("tables", 0, "disclosure"), "everyone"),
        (("estimates", 0, "value"), "NaN?"),
    ],
)
def test_a_word_outside_the_closed_sets_is_refused(path: tuple[Any, ...], value: object) -> None:
    document = encode(record())
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(EvidenceError, match="malformed"):
        decode(Evidence, document)


@pytest.mark.parametrize("path", [(), ("producer",), ("subjects", 0), ("estimates", 0), ("estimates", 0, "interval")])
def test_an_unknown_field_is_refused_at_every_level(path: tuple[Any, ...]) -> None:
    document = encode(record())
    place = document
    for step in path:
        place = place[step]
    place["added"] = 1
    with pytest.raises(EvidenceError, match="added"):
        decode(Evidence, document)


def test_an_optional_field_that_is_not_used_leaves_no_trace() -> None:
    """So that a field added in a later version keeps the digests of old records."""
    assert {"measure", "answer", "plan"} & set(encode(record())) == set()
    assert replace(record(), measure=None) == record()
