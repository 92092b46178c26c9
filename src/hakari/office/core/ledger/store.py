"""The ledger in the database: appending one event at a time, and reading all of them again."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from hakari.evidence import PublicKey
from hakari.evidence.renewal import KeyRenewal
from hakari.office.core.ledger.chain import ChainReport, Problem, Row, body_of, follow, verify_chain
from hakari.office.core.ledger.checkpoints import after_event, read_checkpoints
from hakari.office.core.ledger.custody import RENEWED, renewals
from hakari.office.core.models import Event, Head

__all__ = ["append", "ledger_name", "rows", "snapshot", "time_text", "verify"]

_PAGE = 5_000
_POSTGRES_TIME = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'
_SQLITE_TIME = len("2026-11-22 15:00:00.000000")


def append(
    kind: str, *, by: str, about: tuple[str, str], data: Mapping[str, Any] | None = None, seal: bool = False
) -> Event:
    """Add one event to the chain; the caller's transaction decides whether it stays. `seal`: with a checkpoint at once.

    Appends wait for each other on the head row (PostgreSQL) or on the write lock (SQLite), so that numbers have no gap.
    """
    with transaction.atomic():
        head = _head()
        sequence, at = head.sequence + 1, timezone.now()
        body = body_of(kind, at=time_text(at), by=by, about=about, data=data or {}, sequence=sequence)
        digest = follow(head.digest, body)
        event = Event(
            sequence=sequence,
            body=body,
            previous=head.digest,
            digest=digest,
            kind=kind,
            at=at,
            by=by,
            object_kind=about[0],
            object_key=about[1],
        )
        event.save()
        Head.objects.filter(id=1).update(sequence=sequence, digest=digest)
    name = head.ledger
    # A full disk must not tell a person that what is stored failed; `hakari office check` tells of a late checkpoint.
    transaction.on_commit(lambda: after_event(sequence, digest, ledger=name, seal=seal), robust=True)
    return event


def ledger_name() -> str:
    """Return the digest before the first event, by which this ledger is told from others."""
    with transaction.atomic():
        return _head().ledger


def rows(first: int = 1) -> Iterator[Row]:
    """Yield the stored events from number `first` on, in pages, so that memory stays flat.

    They are read past Django's conversions: quicker, and whatever somebody wrote into a column is shown as it stands.
    """
    # As text: to make times of a million texts, and texts of them again, would take a third of the whole.
    at = "CAST(at AS TEXT)" if connection.vendor == "sqlite" else f"to_char(at AT TIME ZONE 'UTC', '{_POSTGRES_TIME}')"
    names = f'sequence, body, previous, digest, kind, {at}, "by", object_kind, object_key'
    query = f'SELECT {names} FROM "{Event._meta.db_table}"'  # noqa: S608  # own names
    query += f" WHERE sequence > %s ORDER BY sequence LIMIT {_PAGE}"
    place = first - 1
    while True:
        with connection.cursor() as cursor:
            cursor.execute(query, [place])
            page = cursor.fetchall()
        for sequence, body, previous, digest, kind, stated, by, object_kind, object_key in page:
            yield Row(
                sequence=sequence if isinstance(sequence, int) else -1,
                body=body if isinstance(body, bytes) else bytes(body or b"") if not isinstance(body, str) else b"",
                previous=str(previous),
                digest=str(digest),
                columns=(kind, _stored_time(stated), by, object_kind, object_key),
            )
        if len(page) < _PAGE:
            return
        place = page[-1][0]


def verify(checkpoints: Any = None, *, office: PublicKey | None = None) -> ChainReport:
    """Return where the stored chain breaks, against the checkpoints in the folder unless others are given.

    `office` is the office's key that counts now, if it is not the one of this installation.
    """
    with snapshot():
        found = Head.objects.filter(id=1).first()
        if checkpoints is None:
            sealed = read_checkpoints(found.ledger if found else None, office=office)
            chain = renewals(office=office)
        else:
            sealed, chain = checkpoints, ()
        start, head = (found.ledger, (found.sequence, found.digest)) if found else ("0" * 64, (0, "0" * 64))
        report = verify_chain(rows(), start=start, head=head, checkpoints=sealed)
        others = _other_renewals(chain) if checkpoints is None else []
        return replace(report, problems=(*report.problems, *others))


def _other_renewals(chain: Sequence[KeyRenewal]) -> list[Problem]:
    """Return the events of renewals that no signed statement repeats: who writes the database alone renews no key.

    A statement without its event needs no look: as a checkpoint it knows the digest that the chain should have.
    """
    stated = {item.sequence: [item.role, item.old.hex, item.new.hex, item.at, item.lost_since] for item in chain}
    found = []
    for sequence, body in Event.objects.filter(kind=RENEWED).order_by("sequence").values_list("sequence", "body"):
        try:
            said = json.loads(bytes(body))
            data = said["data"]
            same = stated.get(sequence) == [data["role"], data["old"], data["new"], said["at"], data["lost_since"]]
        except (ValueError, KeyError, TypeError):
            same = False
        if not same:
            found.append(Problem(kind="renewal", sequence=sequence))
    return found


@contextmanager
def snapshot() -> Iterator[None]:
    """See the database as it stands now until the end, while others go on writing."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        # Ours begin as writers (settings); who only reads for a minute must not keep all others from writing.
        connection.ensure_connection()
        database: Any = connection
        usual, database.transaction_mode = database.transaction_mode, "DEFERRED"
        try:
            with transaction.atomic():
                yield
        finally:
            database.transaction_mode = usual
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def _stored_time(stated: Any) -> str:
    """Return a stored time as it stands in an event; SQLite keeps `2026-11-22 15:00:00`, with a fraction if any."""
    text = str(stated)
    if len(text) == _SQLITE_TIME and text[10] == " ":
        return f"{text[:10]}T{text[11:]}Z"
    if len(text) == _SQLITE_TIME - 7 and text[10] == " ":
        return f"{text[:10]}T{text[11:]}.000000Z"
    return text


def time_text(at: Any) -> str:
    """Return a time as it stands in an event: UTC, to the microsecond."""
    return str(at.astimezone(timezone.get_fixed_timezone(0)).strftime("%Y-%m-%dT%H:%M:%S.%fZ"))


def _head() -> Head:
    heads = Head.objects.select_for_update() if connection.features.has_select_for_update else Head.objects
    head = heads.filter(id=1).first()
    if head is None:
        start = hashlib.sha256(secrets.token_bytes(32)).hexdigest()
        Head.objects.get_or_create(id=1, defaults={"digest": start, "ledger": start})
        head = heads.get(id=1)
    return head
