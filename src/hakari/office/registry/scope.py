"""The subjects of a system version and the digest over them: what a decision is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from hakari.errors import HakariError, InputError
from hakari.evidence import Subject, decode, encode, parse_json
from hakari.messages import say

__all__ = ["LARGEST", "MOST", "read_subjects", "stored", "subjects_from"]

LARGEST: Final = 2**20
"""Bytes of an uploaded list of subjects."""
MOST: Final = 100
"""Subjects of one version."""
_DIGEST = re.compile(r"[0-9a-f]{64}")


def read_subjects(content: bytes, *, what: str) -> tuple[list[Subject], dict[str, Any]]:
    """Return the subjects in an uploaded JSON file, and how they are used if it says so.

    The file is a list of subjects, or an object that has one under `subjects`: a plan, an evidence record or an
    assessment, as a case bundle holds them; in a signed envelope or a statement they stand one level deeper.

    Raises:
        InputError: too large, not JSON, or no such list in it.
    """
    if len(content) > LARGEST:
        raise InputError(say("office.registry.subjects.too_large", most=LARGEST // 1024))
    try:
        value = parse_json(content, what=what)
    except HakariError as error:
        raise InputError(say("office.registry.subjects.not_json", file=what)) from error
    holder = _holder(value)
    listed = value if isinstance(value, list) else holder.get("subjects") if holder else None
    if not isinstance(listed, list):
        raise InputError(say("office.registry.subjects.none", file=what))
    use = holder.get("use") if holder else None
    return subjects_from(listed), dict(use) if isinstance(use, dict) else {}


def subjects_from(listed: Sequence[Any]) -> list[Subject]:
    """Return subjects from JSON values, each checked, each role once.

    Raises:
        InputError: none, too many, or one that is not a subject.
    """
    if not 0 < len(listed) <= MOST:
        raise InputError(say("office.registry.subjects.count", most=MOST))
    found: dict[str, Subject] = {}
    for number, item in enumerate(listed, start=1):
        try:
            subject = decode(Subject, item)
        except HakariError as error:
            raise InputError(say("office.registry.subjects.wrong", number=number)) from error
        if not _DIGEST.fullmatch(subject.digest):
            raise InputError(say("office.registry.subjects.digest", name=subject.name))
        if not subject.role or not subject.name or len(subject.role) > 60 or len(subject.name) > 300:
            raise InputError(say("office.registry.subjects.wrong", number=number))
        if found.setdefault(subject.role, subject) is not subject:
            raise InputError(say("office.registry.subjects.twice", role=subject.role))
    return [found[role] for role in sorted(found)]


def stored(subjects: Iterable[Subject]) -> list[dict[str, Any]]:
    """Return subjects as JSON for the database, without their details: these stay with the evidence."""
    return [{name: value for name, value in encode(item).items() if name != "details"} for item in subjects]


def _holder(value: Any) -> Mapping[str, Any] | None:
    """Return the object that has `subjects`, at the top or inside a statement's predicate."""
    for step in ((), ("predicate",), ("plan",), ("predicate", "plan"), ("evidence",)):
        inner = value
        for name in step:
            inner = inner.get(name) if isinstance(inner, Mapping) else None
        if isinstance(inner, Mapping) and "subjects" in inner:
            return inner
    return None
