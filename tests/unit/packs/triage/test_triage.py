"""Triage: answers become facts, facts become tiers, and what is unknown is never taken for a no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.errors import InputError, PackError
from hakari.packs import Pack, load_pack, read_pack
from hakari.packs.triage import (
    LEVELS,
    TriageRules,
    deciding_question,
    facts_of,
    load_triage,
    next_question,
    read_triage,
    triage,
)

PACK = load_pack("ai-ethics-core")


def shipped() -> TriageRules:
    rules = load_triage("ai-ethics-core", PACK)
    assert rules is not None
    return rules


RULES = shipped()

SMALL = read_pack(
    {
        "pack.yaml": """
urn: urn:example:pack:small
version: 1.0.0
status: published
authority: sample
languages: [en, ja]
title: {en: Small, ja: 小}
summary: {en: Small, ja: 小}
facts:
  - {id: people, type: boolean, title: {en: People, ja: 人}}
  - {id: money, type: boolean, title: {en: Money, ja: 金}}
  - {id: market, type: boolean, title: {en: Market, ja: 市場}}
  - id: size
    type: choice
    title: {en: Size, ja: 大きさ}
    choices: [{id: s, title: {en: S, ja: 小}}, {id: l, title: {en: L, ja: 大}}]
groups:
  - {id: all, title: {en: All, ja: 全}, summary: {en: All, ja: 全}}
""".encode(),
        "requirements/all.yaml": b"requirements: []\n",
    },
    name="small",
)

TEXT = """
applies_when: "market"
tiers:
  - {id: none, level: low, title: {en: None, ja: 無}, summary: {en: n, ja: 無}}
  - {id: some, level: middle, title: {en: Some, ja: 有}, summary: {en: s, ja: 有}}
  - {id: much, level: high, title: {en: Much, ja: 多}, summary: {en: m, ja: 多}}
rules:
  - {id: a, tier: some, when: "people", because: {en: people, ja: 人}}
  - {id: b, tier: much, when: "people && money && size == 'l'", because: {en: both, ja: 両}}
roles:
  - {id: seller, when: "money", title: {en: Seller, ja: 売}, because: {en: sells, ja: 売}}
prescan:
  - id: where
    type: single
    text: {en: Where?, ja: 場所}
    help: {en: Where, ja: 場所}
    choices:
      - {id: here, text: {en: Here, ja: 此}, facts: {market: true}}
      - {id: there, text: {en: There, ja: 彼}, facts: {market: false}}
  - id: what
    type: multi
    text: {en: What?, ja: 何}
    help: {en: What, ja: 何}
    choices:
      - {id: people, text: {en: People, ja: 人}, facts: {people: true}}
      - {id: money, text: {en: Money, ja: 金}, facts: {money: true}}
      - {id: neither, text: {en: Neither, ja: 無}}
  - id: how_large
    type: single
    when: "money"
    text: {en: How large?, ja: 大きさ}
    help: {en: Size, ja: 大}
    choices:
      - {id: small, text: {en: S, ja: 小}, facts: {size: s}}
      - {id: large, text: {en: L, ja: 大}, facts: {size: l}}
    otherwise: {size: s}
