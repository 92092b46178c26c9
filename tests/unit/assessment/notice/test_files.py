"""The files of a notice: what is wrong is named with its line, in one sentence."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hakari.assessment.notice import read_glossary
from hakari.errors import ManifestError
from tests.unit.assessment.notice._texts import both, glossary, glossary_of, wording, wording_of


def test_a_wording_in_one_language_needs_no_other() -> None:
    only = {key: ({"ja": value["ja"]} if key in _TEXTS else value) for key, value in wording_of().items()}
    only |= {"languages": ["ja"], "favourable": {"decision": {"ja": "可"}}, "unfavourable": {"decision": {"ja": "否"}}}
    only |= {"not_used": [], "contest": None}
    assert wording(**only).languages == ("ja",)


_TEXTS = {"organisation", "applied_for", "decided_by", "ai_part"}


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"notice": 2}, "Version 2"),
        ({"languages": []}, "languages"),
        ({"decided_by": {"en": "Only English."}}, "decided_by"),
        ({"decided_by": both("A") | {"fr": "Un"}}, "fr"),
        ({"decided_by": both("{name} decides.")}, "{name}"),
        ({"decided_by": both("a" * 1001)}, "1,001"),
        ({"not_used": [{"name": both("race"), "columns": []}]}, "columns"),
        ({"contest": {"contact": both("Desk"), "days": 0}}, "days is 0"),
        ({"example": {"row": 0}}, "row is 0"),
        ({"tone": "kind"}, "tone"),
    ],
)
def test_a_wording_that_cannot_be_used_is_refused_in_one_line(changes: dict[str, Any], word: str) -> None:
    with pytest.raises(ManifestError) as caught:
        wording(**changes)

    assert word in str(caught.value)
    assert str(caught.value).startswith("notice.yaml:")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("column", "group", "word"),
    [
        ({"code": "R1"}, {}, "R1"),
        ({"code": "R 2"}, {}, "R 2"),
        ({"scale": 0}, {}, "scale"),
        ({"step": -1}, {}, "step"),
        ({"decimals": 9}, {}, "decimals"),
        ({"columns": ["debts"]}, {}, "groups"),
        ({"levels": {"1": {"en": "yes"}}}, {}, "levels"),
        ({"missing": both("{value}")}, {}, "{value}"),
        ({}, {"debts": {"name": both("d"), "columns": ["income"]}}, "debts"),
        ({}, {"more": {"name": both("d")}}, "columns"),
        ({}, {"more": {"name": both("d"), "columns": ["incom"]}}, "income"),
        ({}, {"more": {"name": both("d"), "columns": ["second"]}}, "incomes"),
    ],
)
def test_a_glossary_that_cannot_be_used_is_refused_in_one_line(
    column: dict[str, Any], group: dict[str, Any], word: str
) -> None:
    plain = glossary_of()
    columns = {**plain["columns"], "second": {"name": both("second"), **column}}
    document = {**plain, "columns": columns, "groups": {**plain["groups"], **group}}

    with pytest.raises(ManifestError) as caught:
        read_glossary(json.dumps(document, indent=1).encode(), ("en", "ja"))

    assert word in str(caught.value)
    assert str(caught.value).startswith("glossary.yaml:")


def test_a_glossary_needs_only_the_languages_of_the_wording() -> None:
    document = {"glossary": 1, "columns": {"debts": {"name": {"ja": "返済"}}}}
    assert read_glossary(json.dumps(document).encode(), ("ja",)).columns["debts"].name == {"ja": "返済"}
    assert glossary().columns["debts"].code == "R1"
