"""The chain of events as arithmetic: how one event follows another, and what a stranger finds when it was bent.

Nothing here knows the database, so that the same functions append, verify, and are attacked in tests.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from hakari.evidence.canonical import canonical_bytes

__all__ = ["COLUMNS", "ChainReport", "Checked", "Problem", "Row", "body_of", "follow", "verify_chain"]

COLUMNS: Final = ("kind", "at", "by", "object_kind", "object_key")
"""What stands beside the body for finding an event; each must say what the body says."""

ProblemKind = Literal["gap", "body", "digest", "link", "column", "checkpoint", "head", "beyond", "renewal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One event as it is stored."""

    sequence: int
    body: bytes
    previous: str
    digest: str
    columns: tuple[str, ...]
    """The values of COLUMNS; the time as it stands in the body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A checkpoint whose signature held: after `sequence` events the chain stood at `digest`."""

    sequence: int
    digest: str
    doubted: bool = False
    """Whether its key was not to be trusted any more: it is compared, and nothing counts as sealed by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A place where the chain does not hold."""

    kind: ProblemKind
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainReport:
    """What verification found."""

    events: int
    sealed: int
    """Events up to the last checkpoint: every change among them is found."""
    problems: tuple[Problem, ...] = field(default=())

    @property
    def holds(self) -> bool:
        """Whether no problem was found."""
        return not self.problems


def body_of(kind: str, *, at: str, by: str, about: tuple[str, str], data: Mapping[str, Any], sequence: int) -> bytes:
    """Return the canonical bytes of an event."""
    return canonical_bytes(
        {"about": list(about), "at": at, "by": by, "data": dict(data), "kind": kind, "sequence": sequence}
    )


def follow(previous: str, body: bytes) -> str:
    """Return the digest of an event with this body after the event with the digest `previous`."""
    return hashlib.sha256(bytes.fromhex(previous) + body).hexdigest()


def verify_chain(
    rows: Iterable[Row],
    *,
    start: str,
    head: tuple[int, str],
    checkpoints: Iterable[Checked] = (),
    most: int = 20,
) -> ChainReport:
    """Return where a chain breaks, reading its rows once in order of their number.

    Args:
        rows: The stored events, by `sequence`.
        start: The digest before the first event.
        head: Number and digest that the head row states.
        checkpoints: What signed checkpoints say; the only witnesses that stand outside the database.
        most: Problems after which the rest is not looked at.

    The first problem stands where the chain was bent: an edited event itself, the first missing number, the first of
    two that changed places. Of events that were changed and chained again with correct digests, only a witness tells:
    the first checkpoint at or after the change, and `beyond` where the chain ends before its last checkpoint. `renewal`
    is not found here: it takes the statements that renewals leave.
    """
    sealed: dict[int, set[str]] = {}
    trusted = 0
    for item in checkpoints:
        sealed.setdefault(item.sequence, set()).add(item.digest)
        trusted = trusted if item.doubted else max(trusted, item.sequence)
    digest, last = start, 0
    problems: list[Problem] = []
    for row in rows:
        found = _row_problem(row, last, digest)
        if found is None and sealed.get(row.sequence, {row.digest}) != {row.digest}:
            found = "checkpoint"
        if found is not None:
            problems.append(Problem(kind=found, sequence=row.sequence if found != "gap" else last + 1))
            if len(problems) >= most:
                break
        digest, last = row.digest, row.sequence
    else:
        problems += [Problem(kind="beyond", sequence=last + 1)] if max(sealed, default=0) > last else []
        problems += [Problem(kind="head", sequence=last)] if head != (last, digest) else []
    return ChainReport(events=last, sealed=trusted, problems=tuple(problems))


def _row_problem(row: Row, last: int, digest: str) -> ProblemKind | None:
    if row.sequence != last + 1:
        return "gap"
    if row.previous != digest:
        return "link"
    try:
        if follow(row.previous, row.body) != row.digest:
            return "digest"
        stated = json.loads(row.body.decode())
        columns = (stated["kind"], stated["at"], stated["by"], *stated["about"])
        if stated["sequence"] != row.sequence:
            return "body"
    except (ValueError, KeyError, TypeError, RecursionError):
        return "body"
    return None if columns == row.columns else "column"
