from __future__ import annotations

from dataclasses import replace

import pytest

from hakari.errors import PackError
from hakari.packs import Pack, list_packs, read_pack
from hakari.packs.authoring import PastCase, past_cases, read_cases, rehearse
from hakari.packs.overview import BUDGET, count_budget, worked_cases
from hakari.packs.triage import load_triage
from tests.unit.packs.example import FILES

SHIPPED = list_packs(versions=False)
CORE = next(pack for pack in SHIPPED if pack.name == "ai-ethics-core")
CASES = past_cases()


def test_the_past_cases_are_the_worked_examples_of_the_shipped_packs() -> None:
    assert [case.id for case in CASES] == [name for name, _, _ in worked_cases(SHIPPED)]


def test_a_pack_that_rests_on_nothing_costs_what_the_budget_counts() -> None:
    tiers = {name: (facts, tier) for name, facts, tier in worked_cases(SHIPPED)}
    for item in rehearse(CORE, CASES[:8], others=SHIPPED):
        facts, tier = tiers[item.case.id]
        counted = count_budget([CORE], facts, tier=tier)
        assert (item.tier, len(item.questions), item.budget.minutes) == (tier, len(counted.questions), counted.minutes)
        assert sum(item.by_role.values()) == sum(item.by_stage.values()) == len(item.questions)
        assert item.stopped == (tier == "stop")
        assert tier in BUDGET


def test_a_critical_requirement_that_nothing_answers_holds_the_case() -> None:
    first, *others = CORE.requirements
    bare = replace(first, severity="critical", questions=(), checks=(), mappings=(), applies_when=None)
    pack = replace(CORE, requirements=(bare, *others))
    found = list(rehearse(pack, CASES[:3], others=SHIPPED))
    assert all(bare.slug in item.held for item in found)
    planned = next(each for item in SHIPPED for each in item.requirements if each.checks and each.checks[0].planned)
    pack = replace(CORE, requirements=(replace(bare, checks=planned.checks[:1]), *others))
    assert all(bare.slug in item.held for item in rehearse(pack, CASES[:3], others=SHIPPED))
    minor = replace(CORE, requirements=(replace(bare, severity="minor"), *others))
    assert all(bare.slug not in item.held for item in rehearse(minor, CASES[:3], others=SHIPPED))


def test_what_hangs_on_unstated_facts_is_open() -> None:
    (found,) = rehearse(CORE, [PastCase(id="silent")], others=SHIPPED)
    assert found.open
    assert not set(found.open) & set(found.applying)


def test_the_own_triage_of_a_pack_sets_the_tier() -> None:
    """The rules are handed in, because a pack of one's own stands in no library."""
    renamed = replace(CORE, urn="urn:example:pack:ours")
    rules = load_triage(CORE.reference, CORE)
    stopped = [item.case.id for item in rehearse(CORE, CASES, others=[CORE]) if item.stopped]
    assert stopped
    with_rules = [item.case.id for item in rehearse(renamed, CASES, others=[], rules=rules) if item.stopped]
    assert with_rules == stopped
    assert not any(item.stopped for item in rehearse(renamed, CASES[:3], others=[]))


FILE = """\
cases:
  - id: loans
    title: {en: Loans, ja: 融資}
    facts: {decides: true, domain: lending, people: 1200}
  - id: chat
    facts: {decides: false}
"""


@pytest.fixture(scope="module")
def small() -> Pack:
    return read_pack(FILES, name="small")


def test_cases_come_from_a_file(small: Pack) -> None:
    cases = read_cases(FILE.encode(), [small], file="cases.yaml")
    loans, chat = rehearse(small, cases, others=[])
    assert (loans.case.id, loans.applying, chat.applying) == ("loans", ("rates", "watch"), ("watch",))
    assert (len(loans.questions), loans.held) == (4, ())


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("decides: false", "decide: false", 6, "decides"),
        ("people: 1200", "people: many", 4, "many"),
        ("id: chat", "id: loans", 5, "loans"),
        ("domain: lending", "domain: lendign", 4, "lending"),
        ("  - id: chat\n", "  - idea: chat\n", 5, "id"),
        ("cases:", "case:", 1, "cases"),
    ],
)
def test_a_fault_in_the_file_is_told_with_its_line(old: str, new: str, line: int, says: str, small: Pack) -> None:
    with pytest.raises(PackError) as told:
        read_cases(FILE.replace(old, new).encode(), [small], file="cases.yaml")
    assert str(told.value).startswith(f"cases.yaml:{line}: ")
    assert says in str(told.value)
