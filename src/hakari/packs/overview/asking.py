"""What is asked of whom at which stage, over all packs together: each question once, however many packs rest on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hakari.packs.applicability import applies, asked
from hakari.packs.model import Pack, Question, Requirement, Stage

__all__ = ["STAGES", "AskedQuestion", "answering", "asking_at", "questions_asked"]

STAGES: tuple[Stage, ...] = ("plan", "design", "develop", "release", "operate")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuestion:
    """A question that may be asked in a use case."""

    pack: Pack
    requirement: Requirement
    question: Question
    stage: Stage
    """The first stage at which it is asked."""
    certain: bool
    """False if it hangs on an unstated fact or on the answer to another question."""

    @property
    def role(self) -> str:
        """Who answers: the first role of the requirement."""
        return self.requirement.roles[0]


def answering(packs: Sequence[Pack], requirement: Requirement) -> Iterator[tuple[Pack, Requirement]]:
    """Yield the requirements in `packs` whose answers count for `requirement`, in the order of its mappings."""
    for mapping in requirement.mappings:
        if mapping.answers:
            reference, _, slug = mapping.to.partition(":")
            for pack in packs:
                if pack.reference == reference:
                    yield from ((pack, other) for other in pack.requirements if other.slug == slug)


def asking_at(
    packs: Sequence[Pack], stage: Stage, facts: Mapping[str, Any], day: str | None = None
) -> Iterator[tuple[Pack, Requirement]]:
    """Yield the requirements whose questions are asked at `stage`: those of the stage, and what answers them.

    Left out are requirements that do not apply, and on a `day` (ISO date) those that are not in force.
    """
    seen: set[str] = set()
    for pack in packs:
        for requirement in pack.requirements:
            if stage not in requirement.stages or not _counts(pack, requirement, facts, day):
                continue
            for owner, each in ((pack, requirement), *answering(packs, requirement)):
                if each.urn not in seen and (each is requirement or _counts(owner, each, facts, day)):
                    seen.add(each.urn)
                    yield owner, each


def questions_asked(
    packs: Sequence[Pack], facts: Mapping[str, Any], *, day: str | None = None
) -> tuple[AskedQuestion, ...]:
    """Return the questions of a use case over all stages; organisation-wide ones are not among them.

    Follow-ups count even if an answer could spare them, so the number is the most that is asked.
    """
    found: dict[tuple[str, str], AskedQuestion] = {}
    for stage in STAGES:
        for pack, requirement in asking_at(packs, stage, facts, day):
            if requirement.scope == "organisation":
                continue
            sure = applies(requirement, facts, pack).applies is True
            for question in requirement.questions:
                wanted = asked(question, {}, facts, requirement=requirement, pack=pack)
                if wanted is not False and (requirement.urn, question.id) not in found:
                    found[requirement.urn, question.id] = AskedQuestion(
                        pack=pack, requirement=requirement, question=question, stage=stage,
                        certain=sure and wanted is True,
                    )  # fmt: skip
    return tuple(found.values())


def _counts(pack: Pack, requirement: Requirement, facts: Mapping[str, Any], day: str | None) -> bool:
    if day is not None and not requirement.in_force(day):
        return False
    return applies(requirement, facts, pack).applies is not False
