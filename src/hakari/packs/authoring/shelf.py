"""The shelf: every requirement of the shipped packs, to be adopted, tightened, retold or refused with a reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, NoReturn

from hakari.errors import PackError
from hakari.messages import LANGUAGES, Language, render, say
from hakari.packs._changes import is_looser
from hakari.packs._nodes import ListNode, MapNode, ScalarNode
from hakari.packs.applicability import facts_used
from hakari.packs.authoring._cells import CellPlaces
from hakari.packs.authoring._plain import node_of, plain_record
from hakari.packs.authoring.gaps import in_all
from hakari.packs.authoring.grid import Dropdown, Row, Written
from hakari.packs.authoring.layout import SHELF, headings_told
from hakari.packs.model import Check, Mapping_, Pack, Requirement, SourceReference, Text
from hakari.packs.overview import coverage

__all__ = ["DECISIONS", "Refusal", "ShelfItem", "shelf_headings", "shelf_items", "shelf_sheet", "take_from_shelf"]

DECISIONS: Mapping[str, tuple[str, ...]] = {
    "adopt": ("adopt", "採用"),
    "stricter": ("adopt stricter", "stricter", "厳しくして採用"),
    "own_words": ("own words", "自社の言葉で採用"),
    "not_for_us": ("not for us", "対象外"),
}
_ADOPTED = ("equal", "superset")
"""Relations of a requirement that was taken from the shelf."""
_CHOSEN = ("threshold", "margin", "max_age_days")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfItem:
    """One requirement on the shelf."""

    pack: Pack
    requirement: Requirement
    way: str
    """What answers it: measured, asked, mapped_measured, mapped, planned or nothing."""

    @property
    def reference(self) -> str:
        """`name@version:slug`, as mappings name it."""
        return f"{self.pack.reference}:{self.requirement.slug}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A requirement of the shelf that the company does not want, and why."""

    reference: str
    because: Text


def shelf_items(packs: Sequence[Pack] | None = None) -> tuple[ShelfItem, ...]:
    """Return every requirement of `packs` (the usual version of every shipped pack), what asks most first."""
    from hakari.packs.loader import list_packs

    known = list_packs(versions=False) if packs is None else tuple(packs)
    ordered = sorted(known, key=lambda pack: (pack.authority != "sample", pack.name != "ai-ethics-core", pack.name))
    return tuple(
        ShelfItem(pack=pack, requirement=requirement, way=way)
        for pack in ordered
        for requirement, way in coverage(known, pack)
    )


def shelf_sheet(
    pack: Pack, *, language: Language, refused: Iterable[Refusal] = (), items: Sequence[ShelfItem] | None = None
) -> Written:
    """Return the sheet on which a company chooses for `pack` what it takes from the shelf."""
    names = shelf_headings(pack.languages)
    against = {refusal.reference: refusal for refusal in refused}
    taken = {
        mapping.to: item.slug for item in pack.requirements for mapping in item.mappings if mapping.relation in _ADOPTED
    }
    rows: list[Sequence[str | float | None]] = [headings_told(names, language)]
    for item in shelf_items() if items is None else items:
        values = {**_shown(item, language), "already": taken.get(item.reference)}
        refusal = against.get(item.reference)
        if refusal is not None:
            values |= {"decision": DECISIONS["not_for_us"][0]}
            values |= {f"because [{each}]": text for each, text in refusal.because.items()}
        rows.append([values.get(name) for name in names])
    decisions = tuple(words[language == "ja" and -1] for words in DECISIONS.values())
    return Written(
        SHELF, rows,
        (
            Dropdown(names.index("decision") + 1, decisions),
            Dropdown(names.index("principle") + 1, cells="Principles!$A$2:$A$200"),
        ),
    )  # fmt: skip


def shelf_headings(languages: Collection[str]) -> list[str]:
    """Return the headings of the shelf: what is told, and what is to be filled in."""
    spoken = [[f"{name} [{each}]" for each in languages] for name in ("because", "set_by", "own_title", "own_text")]
    told = ["requirement", *(f"title [{each}]" for each in LANGUAGES), "stages", "answered_by", "already"]
    return [*told, "decision", "principle", *spoken[0], "check", *_CHOSEN, *spoken[1], *spoken[2], *spoken[3]]


def _shown(item: ShelfItem, language: Language) -> dict[str, str]:
    titles = {f"title [{each}]": item.requirement.title.get(each, "") for each in LANGUAGES}
    stages = render(
        say("authoring.list", items=[say(f"reasons.stage.{stage}") for stage in item.requirement.stages]), language
    )
    way = render(say(f"authoring.way.{item.way}"), language)
    return {"requirement": item.reference, **titles, "stages": stages, "answered_by": way}


