"""Choice: which record answers a check or a question today: a current one, one that went stale, or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from hakari.standalone.python.packs.records import ASSURANCES
from hakari.standalone.python.words import Message, Refused, plain_message, say

__all__ = ["Choice", "Given", "choose_answer", "choose_measurement", "last_day", "reference_of"]

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Given:
    """Everything that findings may depend on."""

    title: str
    plan: Record
    plan_digest: str
    packs: Sequence[Record]
    evidence: Mapping[str, Record]
    signers: Mapping[str, str]
    today: date
    exceptions: Sequence[Record]
    mode: str
    previous: Record | None


@dataclass(frozen=True)
class Choice:
    """The record that counts, or why none does."""

    status: str
    """current, stale or missing"""
    identifier: str = ""
    reasons: list[Any] = field(default_factory=list)
    stale_from: str | None = None


def reference_of(requirement: Record) -> str:
    """Return `urn@version`."""
    return f"{requirement['urn']}@{requirement['version']}"


def last_day(record: Record, days: int) -> str:
    """Return the first day on which a record is too old."""
    try:
        return (datetime.fromisoformat(record["effective_at"]).date() + timedelta(days=days + 1)).isoformat()
    except (ValueError, OverflowError):
        raise Refused(say("assessment.evidence.time", value=record["effective_at"][:80])) from None


def _because(message: Message) -> list[Any]:
    return [plain_message(message)]


def choose_measurement(check: Record, given: Given, rule: Record | None = None) -> Choice:
    """Return the newest record for a planned check, or what changed since there was one.

    `rule` is whose demands on evidence it must meet: those of the check's requirement, or of one that rests on it.
    """
    if "impossible" in check:
        return Choice("missing", reasons=[check["impossible"]])
    planned = next((item for item in given.plan["measurements"] if item["id"] == check["measurement"]), None)
    if planned is None:
        raise Refused(say("assessment.plan.broken", check=check["id"], missing=check["measurement"][:80]))
    rule = rule or _requirement(given, check["requirement"])["evidence"]
    of_measure = {
        identifier: record
        for identifier, record in given.evidence.items()
        if record.get("measure", {}).get("id") == planned["measure"]
    }
    exact = {
        identifier: record
        for identifier, record in of_measure.items()
        if record.get("plan", {}).get("digest") == given.plan_digest
        and record["plan"]["measurement"] == planned["id"]
        and record["subjects"] == planned["subjects"]
    }
    if exact:
        return _by_age(exact, rule, given)
    if of_measure:
        identifier = _newest(of_measure)
        return Choice("stale", identifier, [plain_message(item) for item in _changes(planned, of_measure[identifier])])
    return Choice("missing", reasons=_because(say("assessment.check.not_measured", measure=planned["measure"])))


def choose_answer(requirement: Record, question: Record, given: Given, rule: Record) -> Choice:
    """Return the newest answer to a question, judged by `rule`."""
    mine = {
        identifier: record
        for identifier, record in given.evidence.items()
        if "answer" in record
        and record["answer"]["question"] == question["id"]
        and record["answer"]["requirement"].rsplit("@", 1)[0] == requirement["urn"]
    }
    current = {
        identifier: record
        for identifier, record in mine.items()
        if record["answer"]["requirement"] == reference_of(requirement)
    }
    if current:
        return _by_age(current, rule, given)
    if mine:
        return Choice("stale", _newest(mine), _because(say("assessment.answer.other_version")))
    return Choice("missing", reasons=_because(say("assessment.answer.missing")))


def _newest(found: Mapping[str, Record]) -> str:
    return max(found, key=lambda identifier: (found[identifier]["collected_at"], identifier))


def _by_age(found: Mapping[str, Record], rule: Record, given: Given) -> Choice:
    identifier = _newest(found)
    record = found[identifier]
    least = rule["least_assurance"]
    if ASSURANCES.index(record["assurance"]) < ASSURANCES.index(least):
        reason = say("assessment.assurance", found=record["assurance"], least=least)
        return Choice("missing", identifier, _because(reason))
    changed = sorted(name for name, value in record["facts"].items() if given.plan["facts"].get(name) != value)
    if changed:
        return Choice("stale", identifier, _because(say("assessment.stale.fact", facts=changed)))
    first = last_day(record, rule["max_age_days"])
    if given.today.isoformat() >= first:
        reason = say("assessment.stale.age", since=first, days=rule["max_age_days"])
        return Choice("stale", identifier, _because(reason))
    return Choice("current", identifier, stale_from=first)


def _changes(planned: Record, record: Record) -> list[Message]:
    before = {subject["role"]: subject["digest"] for subject in record["subjects"]}
    after = {subject["role"]: subject["digest"] for subject in planned["subjects"]}
    reasons = []
    changed = sorted(role for role in before.keys() | after.keys() if before.get(role) != after.get(role))
    if changed:
        reasons.append(say("assessment.stale.subject", subjects=changed))
    measured = record["measure"]["version"]
    if measured.split(".")[0] != planned["version"].split(".")[0]:
        reasons.append(say("assessment.stale.measure", before=measured, after=planned["version"]))
    return reasons or [say("assessment.stale.plan")]


def _requirement(given: Given, reference: str) -> Record:
    for pack in given.packs:
        for requirement in pack["requirements"]:
            if reference_of(requirement) == reference:
                return dict(requirement)
    raise Refused(say("assessment.plan.broken", check="", missing=reference[:80]))
