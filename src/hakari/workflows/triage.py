"""`hakari triage`: from a short pre-scan to tiers with reasons, roles, packs, and what will be asked when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hakari.errors import InputError
from hakari.messages import say
from hakari.packs import check_fact_values, list_packs, load_pack, read_record
from hakari.packs.model import Pack
from hakari.packs.overview import AskedQuestion, asking_at, count_budget
from hakari.packs.overview.asking import STAGES
from hakari.packs.triage import PreScanQuestion, Triage, facts_of, load_triage, prescan_questions, triage
from hakari.workflows.store import write_file

__all__ = [
    "PRESCAN_FILE",
    "PreScan",
    "StagePlan",
    "TriageRun",
    "read_prescan",
    "triage_use_case",
    "write_prescan",
]

PRESCAN_FILE = "prescan.yaml"
LARGEST_PRESCAN = 2**16


@dataclass(frozen=True, slots=True, kw_only=True)
class PreScan:
    """The answers to the pre-scan, as they stand in a file."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Facts that somebody states beside the pre-scan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StagePlan:
    """What one stage brings."""

    stage: str
    requirements: int
    """Requirements of all packs that apply, or may apply."""
    checks: int
    """Measurements among them, those included that no measure answers yet."""
    questions: tuple[AskedQuestion, ...]
    """Questions that are new at this stage."""

    @property
    def roles(self) -> Mapping[str, tuple[int, int]]:
        """Role → (questions, minutes)."""
        found: dict[str, tuple[int, int]] = {}
        for item in self.questions:
            count, minutes = found.get(item.role, (0, 0))
            found[item.role] = (count + 1, minutes + item.question.minutes)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageRun:
    """Everything that triage says about one use case."""

    triage: Triage
    prescan: tuple[PreScanQuestion, ...]
    given: PreScan
    packs: tuple[Pack, ...]
    """The packs to put into the manifest: those that apply or may apply."""
    stages: tuple[StagePlan, ...]

    @property
    def facts(self) -> dict[str, Any]:
        """Facts for the manifest, the tier among them once it is decided."""
        tier = {"tier": self.triage.highest} if self.triage.lowest == self.triage.highest else {}
        return {**self.triage.facts, **tier}


def read_prescan(path: Path) -> PreScan:
    """Return the pre-scan in a file; an empty one if there is no file.

    Raises:
        InputError, PackError: too large, or not of this shape.
    """
    if not path.is_file():
        return PreScan()
    if path.stat().st_size > LARGEST_PRESCAN:
        raise InputError(say("workflows.triage.large", path=path.name, limit=LARGEST_PRESCAN))
    return read_record(PreScan, path.read_bytes(), file=path.name)


def write_prescan(path: Path, given: PreScan) -> None:
    """Write the answers so that people can read and edit them."""
    lines = ["answers:" if given.answers else "answers: {}"]
    for name, value in given.answers.items():
        shown = f"[{', '.join(map(str, value))}]" if isinstance(value, (list, tuple)) else str(value)
        lines.append(f"  {name}: {shown}")
    if given.facts:
        from hakari.assessment.manifest_edit import with_facts

        lines = with_facts("\n".join(lines), given.facts).splitlines()
    write_file(path, ("\n".join(lines) + "\n").encode("utf-8"))


def triage_use_case(given: PreScan, *, packs: Sequence[str | Path] = (), day: str | None = None) -> TriageRun:
    """Return the tiers of a use case and what follows from them; without `packs` by all shipped packs.

    While the tier is open, what is asked is shown for the highest one that is possible.

    Raises:
        InputError: an answer or fact that does not fit.
        PackError: a pack cannot be read.
    """
    base, questions = prescan_questions()
    loaded = {pack.reference: (pack, reference) for pack, reference in _packs(packs)}
    rules = {name: load_triage(reference, pack) for name, (pack, reference) in loaded.items()}
    _check_facts(given.facts, [base, *(pack for pack, _ in loaded.values())])
    facts = {**facts_of(questions, given.answers, base.facts), **given.facts}
    frameworks = [(pack, found) for name, (pack, _) in loaded.items() if (found := rules[name]) is not None]
    outcome = triage(frameworks, facts, prescan=questions, answers=given.answers)
    unused = {item.pack for item in outcome.packs if item.applies is False}
    chosen = tuple(pack for name, (pack, _) in loaded.items() if name not in unused)
    budget = count_budget(chosen, facts, tier=outcome.highest, day=day)
    stages = tuple(_stage(chosen, {**facts, "tier": outcome.highest}, stage, budget.questions, day) for stage in STAGES)
    return TriageRun(triage=outcome, prescan=questions, given=given, packs=chosen, stages=stages)


def _packs(packs: Sequence[str | Path]) -> list[tuple[Pack, str | Path]]:
    if packs:
        return [(load_pack(reference), reference) for reference in packs]
    return [(pack, pack.name) for pack in list_packs(versions=False)]


def _check_facts(facts: Mapping[str, Any], packs: Sequence[Pack]) -> None:
    """Refuse facts beside the pre-scan that no pack declares, or whose value does not fit."""
    from hakari.assessment.manifest import nearest

    declared = sorted({fact.id for pack in packs for fact in pack.facts})
    for name in facts:
        if name not in declared:
            raise InputError(say("workflows.triage.fact", fact=name, nearest=nearest(name, declared)))
    for pack in packs:
        own = {fact.id for fact in pack.facts}
        for problem in check_fact_values(pack, {name: value for name, value in facts.items() if name in own}):
            raise InputError(problem)


def _stage(
    packs: Sequence[Pack], facts: Mapping[str, Any], stage: Any, questions: Sequence[AskedQuestion], day: str | None
) -> StagePlan:
    applying = [item for _, item in asking_at(packs, stage, facts, day) if stage in item.stages]
    return StagePlan(
        stage=stage,
        requirements=len(applying),
        checks=sum(len(item.checks) for item in applying),
        questions=tuple(item for item in questions if item.stage == stage),
    )
