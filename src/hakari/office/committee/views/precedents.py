"""Precedents: decisions found by facts, words, outcome, stage and tier."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hakari.office.committee.models import Decision
from hakari.office.committee.precedents import Wanted, facts_known, find
from hakari.office.core.access import OfficeRequest, signed_in
from hakari.office.lifecycle.models import Outcome, Stage
from hakari.office.lifecycle.policy import known_packs
from hakari.office.registry.models import Level
from hakari.office.registry.visibility import title_for

__all__ = ["precedents"]

_PAGE = 20


@signed_in
@require_safe
def precedents(request: OfficeRequest) -> HttpResponse:
    """List the decisions that a reader sees and looks for, the newest first."""
    access = request.access
    wanted = Wanted.read(request.GET)
    page = Paginator(find(access, wanted), _PAGE).get_page(request.GET.get("page"))
    related = ("use_case__unit", "assessment", "ballot__item")
    found = Decision.objects.select_related(*related).in_bulk(list(page))
    titles = _titles()
    facts = facts_known(access)
    context = {
        "page": page,
        "rows": [{"decision": found[pk], "title": title_for(access, found[pk].use_case)} for pk in page],
        "wanted": wanted,
        "chosen": [
            {"title": titles.get(name, {"en": name}), "value": value, "without": _without(request.GET, name, value)}
            for name, value in wanted.facts.items()
        ],
        "facts": [
            {"name": name, "title": titles.get(name, {"en": name}), "values": values}
            for name, values in facts.items()
            if name not in wanted.facts
        ],
        "outcomes": Outcome.values,
        "stages": Stage.values,
        "tiers": Level.values,
        "narrow": bool(wanted.text or wanted.outcome or wanted.stage or wanted.tier or wanted.facts),
    }
    return render(request, "committee/precedents.html", context)


def _titles() -> dict[str, Any]:
    return {fact.id: fact.title for pack in known_packs().values() for fact in pack.facts}


def _without(query: Any, name: str, value: str) -> str:
    left = [
        (key, each) for key in query for each in query.getlist(key)
        if key != "page" and not (key == "fact" and each == f"{name}:{value}")
    ]  # fmt: skip
    return "?" + urlencode(left)