"""


def small(old: str = "", new: str = "") -> TriageRules:
    assert old in TEXT
    return read_triage(TEXT.replace(old, new).encode() if old else TEXT.encode(), SMALL)


def tiers(facts: Mapping[str, Any]) -> tuple[str, str, bool | None]:
    found = triage([(SMALL, small())], facts).packs[0]
    return found.lowest.id, found.highest.id, found.applies


def test_a_rule_that_holds_sets_the_tier_and_gives_its_reason() -> None:
    found = triage([(SMALL, small())], {"market": True, "people": True, "money": True, "size": "l"})
    (pack,) = found.packs
    assert (pack.lowest.id, pack.highest.id, found.decided) == ("much", "much", True)
    assert [reason.rule.id for reason in pack.reasons] == ["b", "a"]
    assert pack.reasons[0].facts == {"people": True, "money": True, "size": "l"}
    assert [(role.id, sure) for role, sure in pack.roles] == [("seller", True)]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"market": True}, ("none", "much", True)),
        ({"market": True, "people": False}, ("none", "none", True)),
        ({"market": True, "people": True}, ("some", "much", True)),
        ({"market": True, "people": True, "money": False}, ("some", "some", True)),
        ({"market": True, "people": True, "money": "unknown", "size": "s"}, ("some", "some", True)),
        ({"market": False, "people": True, "money": True, "size": "l"}, ("none", "none", False)),
        ({"people": True, "money": False}, ("none", "some", None)),
    ],
)
def test_what_is_unknown_gives_a_range(facts: dict[str, Any], expected: tuple[str, str, bool | None]) -> None:
    assert tiers(facts) == expected


def test_an_open_rule_names_the_facts_on_which_it_hangs() -> None:
    (pack,) = triage([(SMALL, small())], {"market": True, "people": True, "size": "l"}).packs
    assert [(reason.rule.id, reason.unstated) for reason in pack.open] == [("b", ("money",))]


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "market": st.booleans(),
            "people": st.booleans(),
            "money": st.booleans(),
            "size": st.sampled_from(["s", "l"]),
        },
    ),
    st.data(),
)
def test_every_way_of_filling_the_gaps_stays_in_the_range(facts: dict[str, Any], data: st.DataObject) -> None:
    whole = {
        **{name: data.draw(st.booleans()) for name in ("market", "people", "money")},
        "size": data.draw(st.sampled_from(["s", "l"])),
        **facts,
    }
    order = ["none", "some", "much"]
    low, high, _ = tiers(facts)
    assert order.index(low) <= order.index(tiers(whole)[0]) <= order.index(high)


def test_answers_state_facts_and_what_is_not_chosen_is_false() -> None:
    questions = small().prescan
    assert facts_of(questions, {"where": "here", "what": ["people"]}, SMALL.facts) == {
        "market": True, "people": True, "money": False, "size": "s",
    }  # fmt: skip
    assert facts_of(questions, {"what": "unknown"}, SMALL.facts) == {}
    assert facts_of(questions, {"what": ["money"], "how_large": "large"}, SMALL.facts)["size"] == "l"
    # An answer to a question that is no longer asked has no effect.
    assert facts_of(questions, {"what": "neither", "how_large": "large"}, SMALL.facts)["size"] == "s"


def test_the_next_question_is_the_first_that_is_asked_and_open() -> None:
    questions = small().prescan
    asked: list[str | None] = []
    answers: dict[str, Any] = {}
    for value in ("unknown", ["money"], "small"):
        question = next_question(questions, answers, SMALL.facts)
        assert question is not None
        asked.append(question.id)
        answers[question.id] = value
    assert asked == ["where", "what", "how_large"]
    assert next_question(questions, answers, SMALL.facts) is None
    assert next_question(questions, {"where": "here", "what": "neither"}, SMALL.facts) is None


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"where": "there"}, None),
        ({"where": "here"}, "what"),
        ({"where": "here", "what": ["people", "money"]}, "how_large"),
        ({"what": ["people"]}, "where"),
        ({"where": "here", "what": ["people"]}, None),
    ],
)
def test_one_question_is_named_that_would_decide_most(answers: dict[str, Any], expected: str | None) -> None:
    rules = small()
    facts = facts_of(rules.prescan, answers, SMALL.facts)
    assert deciding_question([(SMALL, rules)], facts, rules.prescan, answers) == expected


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"whom": "here"}, ["“whom”", "where, what, how_large"]),
        ({"where": "nowhere"}, ["“where”", "nowhere", "here, there, unknown"]),
        ({"where": ["here", "there"]}, ["“where”", "here, there"]),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_in_one_line(answers: dict[str, Any], says: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        facts_of(small().prescan, answers, SMALL.facts)
    assert all(part in str(caught.value) for part in says)


BAD = [
    ("tier: some,", "tier: sum,", ["“sum”", "none, some, much"]),
    ('when: "people"', 'when: "peple"', ["peple", "people"]),
    ("level: middle", "level: stop", ["none, some, much"]),
    ("facts: {people: true}", "facts: {people: maybe}", ["people", "maybe"]),
    ("facts: {size: l}", "facts: {size: xl}", ["size", "xl"]),
    ("id: money, text", "id: people, text", ["people"]),
    ("id: here", "id: unknown", ["unknown"]),
    ("otherwise: {size: s}", "otherwise: {sise: s}", ["sise", "size"]),
    ("id: b, tier", "id: a, tier", ["“a”"]),
    ('applies_when: "market"', 'applies_when: "market == 1"', ["market"]),
    ("roles:", "rolls:", ["rolls", "roles"]),
]


@pytest.mark.parametrize(("old", "new", "says"), BAD, ids=[new for _, new, _ in BAD])
def test_a_triage_file_that_contradicts_itself_is_refused_with_its_line(old: str, new: str, says: list[str]) -> None:
    with pytest.raises(PackError) as caught:
        small(old, new)
    text = str(caught.value)
    assert text.startswith("triage.yaml:")
    assert text.split(":")[1].isdigit()
    assert "\n" not in text
    assert all(part in text for part in says), text


def test_more_than_twelve_questions_are_refused() -> None:
    one = (
        "  - {id: q%d, type: single, text: {en: Q, ja: 問}, help: {en: H, ja: 助},"
        " choices: [{id: c, text: {en: C, ja: 選}}]}\n"
    )
    with pytest.raises(PackError, match="13 questions"):
        read_triage((TEXT + "".join(one % n for n in range(10))).encode(), SMALL)


def test_the_shipped_pre_scan_states_every_fact_that_the_shipped_rules_read() -> None:
    assert len(RULES.prescan) <= 12
    assert [LEVELS.index(tier.level) for tier in RULES.tiers] == [0, 1, 2, 3]
    everything = {question.id: question.choices[0].id for question in RULES.prescan}
    facts = facts_of(RULES.prescan, everything, PACK.facts)
    found = triage([(PACK, RULES)], facts, prescan=RULES.prescan, answers=everything)
    assert found.decided
    assert found.question is None


def test_with_nothing_known_everything_is_possible() -> None:
    found = triage([(PACK, RULES)], {}, prescan=RULES.prescan, answers={})
    assert (found.lowest, found.highest) == ("low", "stop")
    assert found.question is not None


def test_a_pack_without_triage_has_none(tmp_path: Any) -> None:
    folder = tmp_path / "small"
    (folder / "requirements").mkdir(parents=True)
    pack = load_pack("ai-ethics-core")
    assert isinstance(pack, Pack)
    (folder / "pack.yaml").write_text(
        "urn: urn:example:pack:none\nversion: 1.0.0\nstatus: draft\nauthority: sample\nlanguages: [en]\n"
        "title: {en: N}\nsummary: {en: N}\ngroups: []\n"
    )
    (folder / "requirements" / "all.yaml").write_text("requirements: []\n")
    assert load_triage(folder) is None
