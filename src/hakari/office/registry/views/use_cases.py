"""The list of use cases and the page of one."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hakari.office.core.access import OfficeRequest, signed_in
from hakari.office.people.access import Access
from hakari.office.people.models import Person, Unit
from hakari.office.people.permissions import Permission
from hakari.office.registry.actions.writing import may_edit
from hakari.office.registry.filters import SORTS, TIERS, Filters
from hakari.office.registry.history import history
from hakari.office.registry.models import UseCase, Visibility
from hakari.office.registry.panels import panels
from hakari.office.registry.states import State
from hakari.office.registry.visibility import get_visible, is_veiled, title_for, visible
from hakari.packs.triage import prescan_questions

__all__ = ["use_case", "use_cases"]

_PAGE = 25
_MOST_OWNERS = 200


class _Counted(Paginator[UseCase]):
    """Pages whose total is known already."""

    def __init__(self, found: Any, total: int) -> None:
        super().__init__(found, _PAGE)
        self._total = total

    @cached_property
    def count(self) -> int:
        return self._total


@signed_in
@require_safe
def use_cases(request: OfficeRequest) -> HttpResponse:
    """List the use cases that this person sees and asks for."""
    access, filters = request.access, Filters.read(request.GET)
    counted = filters.apply(access, but="state").order_by().values("state").annotate(number=Count("pk"))
    by_state = {str(row["state"]): int(row["number"]) for row in counted}
    total = by_state.get(filters.state, 0) if filters.state else sum(by_state.values())
    page = _Counted(filters.ordered(access, filters.apply(access)).defer("purpose", "facts"), total).get_page(
        request.GET.get("page")
    )
    context = {
        "filters": filters,
        "page": page,
        "rows": [{"case": case, "title": title_for(access, case)} for case in page],
        "states": [(state, by_state.get(state, 0)) for state in State.values if state in by_state],
        "all_states": sum(by_state.values()),
        "headings": [_heading(name, filters.sort) for name in SORTS],
        "units": Unit.objects.all(),
        "owners": owners(access),
        "tiers": TIERS,
        "visibilities": Visibility.values,
        "may_export": access.may(Permission.EXPORT),
        "may_import": access.may(Permission.IMPORT),
    }
    return render(request, "registry/list.html", context)


def owners(access: Access) -> Any:
    """Return key and name of those who answer for a use case that this person sees."""
    of_theirs = visible(access).filter(owner=OuterRef("pk")).order_by()
    found = Person.objects.filter(Exists(of_theirs), erased_at=None).order_by("reading", "name")
    return found.values_list("key", "name")[:_MOST_OWNERS]


def _heading(name: str, sort: str) -> dict[str, str]:
    """Return a column's heading: which way it is sorted now, and what a click asks for."""
    now = {name: "ascending", f"-{name}": "descending"}.get(sort, "")
    first = f"-{name}" if name in ("number", "changed") else name
    turned = name if sort == f"-{name}" else f"-{name}"
    return {"name": name, "now": now, "next": turned if now else first}


@signed_in
@require_safe
def use_case(request: OfficeRequest, number: str) -> HttpResponse:
    """Show one use case with all that is known of it to this person."""
    access = request.access
    case = get_visible(access, number)
    hidden = is_veiled(access, case)
    happened, page = history("use_case", case.key, request.GET.get("page"), texts=not hidden)
    context = {
        "use_case": case,
        "title": title_for(access, case),
        "veiled": hidden,
        "page": page,
        "happened": happened,
        "panels": panels(access, case, veiled=hidden),
        "may_edit": may_edit(access, case),
    }
    if not hidden:
        context |= {
            "facts": _facts(case),
            "versions": case.versions.select_related("added_by"),
            "uses": _uses(case),
            "named": case.people.filter(erased_at=None).order_by("reading", "name"),
        }
    return render(request, "registry/detail.html", context)


def _uses(case: UseCase) -> list[dict[str, Any]]:
    uses = case.component_uses.select_related("component_version__component__supplier")
    return [{"use": use, "stale": use.stale_because()} for use in uses]


def _facts(case: UseCase) -> dict[str, list[Any]]:
    """Return the facts with the words that the pack has for them: what holds, what has a value, and what does not."""
    declared = {fact.id: fact for fact in prescan_questions()[0].facts}
    found: dict[str, list[Any]] = {"holds": [], "valued": [], "not": []}
    for name, value in sorted(case.facts.items()):
        fact = declared.get(name)
        title = fact.title if fact else {"en": name}
        if isinstance(value, bool):
            found["holds" if value else "not"].append(title)
        else:
            words = {choice.id: choice.text or choice.title or {} for choice in fact.choices} if fact else {}
            found["valued"].append((title, words.get(str(value)) or {"en": str(value)}))
    return found
