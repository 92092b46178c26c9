"""Suppliers, what they supply, what they say of it, and the use cases that build on their word."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from hakari.errors import InputError
from hakari.evidence import digest_json
from hakari.messages import say
from hakari.office.core.actions import Actor, Done, action
from hakari.office.core.conflicts import change
from hakari.office.core.models import FreeText
from hakari.office.people.access import require
from hakari.office.people.permissions import Permission
from hakari.office.registry.actions.writing import one_line, require_edit
from hakari.office.registry.answers import checked_answers
from hakari.office.registry.models import Component, ComponentUse, ComponentVersion, Supplier, UseCase
from hakari.office.registry.search import index, index_all

__all__ = [
    "add_component",
    "add_component_version",
    "add_supplier",
    "answer_component",
    "change_component",
    "change_supplier",
    "drop_component",
    "take_over",
]


@action("supplier.added")
def add_supplier(name: str, *, by: Actor, country: str = "", contact: str = "", website: str = "") -> Done[Supplier]:
    """Enter a supplier.

    Raises:
        NotAllowedError, InputError: suppliers are kept by others; no name, or one that is taken.
    """
    require(by, Permission.MANAGE_COMPONENTS)
    called = one_line(name, 120, field="name")
    if Supplier.objects.filter(name__iexact=called).exists():
        raise InputError(say("office.registry.name_taken", name=called))
    supplier = Supplier.objects.create(name=called, country=country.strip(), contact=contact, website=website)
    return Done(supplier, about=("supplier", supplier.key), data={"name": FreeText.keep(called).digest})


@action("supplier.changed")
def change_supplier(
    supplier: Supplier,
    name: str,
    *,
    by: Actor,
    country: str = "",
    contact: str = "",
    website: str = "",
    seen: int | None = None,
) -> Done[Supplier]:
    """Change a supplier's entry.

    Raises:
        NotAllowedError, InputError, ConflictError: kept by others; a name that is taken; changed meanwhile.
    """
    require(by, Permission.MANAGE_COMPONENTS)
    called = one_line(name, 120, field="name")
    if Supplier.objects.filter(name__iexact=called).exclude(pk=supplier.pk).exists():
        raise InputError(say("office.registry.name_taken", name=called))
    before = supplier.name
    change(supplier, seen=seen, name=called, country=country.strip(), contact=contact, website=website)
    if called != before:
        index_all(UseCase.objects.filter(component_uses__component_version__component__supplier=supplier).distinct())
    return Done(supplier, about=("supplier", supplier.key), data={"name": FreeText.keep(called).digest})


@action("component.added")
def add_component(supplier: Supplier, name: str, *, by: Actor, description: str = "") -> Done[Component]:
    """Enter a supplier's model or service.

    Raises:
        NotAllowedError, InputError: kept by others; no name, or one that is taken.
    """
    require(by, Permission.MANAGE_COMPONENTS)
    called = one_line(name, 120, field="name")
    if supplier.components.filter(name__iexact=called).exists():
        raise InputError(say("office.registry.name_taken", name=called))
    component = Component.objects.create(supplier=supplier, name=called, description=description.strip())
    data = {"name": FreeText.keep(called).digest, "supplier": supplier.key}
    return Done(component, about=("component", component.key), data=data)


@action("component.changed")
def change_component(
    component: Component, name: str, *, by: Actor, description: str = "", seen: int | None = None
) -> Done[Component]:
    """Change a component's name or description.

    Raises:
        NotAllowedError, InputError, ConflictError: kept by others; a name that is taken; changed meanwhile.
    """
    require(by, Permission.MANAGE_COMPONENTS)
    called = one_line(name, 120, field="name")
    if component.supplier.components.filter(name__iexact=called).exclude(pk=component.pk).exists():
        raise InputError(say("office.registry.name_taken", name=called))
    before = component.name
    change(component, seen=seen, name=called, description=description.strip())
    if called != before:
        index_all(UseCase.objects.filter(component_uses__component_version__component=component).distinct())
    return Done(component, about=("component", component.key), data={"name": FreeText.keep(called).digest})


@action("component.version_added")
def add_component_version(component: Component, label: str, *, by: Actor) -> Done[ComponentVersion]:
    """Enter a version of a component; what it answers comes next.

    Raises:
        NotAllowedError, InputError: kept by others; no label, or one that is taken.
    """
    require(by, Permission.MANAGE_COMPONENTS)
    called = one_line(label, 60, field="label")
    if component.versions.filter(label=called).exists():
        raise InputError(say("office.registry.version_taken", label=called))
    version = ComponentVersion.objects.create(component=component, label=called, digest=digest_json({}))
    return Done(version, about=("component", component.key), data={"version": version.key})


@action("component.answered")
def answer_component(
    version: ComponentVersion,
    answers: Mapping[str, Any],
    *,
    by: Actor,
    valid_until: datetime.date | None = None,
    notes: str = "",
    seen: int | None = None,
) -> Done[ComponentVersion]:
    """Write down what a component's version answers; use cases that took over other answers become stale by that.

    Raises:
        NotAllowedError, InputError, ConflictError: kept by others; a question or choice that is not there, or an end
            that is past; changed meanwhile.
    """
    require(by, Permission.MANAGE_COMPONENTS)
    given = checked_answers(answers)
    today = timezone.localdate()
    if valid_until is not None and valid_until < today:
        raise InputError(say("office.registry.ends_before_today"))
    change(
        version,
        seen=seen,
        answers=given,
        digest=digest_json(given),
        assessed_on=today,
        valid_until=valid_until,
        notes=notes.strip(),
    )
    data = {
        "digest": version.digest,
        "notes": FreeText.keep(version.notes).digest,
        "until": valid_until.isoformat() if valid_until else "",
        "version": version.key,
    }
    return Done(version, about=("component", version.component.key), data=data)


@action("use_case.component_taken_over")
def take_over(use_case: UseCase, version: ComponentVersion, *, by: Actor) -> Done[ComponentUse]:
    """Let a use case inherit what a component's version answers now; doing it again clears the stale mark.

    Raises:
        NotAllowedError, InputError: not theirs to change; never assessed, or its assessment has run out.
    """
    require_edit(by, use_case)
    name = f"{version.component.name}@{version.label}"
    if version.assessed_on is None:
        raise InputError(say("office.registry.not_assessed", component=name))
    if version.valid_until is not None and version.valid_until < timezone.localdate():
        raise InputError(say("office.registry.assessment_ended", component=name))
    values = {"answers": version.answers, "digest": version.digest, "since": timezone.now()}
    use, _ = ComponentUse.objects.update_or_create(use_case=use_case, component_version=version, defaults=values)
    index(use_case)
    data = {"component": version.component.key, "digest": version.digest, "version": version.key}
    return Done(use, about=("use_case", use_case.key), data=data)


@action("use_case.component_dropped")
def drop_component(use: ComponentUse, *, by: Actor) -> Done[UseCase]:
    """Say that a use case no longer builds on a component's version.

    Raises:
        NotAllowedError: not theirs to change.
    """
    use_case = use.use_case
    require_edit(by, use_case)
    version = use.component_version
    use.delete()
    index(use_case)
    data = {"component": version.component.key, "version": version.key}
    return Done(use_case, about=("use_case", use_case.key), data=data)
