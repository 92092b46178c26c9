"""Reading `triage.yaml`, and refusing one that contradicts itself or its pack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from hakari.messages import say
from hakari.packs._files import TRIAGE, library_names
from hakari.packs._nodes import read_yaml
from hakari.packs._records import Places, RecordReader
from hakari.packs._rules import PlacedRules, samples_of
from hakari.packs.facts import check_fact_values
from hakari.packs.loader import load_pack, pack_files
from hakari.packs.model import Pack
from hakari.packs.triage.model import LEVELS, PreScanQuestion, TriageRules

__all__ = ["MOST_QUESTIONS", "load_triage", "read_triage", "shipped_triage"]

MOST_QUESTIONS = 12
"""Questions in a pre-scan."""


def load_triage(reference: str | Path, pack: Pack | None = None) -> TriageRules | None:
    """Return the triage rules of a pack of the library or of a folder; None if it has none.

    Raises:
        PackError: as for `read_triage`.
    """
    content = pack_files(reference).get(TRIAGE)
    if content is None:
        return None
    return read_triage(content, pack or load_pack(reference), file=f"{reference}/{TRIAGE}")


def shipped_triage(packs: Iterable[Pack]) -> tuple[tuple[Pack, TriageRules], ...]:
    """Return those of `packs` that are in the library and sort use cases into tiers, with their rules.

    A pack of one's own, even one with the name of a shipped pack, is left out: its rules are where its folder is.
    """
    names = library_names()
    found = []
    for pack in packs:
        name = next((name for name in (pack.reference, pack.name) if name in names), None)
        if name is not None and load_pack(name).digest == pack.digest:
            rules = load_triage(name, pack)
            found += [(pack, rules)] if rules is not None else []
    return tuple(found)


@lru_cache(maxsize=64)
def _read(content: bytes, file: str, languages: tuple[str, ...]) -> tuple[TriageRules, Places]:
    places = Places()
    return RecordReader(file, places, languages).record(TriageRules, read_yaml(content, file=file)), places


def read_triage(content: bytes, pack: Pack, *, file: str = TRIAGE) -> TriageRules:
    """Return the triage rules in `content`, checked against their pack.

    Raises:
        PackError: the file is malformed, names a fact, tier, rule or role that is not there, has more than twelve
            questions, or its tiers are not in order; the message names file and line.
    """
    rules, places = _read(content, file, pack.languages)
    _Rules(rules, pack, places, file).check()
    return rules


class _Rules(PlacedRules):
    def __init__(self, rules: TriageRules, pack: Pack, places: Places, file: str) -> None:
        super().__init__(places, samples_of(pack), file)
        self.rules, self.pack = rules, pack
        self.tiers = [tier.id for tier in rules.tiers]

    def check(self) -> None:
        rules = self.rules
        if not rules.tiers:
            self.refuse(rules, "tiers", say("packs.value.empty", key="tiers"))
        levels = [LEVELS.index(tier.level) for tier in rules.tiers]
        if levels != sorted(levels):
            self.refuse(rules, "tiers", say("packs.triage.order", tiers=self.tiers))
        for kind in (rules.tiers, rules.rules, rules.roles, rules.prescan, rules.examples):
            self.unique(kind)
        if rules.applies_when is not None:
            self.expression(rules, "applies_when", rules.applies_when)
        for rule in rules.rules:
            self.known(rule, "tier", (rule.tier,), self.tiers)
            self.expression(rule, "when", rule.when)
        for role in rules.roles:
            self.expression(role, "when", role.when)
        if len(rules.prescan) > MOST_QUESTIONS:
            self.refuse(rules, "prescan", say("packs.triage.many", count=len(rules.prescan), limit=MOST_QUESTIONS))
        for question in rules.prescan:
            self.question(question)
        self.examples()

    def question(self, question: PreScanQuestion) -> None:
        self.unique(question.choices)
        if question.when is not None:
            self.expression(question, "when", question.when)
        for choice in question.choices:
            if choice.id == "unknown":
                self.refuse(choice, "id", say("packs.id.reserved", id=choice.id))
            self.facts(choice, "facts", choice.facts)
        self.facts(question, "otherwise", question.otherwise)

    def examples(self) -> None:
        rules = [rule.id for rule in self.rules.rules]
        roles = [role.id for role in self.rules.roles]
        for example in self.rules.examples:
            self.known(example, "tier", (example.tier,), self.tiers)
            self.known(example, "rules", example.rules, rules)
            self.known(example, "roles", example.roles, roles)
            self.facts(example, "facts", example.facts)

    def facts(self, record: object, key: str, facts: Mapping[str, Any]) -> None:
        for problem in check_fact_values(self.pack, facts):
            self.refuse(record, key, problem)

    def known(self, record: object, key: str, found: Iterable[str], names: list[str]) -> None:
        for name in found:
            if name not in names:
                self.refuse(record, key, say("packs.triage.unknown", key=key, name=name, known=names))
