"""What the engine is given for an assessment now: pinned packs, the plan, records that count, acceptances, the day."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from hakari.assessment.bundle import EVIDENCE_TYPE, EXCEPTION_TYPE
from hakari.assessment.engine import EngineInput
from hakari.assessment.model import Exception_, Plan
from hakari.errors import OfficeError
from hakari.evidence import Evidence, decode, digest_json, encode, parse_json
from hakari.messages import say
from hakari.office.lifecycle.models import Acceptance, Answer, Delivered, File, Record, StageAssessment
from hakari.office.lifecycle.planning import blank_plan
from hakari.office.lifecycle.policy import packs_of
from hakari.office.registry.scope import subjects_from

__all__ = [
    "Counting",
    "acceptances_of",
    "contents_of",
    "counting",
    "engine_input",
    "last_answers",
    "plan_of",
    "predicate_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """The records that count for an assessment, by id, with who signed them and their envelopes' digests."""

    evidence: dict[str, Evidence]
    signers: dict[str, str]
    envelopes: dict[str, str]


def predicate_of(content: bytes, *, what: str, kind: str) -> object:
    """Return what a stored envelope says. Its signature was checked, or made, when it was stored under its digest."""
    import base64

    statement = parse_json(base64.b64decode(parse_json(content, what=what)["payload"]), what=what)
    if statement["predicateType"] != kind:
        raise OfficeError(say("office.lifecycle.file_gone", file=what))
    return statement["predicate"]


def last_answers(assessment: StageAssessment) -> dict[tuple[str, str], Answer]:
    """Return the last answer to each question, also those that were only carried; one query."""
    found: dict[tuple[str, str], Answer] = {}
    rows = Answer.objects.filter(assessment=assessment).select_related("text", "record", "attachment__name")
    for item in rows.order_by("revision"):
        found[item.requirement, item.question] = item
    return found


def counting(assessment: StageAssessment) -> Counting:
    """Return the records that count: last answers that are not only carried, and what was delivered last."""
    records: list[Record] = [
        item.record for item in last_answers(assessment).values() if item.record is not None and not item.carried
    ]
    if assessment.delivery_id is not None:
        rows = Delivered.objects.filter(delivery_id=assessment.delivery_id).select_related("record")
        records += [item.record for item in rows]
    contents = contents_of(record.envelope for record in records)
    evidence = {
        record.evidence: decode(
            Evidence,
            predicate_of(contents[record.envelope], what=record.evidence, kind=EVIDENCE_TYPE),
            what=record.evidence,
        )
        for record in records
    }
    return Counting(
        evidence=evidence,
        signers={record.evidence: record.signer for record in records if record.signer},
        envelopes={record.evidence: record.envelope for record in records},
    )


def plan_of(assessment: StageAssessment) -> Plan:
    """Return the plan that was delivered, or one that measures nothing."""
    if assessment.delivery is not None:
        content = contents_of([assessment.delivery.plan])[assessment.delivery.plan]
        return decode(Plan, parse_json(content, what="plan.json"), what="plan.json")
    version = assessment.use_case.versions.first()
    return blank_plan(
        use_case=assessment.use_case.number,
        system_version=version.label if version else "",
        stage=assessment.stage,
        packs=packs_of(assessment.packs),
        facts=assessment.facts,
        subjects=subjects_from(version.subjects) if version and version.subjects else (),
        scope=version.scope_digest if version else "",
    )


def engine_input(
    assessment: StageAssessment, today: datetime.date, *, records: Counting | None = None, plan: Plan | None = None
) -> EngineInput:
    """Return everything on which the findings of an assessment depend today."""
    plan = plan or plan_of(assessment)
    records = records or counting(assessment)
    return EngineInput(
        title=assessment.use_case.title,
        plan=plan,
        plan_digest=digest_json(encode(plan)),
        packs=packs_of(assessment.packs),
        evidence=records.evidence,
        signers=records.signers,
        today=today,
        exceptions=tuple(item for item, _ in acceptances_of(Acceptance.objects.filter(assessment=assessment))),
        mode="full",
    )


def acceptances_of(rows: Iterable[Acceptance]) -> list[tuple[Exception_, bytes]]:
    """Return what acceptances say, each with its signed envelope; one query."""
    found = list(rows)
    contents = contents_of(row.envelope for row in found)
    sealed = [(row.key, contents[row.envelope]) for row in found]
    return [
        (decode(Exception_, predicate_of(content, what=key, kind=EXCEPTION_TYPE), what=key), content)
        for key, content in sealed
    ]


def contents_of(digests: Iterable[str]) -> dict[str, bytes]:
    """Return stored bytes by digest; one query.

    Raises:
        OfficeError: one was erased, or was never there.
    """
    wanted = set(digests)
    rows = File.objects.filter(digest__in=wanted) if wanted else ()
    found = {row.digest: bytes(row.content) for row in rows if row.content is not None}
    for digest in wanted - found.keys():
        raise OfficeError(say("office.lifecycle.file_gone", file=digest[:12]))
    return found
