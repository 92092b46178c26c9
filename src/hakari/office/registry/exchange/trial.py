"""The dry run of an import: what would become of each row, and what stands in the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from hakari.messages import Message, say
from hakari.office.people.access import Access
from hakari.office.people.models import Person, Unit
from hakari.office.registry.exchange.mapping import Mapped
from hakari.office.registry.exchange.reading import Sheet
from hakari.office.registry.models import UseCase
from hakari.office.registry.search import SIMILAR, grams, normal, share
from hakari.office.registry.visibility import is_veiled, visible

__all__ = ["Row", "Trial", "tried"]

_ASKED: Final = 6
"""Rarest pairs of a title by which similar ones are looked for."""
_MOST: Final = 300
"""Registered titles that one pair may name; commoner pairs are not looked up."""
_VERY: Final = max(SIMILAR, 0.7)
"""Between two whole titles more must be shared than with what somebody is still typing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row as it would be entered."""

    line: int
    """Its place in the file: 2 for the first below the headings."""
    title: str
    purpose: str
    former_number: str
    unit: Unit | None
    owner: Person | None
    problems: tuple[Message, ...]
    """Why it cannot be entered."""
    known: str
    """`registered` or `twice` where it is a duplicate, which is left out; else empty."""
    notes: tuple[Message, ...]
    similar: tuple[str, ...]
    """Numbers of similar use cases that the reader sees."""
    alike: bool
    """Whether there is a similar one at all."""
    enters: bool
    """Whether the import enters it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The dry run of a whole file."""

    rows: tuple[Row, ...]

    @property
    def entering(self) -> tuple[Row, ...]:
        """The rows that would be entered."""
        return tuple(row for row in self.rows if row.enters)

    def count(self, what: str) -> int:
        """Return how many rows have problems, are duplicates, or are similar to others."""
        return sum(bool(getattr(row, what)) for row in self.rows)


def tried(access: Access, sheet: Sheet, mapped: Mapped) -> Trial:
    """Return what an import would do, with a constant number of queries."""
    register = _Register(access, mapped)
    return Trial(rows=tuple(register.row(number, cells) for number, cells in enumerate(sheet.rows, start=2)))


class _Register:
    """What is registered already, in the form in which rows are compared with it."""

    def __init__(self, access: Access, mapped: Mapped) -> None:
        self.mapped = mapped
        self.units = {normal(name): unit for unit in Unit.objects.all() for name in unit.names.values()}
        self.default = next((unit for unit in self.units.values() if unit.key == mapped.unit), None)
        people = list(Person.objects.filter(is_active=True, erased_at=None))
        self.people = {normal(person.email): person for person in people}
        names = Counter(normal(person.name) for person in people)
        self.people |= {normal(person.name): person for person in people if names[normal(person.name)] == 1}
        stored = UseCase.objects.values_list("number", "former_number", "title", "unit_id").order_by("pk")
        self.titles: list[tuple[str, str]] = [(number, title) for number, _, title, _ in stored]
        self.numbers = {normal(name) for number, former, _, _ in stored for name in (number, former) if name}
        self.entered = {(normal(title), unit) for _, _, title, unit in stored}
        seen = visible(access).select_related("unit")
        self.seen = {case.number for case in seen.iterator(chunk_size=2_000) if not is_veiled(access, case)}
        self.places: dict[str, list[int]] = {}
        for place, (_, title) in enumerate(self.titles):
            for gram in grams(title):
                self.places.setdefault(gram, []).append(place)
        self.twice: set[object] = set()

    def row(self, line: int, cells: tuple[str, ...]) -> Row:
        """Return one row with all that is to be said of it."""
        title = " ".join(self.mapped.cell(cells, "title").split())
        former = " ".join(self.mapped.cell(cells, "former_number").split())
        unit, owner, notes = self._unit(cells), self._owner(cells), []
        problems = list(_problems(title, former, unit))
        if owner is None and self.mapped.cell(cells, "owner"):
            notes.append(say("office.registry.import.no_owner", name=self.mapped.cell(cells, "owner")[:80]))
        known = "" if problems else self._known(title, former, unit)
        alike = [] if problems or known else self._alike(title)
        return Row(
            line=line,
            title=title,
            purpose=self.mapped.cell(cells, "purpose"),
            former_number=former,
            unit=unit,
            owner=owner,
            problems=tuple(problems),
            known=known,
            notes=tuple(notes),
            similar=tuple(number for number in alike if number in self.seen)[:3],
            alike=bool(alike),
            enters=not (problems or known or (alike and self.mapped.skip_similar)),
        )

    def _unit(self, cells: tuple[str, ...]) -> Unit | None:
        said = self.mapped.cell(cells, "unit")
        return self.units.get(normal(said)) if said else self.default

    def _owner(self, cells: tuple[str, ...]) -> Person | None:
        return self.people.get(normal(self.mapped.cell(cells, "owner")))

    def _known(self, title: str, former: str, unit: Unit | None) -> str:
        named = (normal(title), unit.pk if unit else None)
        if (former and normal(former) in self.numbers) or named in self.entered:
            return "registered"
        mine = {("number", normal(former))} if former else set()
        if {*mine, named} & self.twice:
            return "twice"
        self.twice |= {*mine, named}
        return ""

    def _alike(self, title: str) -> list[str]:
        own = grams(title)
        asked = sorted((gram for gram in own if gram in self.places), key=lambda gram: len(self.places[gram]))
        near = {place for gram in asked[:_ASKED] if len(self.places[gram]) <= _MOST for place in self.places[gram]}
        ranked = sorted((share(own, grams(self.titles[place][1])), self.titles[place][0]) for place in near)
        return [number for likeness, number in reversed(ranked) if likeness >= _VERY]


def _problems(title: str, former: str, unit: Unit | None) -> Iterable[Message]:
    if not title:
        yield say("office.registry.empty", field=say("office.registry.field.title"))
    if len(title) > 200:
        yield say("office.registry.too_long", field=say("office.registry.field.title"), most=200)
    if len(former) > 60:
        yield say("office.registry.too_long", field=say("office.registry.field.former_number"), most=60)
    if unit is None:
        yield say("office.registry.import.no_unit")
