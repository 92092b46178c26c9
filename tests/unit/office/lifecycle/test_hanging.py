from __future__ import annotations

from typing import Any

import pytest

from hakari.office.lifecycle.showing.hanging import hanging
from hakari.packs import Pack, Requirement, read_pack

_PACK = """
urn: urn:hakari:pack:trial
version: 1.0.0
status: published
authority: sample
languages: [en, ja]
title: {en: Trial, ja: 試行}
summary: {en: For trying, ja: 試すため}
facts:
  - {id: big, type: boolean, title: {en: Big, ja: 大きい}}
groups:
  - {id: open, title: {en: Openness, ja: 透明性}, summary: {en: Said, ja: 伝える}}
"""
_REQUIREMENTS = """
requirements:
  - urn: urn:hakari:requirement:trial:asked
    version: 1
    group: open
    title: {en: People are told, ja: 伝えている}
    text: {en: People know., ja: 知らせる。}
    stages: [develop]
    roles: [owner]
    questions:
      - {id: first, type: yes_no, minutes: 1, text: {en: One?, ja: 一}, effects: {"yes": meets, "no": fails}}
      - {id: second, type: yes_no, minutes: 1, text: {en: Two?, ja: 二}, effects: {"yes": meets, "no": fails}}
      - id: either
        type: text
        minutes: 1
        min_length: 1
        text: {en: Either?, ja: どちら}
        when: "answers.first == 'yes' || answers.second == 'yes'"
      - id: third
        type: yes_no
        minutes: 1
        text: {en: Three?, ja: 三}
        when: "answers.first == 'yes'"
        effects: {"yes": meets, "no": fails}
      - id: last
        type: text
        minutes: 1
        min_length: 1
        text: {en: Four?, ja: 四}
        when: "answers.third == 'yes' && big"
"""


@pytest.fixture(scope="module")
def pack() -> Pack:
    """Return a pack of one requirement whose questions hang on each other."""
    return read_pack({"pack.yaml": _PACK.encode(), "requirements/all.yaml": _REQUIREMENTS.encode()}, name="trial")


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, {}),
        ({"first": "yes", "second": "no"}, {}),
        ({"first": "unknown", "second": "yes"}, {"third": ["first"], "last": ["first"]}),
        ({"first": "unknown"}, {"either": ["first"], "third": ["first"], "last": ["first"]}),
        (
            {"first": "unknown", "second": "unknown"},
            {"either": ["first", "second"], "third": ["first"], "last": ["first"]},
        ),
        ({"first": "yes", "third": "unknown"}, {"last": ["third"]}),
        ({"first": "unknown", "either": "So it is."}, {"third": ["first"], "last": ["first"]}),
    ],
)
def test_what_hangs_on_an_unknown_answer_is_named_with_that_question(
    pack: Pack, answers: dict[str, Any], expected: dict[str, list[str]]
) -> None:
    requirement: Requirement = pack.requirements[0]
    found = hanging(pack, requirement, answers, {"big": True})
    assert {name: [each.id for each in on] for name, on in found.items()} == expected


def test_what_a_fact_rules_out_does_not_hang(pack: Pack) -> None:
    found = hanging(pack, pack.requirements[0], {"first": "yes", "third": "unknown"}, {"big": False})
    assert found == {}
