"""What a person sees and has filtered, as CSV or as a workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, Final

from django.utils import timezone

from hakari.office.core.forms import tell
from hakari.office.people.access import Access
from hakari.office.people.models import Person
from hakari.office.people.permissions import Permission
from hakari.office.registry.exchange.cells import defused
from hakari.office.registry.filters import Filters
from hakari.office.registry.models import UseCase
from hakari.office.registry.visibility import is_veiled, title_for

__all__ = ["COLUMNS", "as_csv", "as_workbook", "exported"]

COLUMNS: Final = (
    "number",
    "title",
    "purpose",
    "unit",
    "owner",
    "reporter",
    "state",
    "tier",
    "visibility",
    "changed",
    "former_number",
)


def exported(access: Access, filters: Filters, *, language: str) -> Iterator[list[str]]:
    """Yield the rows that leave: the headings, then each use case that is seen, asked for, and may be exported."""
    yield [tell(f"office.registry.field.{name}") for name in COLUMNS]
    found = filters.apply(access).filter(unit__in=access.units(Permission.EXPORT))
    cases = filters.ordered(access, found).select_related("unit", "owner", "reporter")
    for case in cases.iterator(chunk_size=1_000):
        yield [defused(text) for text in _row(access, case, language)]


def as_csv(rows: Iterator[list[str]]) -> bytes:
    """Return rows as CSV in UTF-8 with the mark by which Excel recognises it."""
    target = io.StringIO(newline="")
    csv.writer(target).writerows(rows)
    return target.getvalue().encode("utf-8-sig")


def as_workbook(rows: Iterator[list[str]]) -> bytes:
    """Return rows as an Excel workbook of texts."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Hakari")
    sheet.freeze_panes = "A2"
    for row in rows:
        cells = [WriteOnlyCell(sheet, value=text[:32_000]) for text in row]
        for cell in cells:
            cell.data_type = "s"
        sheet.append(cells)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _row(access: Access, case: UseCase, language: str) -> list[str]:
    hidden = is_veiled(access, case)
    return [
        case.number,
        title_for(access, case),
        "" if hidden else case.purpose,
        case.unit.names[language],
        _name(case.owner),
        _name(case.reporter),
        tell(f"office.state.{case.state}"),
        _tier(case),
        tell(f"office.registry.visibility.{case.visibility}"),
        timezone.localtime(case.changed_at).date().isoformat(),
        case.former_number,
    ]


def _name(person: Person) -> str:
    return tell("office.registry.erased") if person.erased_at else person.name


def _tier(case: UseCase) -> Any:
    if case.lowest == case.highest:
        return tell(f"office.level.{case.highest or 'none'}")
    low, high = tell(f"office.level.{case.lowest}"), tell(f"office.level.{case.highest}")
    return tell("office.level.range", low=low, high=high)
