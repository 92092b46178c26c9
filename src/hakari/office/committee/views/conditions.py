"""Conditions: the list with its filters, and the acceptance of a document that closes one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from hakari.errors import InputError, NotAllowedError, OfficeError
from hakari.messages import say
from hakari.office.committee.actions.conditions import accept_document
from hakari.office.committee.models import Condition, Rule
from hakari.office.committee.showing.reading import known_cases
from hakari.office.committee.views.decisions import condition_rows
from hakari.office.core.access import OfficeRequest, signed_in
from hakari.office.core.forms import tell
from hakari.office.lifecycle.models import Answer
from hakari.office.lifecycle.showing.names import named
from hakari.office.people.access import Access
from hakari.office.people.permissions import Permission

__all__ = ["accept", "conditions", "documents_waiting", "own_conditions", "seen_conditions"]

_PAGE = 25


@signed_in
@require_safe
def conditions(request: OfficeRequest) -> HttpResponse:
    """List conditions: one's own or all that the reader sees; open, overdue, closed."""
    access, query = request.access, request.GET
    whose = "mine" if query.get("whose") == "mine" else "all"
    shown = query.get("show") if query.get("show") in ("open", "overdue", "closed", "all") else "open"
    rows = own_conditions(access) if whose == "mine" else seen_conditions(access)
    page = Paginator(_shown(rows, str(shown), access), _PAGE).get_page(query.get("page"))
    ids = [row.pk for row in page]
    order = {pk: place for place, pk in enumerate(ids)}
    found = condition_rows(access, Condition.objects.filter(pk__in=ids))
    found.sort(key=lambda row: order[row["condition"].pk])
    waiting = set(documents_waiting(Condition.objects.filter(pk__in=ids)).values_list("pk", flat=True))
    for row in found:
        row["document"] = row["condition"].pk in waiting
        row["may_accept"] = row["document"] and access.may(Permission.REVIEW, row["condition"].use_case.unit)
    context = {"rows": found, "page": page, "whose": whose, "show": shown}
    return render(request, "committee/conditions.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: OfficeRequest, key: str) -> HttpResponse:
    """Read the document that is to close a condition, and accept it."""
    access = request.access
    found = seen_conditions(access).filter(key=key).first()
    if found is None:
        raise Http404
    if not access.may(Permission.REVIEW, found.use_case.unit):
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.review")))
    refused: Any = None
    if request.method == "POST" and found.closed_at is None:
        seen = request.POST.get("version", "")
        try:
            accept_document(found, seen=int(seen) if seen.isdecimal() else 0, by=access.person)
        except (InputError, OfficeError) as error:
            if isinstance(error, NotAllowedError):
                raise
            refused = error.message
        else:
            messages.success(request, tell("office.condition.accepted"), extra_tags="good")
    if request.method == "POST" and refused is None:
        return redirect("committee:decision", number=found.decision.number)
    context = {
        "row": condition_rows(access, Condition.objects.filter(pk=found.pk))[0],
        "documents": _documents(found),
        "refused": refused,
    }
    return render(request, "committee/condition_accept.html", context, status=409 if refused else 200)


def seen_conditions(access: Access) -> QuerySet[Condition]:
    """Return the conditions of cases that a reader sees under their own name, by due day."""
    rows = Condition.objects.filter(use_case__in=known_cases(access).values("pk"))
    return rows.select_related("decision__assessment", "use_case__unit", "use_case__owner", "use_case__reporter")


def own_conditions(access: Access) -> QuerySet[Condition]:
    """Return the conditions of the cases for which a person answers, or in which they hold a role."""
    person = access.person
    mine = Q(use_case__owner=person) | Q(use_case__reporter=person) | Q(use_case__responsible__person=person)
    return seen_conditions(access).filter(mine).distinct()


def documents_waiting(rows: QuerySet[Condition]) -> QuerySet[Condition]:
    """Return the open conditions for which a document came after the decision: somebody must read it."""
    answers = Answer.objects.filter(
        assessment__use_case=OuterRef("use_case"),
        requirement=OuterRef("requirement"),
        attachment__isnull=False,
        carried=False,
        at__gt=OuterRef("decision__at"),
    )
    return rows.filter(Exists(answers), rule=Rule.DOCUMENT, closed_at=None)


def _documents(found: Condition) -> list[dict[str, Any]]:
    rows = Answer.objects.filter(
        assessment__use_case=found.use_case,
        requirement=found.requirement,
        attachment__isnull=False,
        carried=False,
        at__gt=found.decision.at,
    ).select_related("attachment__name")
    names = named(row.by for row in rows)
    return [{"answer": row, "by": names.get(row.by, "–")} for row in rows.order_by("-pk")]


def _shown(rows: QuerySet[Condition], shown: str, access: Access) -> QuerySet[Condition]:
    if shown == "open":
        rows = rows.filter(closed_at=None)
    elif shown == "overdue":
        rows = rows.filter(closed_at=None, due__lt=access.day)
    elif shown == "closed":
        return rows.exclude(closed_at=None).order_by("-closed_at", "-pk")
    return rows.order_by("due", "pk")
