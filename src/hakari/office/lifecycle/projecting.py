"""Status is derived: the engine's findings of an assessment as rows, written here and nowhere else."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from hakari.assessment.engine import EngineInput, assess, judge_checks, judging_key
from hakari.assessment.model import Assessment, CheckResult
from hakari.evidence import canonical_bytes, decode, digest_bytes, digest_json, encode, parse_json
from hakari.office.lifecycle.given import engine_input
from hakari.office.lifecycle.hooks import HOOKS
from hakari.office.lifecycle.models import FindingRow, Judged, Projection, StageAssessment

__all__ = ["Difference", "findings_now", "project", "projected", "rebuild", "warm"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A stored projection that is not what the engine says."""

    assessment: StageAssessment
    what: str


def findings_now(given: EngineInput) -> Assessment:
    """Return what the engine says; the limits of checks come from memory where the same were derived before."""
    return assess(given, judged=_judged(given))


def warm(given: EngineInput) -> None:
    """Derive the limits of checks and remember them: before a transaction, so that nobody waits for it inside one."""
    _judged(given)


def project(assessment: StageAssessment, *, today: datetime.date | None = None) -> Assessment:
    """Write what the engine says of an assessment now, and tell the rooms that wait for it; inside an action.

    Only a live assessment changes its findings: what is closed or stale stays as it was seen last.
    """
    day = today or timezone.localdate()
    given = engine_input(assessment, day)
    found = findings_now(given)
    write(assessment, given, found, day)
    for tell in HOOKS.projected:
        tell(assessment, found)
    return found


def write(assessment: StageAssessment, given: EngineInput, found: Assessment, day: datetime.date) -> Projection:
    """Store findings as rows."""
    content = canonical_bytes(encode(found))
    values = {**_header(given, found, content), "content": content, "day": day, "computed_at": timezone.now()}
    with transaction.atomic():
        projection, _ = Projection.objects.update_or_create(assessment=assessment, defaults=values)
        FindingRow.objects.filter(projection=projection).delete()
        FindingRow.objects.bulk_create([FindingRow(projection=projection, **row) for row in _rows(given, found)])
    return projection


def projected(assessment: StageAssessment) -> Assessment | None:
    """Return the findings as they were written last."""
    projection = Projection.objects.filter(assessment=assessment).first()
    if projection is None:
        return None
    return decode(Assessment, parse_json(bytes(projection.content), what="assessment"), what="assessment")


def rebuild(tell: Callable[[int, int], None] | None = None) -> list[Difference]:
    """Derive every projection again from the records on its own day and return where the stored one differs."""
    found: list[Difference] = []
    live = StageAssessment.objects.select_related("use_case", "delivery").order_by("pk")
    for number, assessment in enumerate(live, 1):
        projection = Projection.objects.filter(assessment=assessment).first()
        if projection is None:
            found.append(Difference(assessment=assessment, what="absent"))
            continue
        given = engine_input(assessment, projection.day)
        # Without the memory: what it holds is checked by this as well.
        again = assess(given)
        content = canonical_bytes(encode(again))
        header = _header(given, again, content)
        wrong = [name for name, value in header.items() if getattr(projection, name) != value]
        wrong += [] if bytes(projection.content) == content else ["content"]
        stored = [
            {name: getattr(row, name) for name in _ROW} for row in FindingRow.objects.filter(projection=projection)
        ]
        wrong += [] if stored == _rows(given, again) else ["findings"]
        found += [Difference(assessment=assessment, what=", ".join(wrong))] if wrong else []
        if tell is not None:
            tell(number, len(live))
    return found


_ROW = ("requirement", "pack", "group", "severity", "status", "stale_from", "evidence", "measured")


def _header(given: EngineInput, found: Assessment, content: bytes) -> dict[str, Any]:
    ages = [finding.stale_from for finding in found.findings if finding.stale_from]
    return {
        "input_digest": _input_digest(given),
        "document": digest_bytes(content),
        "scope": found.scope,
        "counts": dict(found.gate.counts),
        "closes": found.gate.closes,
        "only_open": found.gate.only_open,
        "stale_from": datetime.date.fromisoformat(min(ages)) if ages else None,
    }


def _input_digest(given: EngineInput) -> str:
    return digest_json(
        {
            "day": given.today.isoformat(),
            "evidence": sorted(given.evidence),
            "exceptions": [encode(item) for item in given.exceptions],
            "packs": [pack.digest for pack in given.packs],
            "plan": given.plan_digest,
            "signers": dict(sorted(given.signers.items())),
            "title": given.title,
        }
    )


def _rows(given: EngineInput, found: Assessment) -> list[dict[str, Any]]:
    return [
        {
            "requirement": finding.requirement,
            "pack": finding.pack,
            "group": finding.group,
            "severity": finding.severity,
            "status": finding.status,
            "stale_from": datetime.date.fromisoformat(finding.stale_from) if finding.stale_from else None,
            "evidence": len(finding.evidence),
            "measured": any(given.evidence[name].kind == "measurement" for name in finding.evidence),
        }
        for finding in found.findings
    ]


def _judged(given: EngineInput) -> Mapping[str, CheckResult]:
    key = judging_key(given)
    kept = Judged.objects.filter(key=key).first()
    if kept is not None:
        listed = parse_json(bytes(kept.content), what="judged")
        results = [decode(CheckResult, item, what="judged") for item in listed]
        return {result.check: result for result in results}
    results_now = judge_checks(given)
    if results_now:
        content = canonical_bytes([encode(result) for result in results_now.values()])
        Judged.objects.get_or_create(key=key, defaults={"content": content})
    return results_now
