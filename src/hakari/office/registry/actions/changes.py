"""Changes of an entry: its words, who answers for it, who sees it and under which name."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from hakari.errors import InputError
from hakari.messages import say
from hakari.office.core.actions import Actor, Done, action
from hakari.office.core.models import FreeText
from hakari.office.people.models import Person
from hakari.office.registry.actions.writing import one_line, require_edit, write
from hakari.office.registry.models import NamedPerson, UseCase, Visibility

__all__ = ["change_code_name", "change_visibility", "describe", "hand_over", "rename"]


@action("use_case.renamed")
def rename(use_case: UseCase, title: str, *, by: Actor, seen: int | None = None) -> Done[UseCase]:
    """Give a use case another title.

    Raises:
        NotAllowedError, InputError, ConflictError: not theirs to change; no title; changed by somebody meanwhile.
    """
    require_edit(by, use_case)
    write(use_case, seen=seen, title=one_line(title, 200, field="title"))
    return Done(use_case, about=("use_case", use_case.key), data={"title": FreeText.keep(use_case.title).digest})


@action("use_case.described")
def describe(
    use_case: UseCase, purpose: str, *, by: Actor, title: str | None = None, seen: int | None = None
) -> Done[UseCase]:
    """Say what a use case is for, and give it another title with it if one is named.

    Raises:
        NotAllowedError, InputError, ConflictError: not theirs to change; no title; changed by somebody meanwhile.
    """
    require_edit(by, use_case)
    named = use_case.title if title is None else one_line(title, 200, field="title")
    data = {"purpose": FreeText.keep(purpose.strip()).digest}
    if named != use_case.title:
        data["title"] = FreeText.keep(named).digest
    write(use_case, seen=seen, title=named, purpose=purpose.strip())
    return Done(use_case, about=("use_case", use_case.key), data=data)


@action("use_case.handed_over")
def hand_over(use_case: UseCase, owner: Person, *, by: Actor, seen: int | None = None) -> Done[UseCase]:
    """Name who answers for a use case from now on.

    Raises:
        NotAllowedError, InputError, ConflictError: not theirs to change; nobody works under that name any more;
            changed by somebody meanwhile.
    """
    require_edit(by, use_case)
    if not owner.is_active or owner.erased_at is not None:
        raise InputError(say("office.registry.gone"))
    before = use_case.owner.key
    write(use_case, seen=seen, owner=owner)
    return Done(use_case, about=("use_case", use_case.key), data={"from": before, "to": owner.key})


@action("use_case.shown_to")
def change_visibility(
    use_case: UseCase, visibility: str, people: Iterable[Person], *, by: Actor, seen: int | None = None
) -> Done[UseCase]:
    """Choose who sees a use case, and who sees it by name besides.

    Raises:
        NotAllowedError, ConflictError: not theirs to change; changed by somebody meanwhile.
    """
    require_edit(by, use_case)
    named = {person.pk: person for person in people}
    write(use_case, seen=seen, visibility=Visibility(visibility))
    NamedPerson.objects.filter(use_case=use_case).exclude(person__in=named).delete()
    rows = [NamedPerson(use_case=use_case, person=person) for person in named.values()]
    NamedPerson.objects.bulk_create(rows, ignore_conflicts=True)
    data = {"people": sorted(person.key for person in named.values()), "visibility": str(use_case.visibility)}
    return Done(use_case, about=("use_case", use_case.key), data=data)


@action("use_case.code_named")
def change_code_name(
    use_case: UseCase, code_name: str, until: datetime.date | None, *, by: Actor, seen: int | None = None
) -> Done[UseCase]:
    """Give a use case a code name that stands for its title until a day (without one: until it is taken away).

    Raises:
        NotAllowedError, InputError, ConflictError: not theirs to change; a day without a name, or the title itself
            as the name; changed by somebody meanwhile.
    """
    require_edit(by, use_case)
    name = one_line(code_name, 60, field="code_name") if code_name.strip() else ""
    if until is not None and not name:
        raise InputError(say("office.registry.embargo_without_name"))
    if name and name.casefold() == use_case.title.casefold():
        raise InputError(say("office.registry.code_name_is_title"))
    write(use_case, seen=seen, code_name=name, embargo_until=until)
    data = {"code_name": FreeText.keep(name).digest, "until": until.isoformat() if until else ""}
    return Done(use_case, about=("use_case", use_case.key), data=data)
