"""Evidence: how it is measured and delivered, and what was delivered so far."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from hakari.errors import ConflictError, InputError, NotAllowedError, OfficeError
from hakari.messages import say
from hakari.office.core.access import OfficeRequest, signed_in
from hakari.office.core.forms import tell
from hakari.office.core.language import in_readers_words
from hakari.office.keys.directory import entries_of, signed_by
from hakari.office.lifecycle.actions.delivering import deliver
from hakari.office.lifecycle.actions.rules import DELIVERABLE
from hakari.office.lifecycle.forms import DeliverForm
from hakari.office.lifecycle.models import Delivery, StageAssessment
from hakari.office.lifecycle.policy import packs_of
from hakari.office.lifecycle.showing.names import named
from hakari.office.lifecycle.staleness import messages_of
from hakari.office.lifecycle.views.finding import find, page
from hakari.office.registry.actions.writing import may_edit
from hakari.packs import facts_used

__all__ = ["evidence"]


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
        try:
            made = deliver(found, form.cleaned_data["file"].read(), by=request.access.person)
        except ConflictError:  # the same bundle was sent twice at once: the other one is in
            return redirect("lifecycle:evidence", key)
        except NotAllowedError:
            raise
        except (InputError, OfficeError) as error:
            form.add_error("file", in_readers_words(error.message))
        else:
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


def _takes(found: StageAssessment) -> bool:
    """Return whether evidence is taken now: not while a round is read, nor once a later assessment was opened."""
    later = StageAssessment.objects.filter(use_case=found.use_case, pk__gt=found.pk)
    return found.standing in DELIVERABLE and not later.exists()


def _deliveries(found: StageAssessment) -> list[dict[str, Any]]:
    rows = list(
        Delivery.objects.filter(assessment=found).select_related("system_version", "carry_over").order_by("-number")
    )
    names, signers = named(row.by for row in rows), entries_of(row.signer for row in rows if row.signer)
    return [
        {
            "row": row,
            "by": names.get(row.by, "—"),
            "unknown": bool(row.signer) and row.signer not in signers,
            "signed": signed_by(row.signer, row.at, signers) if row.signer else say("office.lifecycle.page.unsigned"),
            "counts": row.pk == found.delivery_id,
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
