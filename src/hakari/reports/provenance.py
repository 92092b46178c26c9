"""Provenance as the report shows it: what was examined, by whom, with which plan, packs, keys and versions."""

from __future__ import annotations

from dataclasses import dataclass

from hakari.assessment.case import Case
from hakari.evidence import Evidence
from hakari.messages import Message
from hakari.reports.words import Words

__all__ = ["Provenance", "Record", "provenance"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One evidence record in the list."""

    id: str
    what: str
    collected: str
    producer: str
    assurance: str
    signer: str
    seed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """The lists at the end of the report."""

    plan: tuple[tuple[str, str, bool], ...]
    """Label, value, and whether the value is a digest or other code."""
    packs: tuple[tuple[str, ...], ...]
    subjects: tuple[tuple[str, ...], ...]
    records: tuple[Record, ...]
    environment: tuple[tuple[str, str], ...]
    limits: tuple[str, ...]


def provenance(case: Case, words: Words) -> Provenance:
    """Return everything a stranger needs to trace the report back."""
    assessment, plan = case.assessment, case.plan
    label = words.say
    authority = {(pack.name, pack.version): pack.authority for pack in case.packs}
    environment: dict[str, str] = {}
    limits: dict[Message, None] = {}
    for record in case.evidence.values():
        environment.update(record.environment)
        limits.update(dict.fromkeys(record.limits))
    return Provenance(
        plan=(
            (label("reports.provenance.digest"), assessment.plan, True),
            (label("reports.provenance.registered"), label(_registered(assessment.plan_registered)), False),
            (label("reports.provenance.scope"), assessment.scope, True),
            (
                label("reports.provenance.label_source"),
                label(f"reports.provenance.label.{assessment.label_source}"),
                False,
            ),
            (label("reports.provenance.selective"), label(_yes(assessment.selective_labels)), False),
        ),
        packs=tuple(
            (
                pack.name,
                pack.version,
                _authority(authority.get((pack.name, pack.version)), words),
                pack.digest,
            )
            for pack in assessment.packs
        ),
        subjects=tuple(
            (subject.role, subject.name, label(f"reports.provenance.kind.{subject.kind}"), subject.digest)
            for subject in plan.subjects
        ),
        records=tuple(_record(key, record, case, words) for key, record in case.evidence.items()),
        environment=tuple(sorted(environment.items())),
        limits=tuple(words(limit) for limit in limits),
    )


def _record(identifier: str, record: Evidence, case: Case, words: Words) -> Record:
    what = words.say(f"reports.provenance.what.{record.kind}")
    if record.measure is not None:
        what = f"{what}: {record.measure.id} {record.measure.version}"
    elif record.answer is not None:
        what = f"{what}: {record.answer.requirement.rsplit(':', 1)[-1]} / {record.answer.question}"
    return Record(
        id=identifier,
        what=what,
        collected=words.time(record.collected_at),
        producer=record.producer.name,
        assurance=words.say(f"reports.provenance.assurance.{record.assurance}"),
        signer=case.signers.get(identifier, ""),
        seed=f"{record.seed}" if record.kind == "measurement" else "",
    )


def _authority(authority: str | None, words: Words) -> str:
    return words.say(f"reports.provenance.authority.{authority}") if authority else ""


def _registered(registered: bool) -> str:
    return f"reports.provenance.registered_{'yes' if registered else 'no'}"


def _yes(value: bool) -> str:
    return f"reports.provenance.{'yes' if value else 'no'}"
