"""Evidence: how it is measured and delivered, and what was delivered so far."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from hakari.errors import ConflictError, InputError, NotAllowedError, OfficeError
from hakari.messages import say
from hakari.office.core.access import OfficeRequest, signed_in
from hakari.office.core.forms import tell
from hakari.office.core.language import in_readers_words
from hakari.office.keys.directory import entries_of, signed_by
from hakari.office.lifecycle.actions.delivering import deliver, make_current
from hakari.office.lifecycle.actions.rules import DELIVERABLE
from hakari.office.lifecycle.forms import DeliverForm
from hakari.office.lifecycle.models import Delivery, StageAssessment
from hakari.office.lifecycle.policy import packs_of
from hakari.office.lifecycle.showing.enclosed import attached_in
from hakari.office.lifecycle.showing.names import named
from hakari.office.lifecycle.staleness import messages_of
from hakari.office.lifecycle.views.finding import find, page
from hakari.office.registry.actions.writing import may_edit
from hakari.packs import facts_used

__all__ = ["evidence", "older"]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def evidence(request: OfficeRequest, key: str) -> HttpResponse:
    """Show what was delivered and how to deliver, and take a case bundle."""
    found = find(request, key)
    may_deliver = may_edit(request.access, found.use_case)
    if request.method == "POST" and not may_deliver:
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.edit")))
    form = DeliverForm(
        request.POST if request.method == "POST" else None, request.FILES if request.method == "POST" else None
    )
    if form.is_bound and form.is_valid():
        newest = Delivery.objects.filter(assessment=found).order_by("-number").values_list("number", flat=True).first()
        try:
            made = deliver(found, form.cleaned_data["file"].read(), by=request.access.person)
        except ConflictError:  # the same bundle was sent twice at once: the other one is in
            return redirect("lifecycle:evidence", key)
        except NotAllowedError:
            raise
        except (InputError, OfficeError) as error:
            form.add_error("file", in_readers_words(error.message))
        else:
            if made.number <= (newest or 0):  # it was there already
                return _there_already(request, made)
            said = tell("office.lifecycle.page.delivered", n=made.records, number=made.number)
            messages.success(request, said, extra_tags="good")
            return redirect("lifecycle:evidence", key)
    context = {
        "form": form if may_deliver and _takes(found) else None,
        "may_deliver": may_deliver,
        "manifest": _manifest(found),
        "stale": messages_of(found),
        "deliveries": _deliveries(found),
    }
    return page(request, "evidence", found, context, status=422 if form.is_bound else 200)


def _there_already(request: OfficeRequest, made: Delivery) -> HttpResponse:
    """Name a bundle that was delivered before; an older one counts again only once that is confirmed."""
    key = made.assessment.key
    if StageAssessment.objects.filter(pk=made.assessment_id, delivery=made).exists():
        messages.info(request, tell("office.lifecycle.page.delivered_already", number=made.number), extra_tags="doubt")
        return redirect("lifecycle:evidence", key)
    return redirect("lifecycle:older", key, made.number)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def older(request: OfficeRequest, key: str, number: int) -> HttpResponse:
    """Ask whether an older delivery is to count again, and let it."""
    found = find(request, key)
    if not may_edit(request.access, found.use_case):
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.edit")))
    made = Delivery.objects.filter(assessment=found, number=number).first()
    if made is None:
        raise Http404
    if found.delivery_id == made.pk:
        return redirect("lifecycle:evidence", key)
    problem: Any = None
    if request.method == "POST":
        try:
            make_current(made, by=request.access.person)
        except ConflictError:  # pressed twice
            return redirect("lifecycle:evidence", key)
        except NotAllowedError:
            raise
        except (InputError, OfficeError) as error:
            problem = error.message
        else:
            messages.success(request, tell("office.lifecycle.page.older.done", number=made.number), extra_tags="good")
            return redirect("lifecycle:evidence", key)
    context = {
        "delivery": made,
        "by": named([made.by]).get(made.by, "–"),
        "now": found.delivery,
        "problem": problem,
        "takes": _takes(found),
    }
    return page(request, "older", found, context, status=409 if problem else 200)


def _takes(found: StageAssessment) -> bool:
    """Return whether evidence is taken now: not while a round is read, nor once a later assessment was opened."""
    later = StageAssessment.objects.filter(use_case=found.use_case, pk__gt=found.pk)
    return found.standing in DELIVERABLE and not later.exists()


def _deliveries(found: StageAssessment) -> list[dict[str, Any]]:
    rows = list(
        Delivery.objects.filter(assessment=found).select_related("system_version", "carry_over").order_by("-number")
    )
    attached = attached_in(rows)
    names, signers = named(row.by for row in rows), entries_of(row.signer for row in rows if row.signer)
    return [
        {
            "row": row,
            "by": names.get(row.by, "—"),
            "unknown": bool(row.signer) and row.signer not in signers,
            "signed": signed_by(row.signer, row.at, signers) if row.signer else say("office.lifecycle.page.unsigned"),
            "counts": row.pk == found.delivery_id,
            "attached": attached.get(row.pk, []),
            "carry_over": getattr(row, "carry_over", None),
        }
        for row in rows
    ]


def _manifest(found: StageAssessment) -> str:
    """Return the lines of hakari.yaml that must say what the office says: stage, packs and stated facts."""
    import yaml

    used = {
        name for pack in packs_of(found.packs) for requirement in pack.requirements for name in facts_used(requirement)
    }
    document = {
        "stage": found.stage,
        "packs": [f"{pin['name']}@{pin['version']}" for pin in found.packs],
        "facts": {name: value for name, value in sorted(found.facts.items()) if name in used},
    }
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False)
