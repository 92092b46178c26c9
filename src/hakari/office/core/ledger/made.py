"""Rows that an act made, as digests in its event: a row that was changed past the site is found by its event.

The chain protects events. Rows that are written once stand beside it, so each event says under `made` which of them its
act wrote: for each table the keys of the rows and one SHA-256 over everything that stands in them.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models

from hakari.evidence.canonical import canonical_bytes

__all__ = ["collecting", "digest_of", "keys_in", "note", "stated", "stored"]

_MADE: ContextVar[list[models.Model] | None] = ContextVar("made", default=None)


@contextmanager
def collecting() -> Iterator[list[models.Model]]:
    """Collect the rows that are written until the end; an act inside another one has its own."""
    made: list[models.Model] = []
    token = _MADE.set(made)
    try:
        yield made
    finally:
        _MADE.reset(token)


def note(rows: Iterable[models.Model]) -> None:
    """Say that rows were written, to whoever collects."""
    made = _MADE.get()
    if made is not None:
        made.extend(rows)


def stated(rows: Iterable[models.Model]) -> dict[str, Any]:
    """Return rows as their event says them: table → [ranges of keys, digest].

    They are read again, so that what is digested is what the database keeps of them.
    """
    tables: dict[type[models.Model], list[int]] = {}
    for row in rows:
        tables.setdefault(type(row), []).append(row.pk)
    found = {}
    for model, keys in tables.items():
        there = stored(model, keys)
        found[model._meta.db_table] = [_ranges(sorted(keys)), digest_of(there[key] for key in sorted(keys))]
    return found


def stored(model: type[models.Model], keys: Iterable[int]) -> dict[int, bytes]:
    """Return rows as canonical bytes by key, the same from either database."""
    names = [str(field.attname) for field in model._meta.concrete_fields]
    wanted, found = sorted(set(keys)), {}
    for place in range(0, len(wanted), 500):
        rows = model._base_manager.filter(pk__in=wanted[place : place + 500]).values_list("pk", *names)
        for key, *values in rows:
            plain = {name: _plain(value) for name, value in zip(names, values, strict=True)}
            found[int(key)] = canonical_bytes(plain)
    return found


def digest_of(rows: Iterable[bytes]) -> str:
    """Return the SHA-256 over rows in the order of their keys."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(len(row).to_bytes(8, "big") + row)
    return digest.hexdigest()


def keys_in(ranges: Sequence[Sequence[int]]) -> list[int]:
    """Return the keys that ranges name."""
    return [key for first, last in ranges for key in range(first, last + 1)]


def _ranges(keys: Sequence[int]) -> list[list[int]]:
    found: list[list[int]] = []
    for key in keys:
        if found and found[-1][1] == key - 1:
            found[-1][1] = key
        else:
            found.append([key, key])
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat(timespec="microseconds")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, (bytes, memoryview)):
        return hashlib.sha256(bytes(value)).hexdigest()
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    # As one kind of number: a database may give 2 back where 2.0 was stored.
    return int(value) if isinstance(value, float) and value.is_integer() else value