def take_from_shelf(
    rows: Iterable[Row], root: MapNode, languages: tuple[str, ...], places: CellPlaces
) -> tuple[int, tuple[Refusal, ...]]:
    """Hang what the rows adopt on `root`, a pack in the making; return how many, and what they refuse.

    Raises:
        PackError: a decision that cannot be followed, with its cell.
    """
    taker = _Taker(root, languages, places)
    refused = tuple(found for row in rows if (found := taker.take(row)) is not None)
    return taker.adopted, refused


class _Taker:
    def __init__(self, root: MapNode, languages: tuple[str, ...], places: CellPlaces) -> None:
        self.root, self.languages, self.places = root, languages, places
        self.items = {item.reference: item for item in shelf_items()}
        self.adopted = 0
        self.taken = dict(_taken(root))
        """What the pack already has from the shelf: library reference → own requirement."""

    def take(self, row: Row) -> Refusal | None:
        """Follow one row; return the refusal if it is one."""
        written = self.cell(row, "decision")
        if not written:
            for name in (*_CHOSEN, "principle", "check"):
                if self.cell(row, name):
                    self.refuse(row, "decision", say("authoring.shelf.undecided", key=name, allowed=_words()))
            return None
        decision = next((key for key, words in DECISIONS.items() if written.lower() in words), None)
        if decision is None:
            near = get_close_matches(written.lower(), _words(), n=1, cutoff=0.6) or _words()
            self.refuse(
                row, "decision", say("packs.value.not_allowed", key="decision", value=written[:60], allowed=near)
            )
        item = self.item(row)
        because = self.texts(row, "because")
        if decision in ("not_for_us", "stricter") and not because:
            self.refuse(row, f"because [{self.languages[0]}]", say("authoring.shelf.because"))
        if decision == "not_for_us":
            return Refusal(reference=item.reference, because=in_all(because, self.languages))
        self.adopt(row, item, decision, because)
        return None

    def item(self, row: Row) -> ShelfItem:
        reference = self.cell(row, "requirement")
        item = self.items.get(reference)
        if item is None:
            near = get_close_matches(reference, self.items, n=3) or "–"
            self.refuse(
                row, "requirement", say("authoring.shelf.unknown", reference=reference[:60] or "–", nearest=near)
            )
        slug = self.taken.get(item.reference)
        if slug is not None:
            self.refuse(row, "decision", say("authoring.shelf.already", reference=item.reference, slug=slug))
        return item

    def adopt(self, row: Row, item: ShelfItem, decision: str, because: Mapping[str, str]) -> None:
        line = self.places.number(row.cells["decision"].place)
        requirement = self.requirement(row, item, decision, because)
        self.taken[item.reference] = requirement.slug
        node = node_of(plain_record(requirement), line)
        assert isinstance(node, MapNode)
        group = row.cells["principle"]
        at = self.places.number(group.place)
        node.entries["group"] = (at, ScalarNode(at, group.text.strip(), False))
        self.into("requirements", node)
        self.declare(item, line)
        self.adopted += 1

    def requirement(self, row: Row, item: ShelfItem, decision: str, because: Mapping[str, str]) -> Requirement:
        """Return the adopted requirement: told and placed here, answered there."""
        base = item.requirement
        if not self.cell(row, "principle"):
            self.refuse(row, "principle", say("authoring.shelf.principle"))
        own = {name: self.texts(row, f"own_{name}") for name in ("title", "text")}
        if decision == "own_words" and not (own["title"] or own["text"]):
            self.refuse(row, f"own_title [{self.languages[0]}]", say("authoring.shelf.own_words"))
        name, prefix = self.pack_name()
        checks = self.checks(row, item, because) if decision == "stricter" else ()
        age = self.age(row, item) if decision == "stricter" else None
        if decision == "stricter" and not checks and age is None:
            self.refuse(row, "threshold", say("authoring.shelf.nothing_stricter"))
        told = _told(f"authoring.rationale.{decision}", title=dict(base.title))
        mapping = Mapping_(
            to=item.reference,
            relation="superset" if decision == "stricter" else "equal",
            rationale=in_all(told, self.languages),
        )
        return replace(
            base,
            urn=f"{prefix}:{name}-{base.slug}",
            version=1,
            title=in_all(own["title"] or base.title, self.languages),
            text=in_all(own["text"] or base.text, self.languages),
            unverified=None if base.unverified is None else in_all(base.unverified, self.languages),
            sources=(SourceReference(id=item.pack.name, section=in_all(base.title, self.languages)),),
            evidence=base.evidence if age is None else replace(base.evidence, max_age_days=age),
            questions=(),
            checks=checks,
            mappings=(mapping,),
        )

    def checks(self, row: Row, item: ShelfItem, because: Mapping[str, str]) -> tuple[Check, ...]:
        """Return the check with the stricter line, if there is one."""
        changes: dict[str, Any] = {
            name: self.number(row, name) for name in ("threshold", "margin") if self.cell(row, name)
        }
        if not changes:
            return ()
        names = [check.id for check in item.requirement.checks]
        wanted = self.cell(row, "check") or (names[0] if len(names) == 1 else "")
        if wanted not in names:
            known = names or "–"
            self.refuse(row, "check", say("authoring.shelf.check", check=wanted[:60] or "–", known=known))
        base = item.requirement.checks[names.index(wanted)]
        for name, value in changes.items():
            if is_looser(name, getattr(base, name), value, base.operator):
                self.refuse(row, name, say("authoring.shelf.looser", key=name, before=getattr(base, name), after=value))
        if all(getattr(base, name) == value for name, value in changes.items()):
            self.refuse(row, "threshold", say("authoring.shelf.nothing_stricter"))
        set_by = self.texts(row, "set_by")
        if not set_by:
            self.refuse(row, f"set_by [{self.languages[0]}]", say("authoring.shelf.set_by"))
        stricter = replace(
            base,
            **changes,
            set_by=in_all(set_by, self.languages),
            why=in_all(because, self.languages),
            source=in_all(_told("authoring.rationale.line", check=base.id, reference=item.reference), self.languages),
            alternatives=(),
            confirmed=False,
        )
        return (stricter,)

    def age(self, row: Row, item: ShelfItem) -> int | None:
        if not self.cell(row, "max_age_days"):
            return None
        value, before = self.number(row, "max_age_days"), item.requirement.evidence.max_age_days
        if value >= before or value != int(value):
            self.refuse(
                row, "max_age_days", say("authoring.shelf.looser", key="max_age_days", before=before, after=value)
            )
        return int(value)

    def declare(self, item: ShelfItem, line: int) -> None:
        """Declare the facts that the requirement reads, and the pack that it comes from, unless they are declared."""
        used = facts_used(item.requirement)
        for fact in item.pack.facts:
            if fact.id in used and fact.id not in self.names("facts"):
                self.into("facts", node_of(_in_languages(plain_record(fact), self.languages), line))
        if item.pack.name not in self.names("sources"):
            source = {"id": item.pack.name, "title": in_all(item.pack.title, self.languages)}
            self.into("sources", node_of(source, line))

    def names(self, field: str) -> set[str]:
        found = [item.entries.get("id") for item in _below(self.root, field)]
        return {entry[1].text for entry in found if entry is not None and isinstance(entry[1], ScalarNode)}

    def into(self, field: str, node: Any) -> None:
        _, items = self.root.entries.setdefault(field, (node.line, ListNode(node.line)))
        assert isinstance(items, ListNode)
        items.items.append(node)

    def pack_name(self) -> tuple[str, str]:
        _, urn = self.root.entries["urn"]
        assert isinstance(urn, ScalarNode)
        return urn.text.rsplit(":", 1)[-1], urn.text.replace(":pack:", ":requirement:", 1)

    def texts(self, row: Row, name: str) -> dict[str, str]:
        found = {language: self.cell(row, f"{name} [{language}]") for language in self.languages}
        return {language: text for language, text in found.items() if text}

    def number(self, row: Row, name: str) -> float:
        text = self.cell(row, name)
        try:
            return float(text)
        except ValueError:
            self.refuse(row, name, say("packs.value.type.number", key=name, value=text[:60]))

    def cell(self, row: Row, name: str) -> str:
        cell = row.cells.get(name)
        return "" if cell is None else cell.text.strip()

    def refuse(self, row: Row, name: str, problem: object) -> NoReturn:
        place = row.cells[name].place if name in row.cells else row.place
        raise PackError(say("packs.at", place=place, problem=problem))


