"""Bringing a register in: one act for each row, all of them or none."""

from __future__ import annotations

from django.db import transaction

from hakari.evidence import digest_bytes
from hakari.office.core.actions import Done, action
from hakari.office.core.models import FreeText
from hakari.office.people.access import access_of, require
from hakari.office.people.models import Person
from hakari.office.people.permissions import Permission
from hakari.office.registry.exchange.mapping import Mapped
from hakari.office.registry.exchange.reading import Sheet, kind_of, read_sheet
from hakari.office.registry.exchange.trial import Row, tried
from hakari.office.registry.models import Counter, ImportFile, UseCase
from hakari.office.registry.numbers import next_number
from hakari.office.registry.search import index_all
from hakari.office.registry.states import State

__all__ = ["export_register", "import_register", "import_use_case", "keep_import"]


@action("register.exported")
def export_register(rows: int, kind: str, *, by: Person) -> Done[int]:
    """Note that somebody takes a part of the register away.

    Raises:
        NotAllowedError: they may not.
    """
    require(by, Permission.EXPORT)
    return Done(rows, about=("register", "all"), data={"kind": kind, "rows": rows})


@action("register.uploaded")
def keep_import(content: bytes, name: str, *, by: Person) -> Done[ImportFile]:
    """Keep an uploaded register under its digest until it is imported.

    Raises:
        NotAllowedError, InputError: not theirs to import; not a register that can be read.
    """
    require(by, Permission.IMPORT)
    kind = kind_of(content)
    rows = len(read_sheet(content).rows)
    digest = digest_bytes(content)
    shown = "".join(char for char in name if char.isprintable())[-120:]
    values = {"content": content, "kind": kind, "name": shown}
    file, _ = ImportFile.objects.update_or_create(digest=digest, uploaded_by=by, defaults=values)
    return Done(file, about=("register", "all"), data={"digest": digest, "kind": kind, "rows": rows})


def import_register(sheet: Sheet, mapped: Mapped, *, by: Person) -> list[UseCase]:
    """Enter every row of a register that is neither wrong nor known already; in one transaction, one act for each.

    The same register brought in twice enters nothing the second time.

    Raises:
        NotAllowedError: not theirs to import.
    """
    require(by, Permission.IMPORT)
    with transaction.atomic():
        # Two imports wait for each other here, so that the second one finds what the first has entered.
        Counter.objects.get_or_create(name="import")
        Counter.objects.select_for_update().get(name="import")
        trial = tried(access_of(by), sheet, mapped)
        entered = [import_use_case(row, mapped.state, by=by) for row in trial.entering]
        for start in range(0, len(entered), 200):
            index_all(entered[start : start + 200])
    return entered


@action("use_case.imported")
def import_use_case(row: Row, state: str, *, by: Person) -> Done[UseCase]:
    """Enter one row of a register from elsewhere; its words are indexed by the caller, many at once.

    Raises:
        NotAllowedError: not theirs to import.
    """
    require(by, Permission.IMPORT)
    assert row.unit is not None
    use_case = UseCase.objects.create(
        number=next_number("UC"),
        former_number=row.former_number,
        title=row.title,
        purpose=row.purpose,
        unit=row.unit,
        reporter=by,
        owner=row.owner or by,
        state=State.NOTIFIED if state == State.NOTIFIED else State.DRAFT,
        moved_by=by.key if state == State.NOTIFIED else "",
    )
    data = {
        "number": use_case.number,
        "owner": use_case.owner.key,
        "state": str(use_case.state),
        "title": FreeText.keep(row.title).digest,
        "unit": row.unit.key,
    }
    return Done(use_case, about=("use_case", use_case.key), data=data)
