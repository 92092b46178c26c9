"""Reading: `fairness.yaml` with the same care and the same file:line messages as a manifest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from hakari.assessment.attribute_use.register import Alternative, AttributeRegister, GroupThresholds, Use
from hakari.errors import ManifestError, PackError
from hakari.messages import say
from hakari.packs import Places, located_record

__all__ = ["REGISTER_NAME", "load_register", "read_register"]

REGISTER_NAME = "fairness.yaml"

_DIGEST = re.compile(r"[0-9a-f]{64}")
_DAYS = {Use: ("decided_on", "until"), GroupThresholds: ("signed_on", "until"), Alternative: ("considered_on",)}


def load_register(path: Path) -> AttributeRegister:
    """Return the register in a file.

    Raises:
        ManifestError: there is none, or it is malformed; the message names file and line.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ManifestError(say("assessment.attributes.none", path=str(path))) from None
    except OSError as error:
        raise ManifestError(
            say("assessment.attributes.unreadable", path=str(path), problem=error.strerror or str(error))
        ) from None
    return read_register(content, file=path.name)


def read_register(content: bytes, *, file: str = REGISTER_NAME) -> AttributeRegister:
    """Return the register in `content`.

    Raises:
        ManifestError: malformed, another format version, a day that is none, a name twice, or a sign-off without
            a person and a day.
    """
    try:
        register, places = located_record(AttributeRegister, content, file=file)
    except PackError as error:
        raise ManifestError(error.message) from None
    if register.fairness != 1:
        place = places.at(register, "fairness") or file
        raise ManifestError(say("assessment.attributes.version", place=place, version=register.fairness))
    _check_names(register, places, file)
    for record in _dated(register):
        for name in _DAYS[type(record)]:
            _check_day(record, name, places, file)
    for entry in register.thresholds:
        _check_sign_off(entry, places, file)
    for alternative in register.alternatives:
        for digest in alternative.evidence:
            if not _DIGEST.fullmatch(digest):
                place = places.at(alternative, "evidence") or file
                raise ManifestError(say("assessment.attributes.digest", place=place, value=digest))
    return register


def _dated(register: AttributeRegister) -> Iterator[Any]:
    for attribute in register.attributes:
        yield from attribute.uses
    yield from register.thresholds
    yield from register.alternatives


def _check_names(register: AttributeRegister, places: Places, file: str) -> None:
    """Refuse a column, a use of it, or an id that stands twice: one of the two would silently not count."""
    seen: set[tuple[str, ...]] = set()
    named: list[tuple[tuple[str, ...], str, Any, str]] = []
    for attribute in register.attributes:
        named.append((("column", attribute.column), attribute.column, attribute, "column"))
        named += [((attribute.column, use.use), f"{attribute.column}/{use.use}", use, "use") for use in attribute.uses]
    for kind, records in (("thresholds", register.thresholds), ("alternatives", register.alternatives)):
        named += [((kind, record.id), record.id, record, "id") for record in records]
    for key, shown, record, field in named:
        if key in seen:
            place = places.at(record, field) or file
            raise ManifestError(say("assessment.attributes.twice", place=place, name=shown))
        seen.add(key)
    for attribute in register.attributes:
        if not attribute.uses:
            place = places.at(attribute, "uses") or file
            raise ManifestError(say("assessment.attributes.no_use", place=place, column=attribute.column))


def _check_day(record: Any, name: str, places: Places, file: str) -> None:
    value = getattr(record, name)
    if value is None:
        return
    try:
        if date.fromisoformat(value).isoformat() == value:
            return
    except ValueError:
        pass
    place = places.at(record, name) or file
    raise ManifestError(say("assessment.attributes.day", place=place, field=name, value=value))


def _check_sign_off(entry: GroupThresholds, places: Places, file: str) -> None:
    if not entry.columns:
        place = places.at(entry, "columns") or file
        raise ManifestError(say("assessment.attributes.no_columns", place=place, name=entry.id))
    if entry.signed_off and not (entry.signed_by and entry.signed_on):
        place = places.at(entry, "signed_off") or file
        raise ManifestError(say("assessment.attributes.half_signed", place=place, name=entry.id))
