"""The page of one decision: what was decided, on what, by how many, on which conditions, and whether it stands."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hakari.messages import Message
from hakari.office.committee.actions.exporting import may_export
from hakari.office.committee.models import Condition, Decision
from hakari.office.committee.showing.figures import figure_words
from hakari.office.committee.showing.reading import known_cases, reads
from hakari.office.committee.standing import STANDING, decision_on, scope_stands
from hakari.office.committee.votes.box import last_votes, votes_of
from hakari.office.core.access import OfficeRequest, signed_in
from hakari.office.keys.directory import signed_by
from hakari.office.lifecycle.models import CarryOver, File, Projection
from hakari.office.lifecycle.policy import known_packs
from hakari.office.lifecycle.showing.called import check_called, packs_named
from hakari.office.lifecycle.showing.names import named
from hakari.office.people.access import Access
from hakari.office.registry.visibility import title_for

__all__ = ["condition_rows", "decision", "decisions_seen"]


def decisions_seen(access: Access) -> QuerySet[Decision]:
    """Return the decisions on cases that a reader sees under their own name."""
    rows: QuerySet[Decision] = Decision.objects.filter(use_case__in=known_cases(access).values("pk"))
    related = ("use_case__unit", "use_case__owner", "use_case__reporter", "assessment", "round", "ballot__item")
    return rows.select_related(*related, "ballot__meeting")


@signed_in
@require_safe
def decision(request: OfficeRequest, number: str) -> HttpResponse:
    """Show one decision."""
    access = request.access
    found = decisions_seen(access).filter(number=number).first()
    if found is None:
        raise Http404
    case = found.use_case
    found.assessment.use_case = case
    votes = [vote for vote in votes_of(last_votes(found.ballot)).values() if vote.dissent]
    digest, signer = _signature(found)
    context = {
        "decision": found,
        "title": title_for(access, case),
        "standing": _standing(access, found),
        "packs": found.round.packs,
        "evidence": len(found.round.evidence),
        "votes": [(choice, count) for choice, count in sorted(found.votes.items()) if count],
        "dissent": sorted(votes, key=lambda vote: (vote.person.reading, vote.person.name, vote.person.pk)),
        "conditions": condition_rows(access, Condition.objects.filter(decision=found).order_by("number")),
        "envelope_checks": _envelope_checks(found),
        "carried": CarryOver.objects.filter(assessment=found.assessment).order_by("pk"),
        "envelope_until": date.fromisoformat(found.envelope["until"]) if found.envelope else None,
        "key": _groups(digest),
        "signer": signer,
        "closed_by": named([found.by]).get(found.by, "–"),
        "committee": reads(access),
        "may_export": may_export(access, found),
    }
    return render(request, "committee/decision.html", context)


def condition_rows(access: Access, rows: QuerySet[Condition]) -> list[dict[str, Any]]:
    """Return conditions with what closed them in words; two queries whatever their number."""
    found = list(rows.select_related("text", "closing", "use_case__unit", "decision"))
    closings = {row.pk: getattr(row, "closing", None) for row in found}
    names = named(closing.by for closing in closings.values() if closing is not None)
    asked = {row.requirement for row in found}
    packs = [
        pack
        for pack in (known_packs().values() if asked else ())
        if any(item.reference in asked for item in pack.requirements)
    ]
    titles = {item.reference: item.title for pack in packs for item in pack.requirements}
    return [
        {
            "condition": row,
            "title": title_for(access, row.use_case),
            "check": check_called(row.check_id, packs, alone=False) if row.check_id else "",
            "requirement": titles.get(row.requirement) or {"en": row.requirement.rsplit(":", 1)[-1]},
            "late": row.closed_at is None and row.due < access.day,
            "closing": closings[row.pk],
            "figure": _figure(closings[row.pk]),
            "closed_by": names.get(getattr(closings[row.pk], "by", ""), ""),
        }
        for row in found
    ]


def _figure(closing: Any) -> Message | None:
    return figure_words(closing.figure) if closing is not None else None


def _envelope_checks(found: Decision) -> list[dict[str, Any]]:
    checks = found.envelope.get("checks", []) if found.envelope else []
    packs = packs_named(found.round.packs) if checks else []
    return [{"id": str(name), "words": check_called(str(name), packs)} for name in checks]


def _standing(access: Access, found: Decision) -> str:
    """Return whether a decision stands today: `stands`, `carried`, `ended`, `other`, `replaced`, or `no`."""
    if found.outcome not in STANDING:
        return "no"
    last = decision_on(found.assessment)
    if last is not None and last.pk != found.pk:
        return "replaced"
    if found.valid_until < access.day:
        return "ended"
    projection = Projection.objects.filter(assessment=found.assessment).first()
    if projection is None or not scope_stands(found, projection.scope):
        return "other"
    return "stands" if projection.scope == found.scope else "carried"


def _signature(found: Decision) -> tuple[str, Message | None]:
    """Return the id of the key that signed the statement, and whose it is."""
    file = File.objects.filter(digest=found.signed).first()
    if file is None or file.content is None:
        return "", None
    signatures = json.loads(bytes(file.content)).get("signatures", [])
    key = str(signatures[0].get("keyid", "")) if signatures else ""
    return key, signed_by(key, found.at) if key else None


def _groups(digits: str) -> str:
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