def _taken(root: MapNode) -> Iterator[tuple[str, str]]:
    for requirement in _below(root, "requirements"):
        urn = requirement.entries.get("urn")
        for mapping in _below(requirement, "mappings"):
            told = {key: node.text for key, (_, node) in mapping.entries.items() if isinstance(node, ScalarNode)}
            if urn is not None and isinstance(urn[1], ScalarNode) and told.get("relation") in _ADOPTED:
                yield told.get("to", ""), urn[1].text.rsplit(":", 1)[-1]


def _below(node: MapNode, field: str) -> list[MapNode]:
    found = node.entries.get(field)
    items = found[1].items if found is not None and isinstance(found[1], ListNode) else []
    return [item for item in items if isinstance(item, MapNode)]


def _words() -> list[str]:
    return [words[0] for words in DECISIONS.values()]


def _told(key: str, **arguments: Any) -> dict[str, str]:
    return {language: render(say(key, **arguments), language) for language in LANGUAGES}


def _in_languages(value: Any, languages: Collection[str]) -> Any:
    """Return a plain record with its texts in these languages."""
    if isinstance(value, Mapping):
        if value and set(value) <= set(LANGUAGES) and all(isinstance(item, str) for item in value.values()):
            return in_all(value, languages)
        return {key: _in_languages(item, languages) for key, item in value.items()}
    return tuple(_in_languages(item, languages) for item in value) if isinstance(value, tuple) else value
