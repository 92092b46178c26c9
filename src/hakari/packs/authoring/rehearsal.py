"""Rehearsal: what a pack would have asked of past use cases, and what it would have stopped or held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from hakari.errors import PackError
from hakari.messages import Message, say
from hakari.packs.applicability import applies
from hakari.packs.facts import check_fact_values
from hakari.packs.model import FactDeclaration, Pack, Requirement, Text
from hakari.packs.overview import AskedQuestion, Budget, answering, questions_asked
from hakari.packs.record_file import located_record

if TYPE_CHECKING:
    from hakari.packs.triage import TriageRules

__all__ = ["PastCase", "Rehearsal", "past_cases", "read_cases", "rehearse"]

_STRICT: dict[str, Any] = {"extra": "forbid"}
_MOST_CASES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCase:
    """A use case of the past: what it was, and what was known about it."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    id: str
    title: Text | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _CaseFile:
    cases: tuple[PastCase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What the pack would have meant for one case."""

    case: PastCase
    budget: Budget
    """Tier and questions, those of other packs included on which the pack rests."""
    applying: tuple[str, ...]
    """Requirements that apply."""
    open: tuple[str, ...]
    """Requirements that hang on facts which nobody stated."""
    held: tuple[str, ...]
    """Critical requirements that apply and that nothing would answer: they would hold the case."""

    @property
    def tier(self) -> str:
        """Tier on the office's scale."""
        return self.budget.tier

    @property
    def stopped(self) -> bool:
        """Whether the tier stops the case."""
        return self.tier == "stop"

    @property
    def questions(self) -> tuple[AskedQuestion, ...]:
        """Every question at the first stage that asks it."""
        return self.budget.questions

    @property
    def by_role(self) -> Mapping[str, int]:
        """Role → questions."""
        return Counter(item.role for item in self.questions)

    @property
    def by_stage(self) -> Mapping[str, int]:
        """Stage → questions."""
        return Counter(item.stage for item in self.questions)


def past_cases() -> tuple[PastCase, ...]:
    """Return the worked examples of the shipped packs."""
    from hakari.packs.triage import worked_examples

    return tuple(PastCase(id=example.id, title=example.title, facts=facts) for example, facts in worked_examples())


def read_cases(content: bytes, packs: Sequence[Pack], *, file: str) -> tuple[PastCase, ...]:
    """Return the cases in a YAML file; their facts must be declared by one of `packs`.

    Raises:
        PackError: not such a file, a case twice, or a fact that is not declared or does not fit; names file and line.
    """
    found, places = located_record(_CaseFile, content, file=file)
    declared = _declared(packs)
    seen: set[str] = set()

    def refuse(case: PastCase, key: str, problem: Message) -> None:
        raise PackError(say("packs.at", place=places.at(case, key) or file, problem=problem))

    if len(found.cases) > _MOST_CASES:
        raise PackError(say("packs.at", place=file, problem=say("authoring.cases.many", limit=_MOST_CASES)))
    for case in found.cases:
        if case.id in seen:
            refuse(case, "id", say("authoring.cases.twice", id=case.id[:60]))
        seen.add(case.id)
        for problem in check_fact_values(declared, case.facts):
            refuse(case, "facts", problem)
    return found.cases


def rehearse(
    pack: Pack,
    cases: Iterable[PastCase],
    *,
    others: Sequence[Pack],
    rules: TriageRules | None = None,
    together: Sequence[Pack] = (),
) -> Iterator[Rehearsal]:
    """Yield what `pack` (with the packs `together`) would have meant for each case.

    `others` are the packs at hand: what answers a requirement there counts, and their triage sets the tier with
    `rules`, the pack's own.
    """
    from hakari.packs.triage import shipped_triage, triage

    # A pack's own rules count beside those of the shipped ones, and each framework once.
    own = [] if rules is None else [(pack, rules)]
    shipped = {item.urn: item for item in (*together, *others) if rules is None or item.urn != pack.urn}
    frameworks = [*own, *shipped_triage(shipped.values())]
    asking = [pack, *together]
    resting = [_silent(item) for item in others if item.urn not in {each.urn for each in asking}]
    known = [*asking, *resting]
    for case in cases:
        facts = _known_facts(case.facts, known)
        tier = triage(frameworks, facts).highest
        facts = {**facts, "tier": tier}
        states = [(item, applies(item, facts, owner).applies) for owner in asking for item in owner.requirements]
        applying = [item for item, state in states if state is True]
        yield Rehearsal(
            case=case,
            budget=Budget(tier=tier, questions=questions_asked(known, facts)),
            applying=tuple(item.slug for item in applying),
            open=tuple(item.slug for item, state in states if state is None),
            held=tuple(item.slug for item in applying if item.severity == "critical" and not _answered(known, item)),
        )


def _silent(pack: Pack) -> Pack:
    """Return a pack that answers for others and asks nothing on its own account."""
    return replace(pack, requirements=tuple(replace(item, stages=()) for item in pack.requirements))


def _answered(packs: Sequence[Pack], requirement: Requirement) -> bool:
    """Return whether a question or a measurement answers a requirement, here or where it rests."""
    answers = [requirement, *(other for _, other in answering(packs, requirement))]
    return any(item.questions or any(not check.planned for check in item.checks) for item in answers)


def _declared(packs: Sequence[Pack]) -> Pack:
    """Return a pack that declares the facts of all: of two with the same name the first."""
    facts: dict[str, FactDeclaration] = {}
    for pack in packs:
        for fact in pack.facts:
            facts.setdefault(fact.id, fact)
    return replace(packs[0], facts=tuple(facts.values()))


def _known_facts(facts: Mapping[str, Any], packs: Sequence[Pack]) -> dict[str, Any]:
    names = {fact.id for pack in packs for fact in pack.facts}
    return {name: value for name, value in facts.items() if name in names}
