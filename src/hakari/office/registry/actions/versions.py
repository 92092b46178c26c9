"""Releases of a system: what it is made of, by digest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hakari.errors import InputError
from hakari.evidence import Subject, scope_digest
from hakari.messages import say
from hakari.office.core.actions import Done, action
from hakari.office.people.models import Person
from hakari.office.registry.actions.writing import one_line, require_edit
from hakari.office.registry.models import SystemVersion, UseCase
from hakari.office.registry.scope import stored

__all__ = ["add_version"]


@action("use_case.version_added")
def add_version(
    use_case: UseCase, label: str, subjects: Sequence[Subject], *, by: Person, use: Mapping[str, Any] | None = None
) -> Done[SystemVersion]:
    """Enter a release with its subjects; its scope digest is the one that a plan over the same subjects states.

    Raises:
        NotAllowedError, InputError: not theirs to change; the label is taken.
    """
    require_edit(by, use_case)
    name = one_line(label, 60, field="label")
    if use_case.versions.filter(label=name).exists():
        raise InputError(say("office.registry.version_taken", label=name))
    version = SystemVersion.objects.create(
        use_case=use_case,
        label=name,
        subjects=stored(subjects),
        scope_digest=scope_digest(subjects, use or {}),
        added_by=by,
    )
    data = {"scope": version.scope_digest, "subjects": len(subjects), "version": version.key}
    return Done(version, about=("use_case", use_case.key), data=data)
