"""A pack from an Excel workbook: the same rules as for YAML, and every fault with its sheet and cell."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

from hakari.errors import InputError, PackError
from hakari.messages import Message, say
from hakari.packs._nodes import ListNode, MapNode, Node, ScalarNode
from hakari.packs._rules import check_pack
from hakari.packs.authoring._cells import CellPlaces, CellReader
from hakari.packs.authoring._plain import node_of, pack_files_of
from hakari.packs.authoring.grid import Cell, Row, Sheet, read_grid
from hakari.packs.authoring.layout import (
    FREE_SHEETS,
    READ_ME,
    SENTENCE,
    SHEETS,
    SHELF,
    TRIAGE,
    Column,
    Table,
    headings_of,
)
from hakari.packs.authoring.sentence import merge_sentences, read_sentence
from hakari.packs.authoring.shelf import Refusal, shelf_headings, take_from_shelf
from hakari.packs.catalogue import Catalogue, unknown_measures
from hakari.packs.loader import read_pack
from hakari.packs.model import Pack, Requirement

__all__ = ["Imported", "import_workbook"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What a workbook holds."""

    pack: Pack
    files: Mapping[str, bytes]
    """The pack's YAML files."""
    adopted: int = 0
    """Requirements taken from the shelf."""
    refused: tuple[Refusal, ...] | None = None
    """What the shelf offers and the company does not want, with the reasons; None without a shelf."""


def import_workbook(
    path: Path, *, shown: str | None = None, catalogue: Catalogue | None = None, shelf: bool = True
) -> Imported:
    """Return the pack in a workbook; choices on the shelf become requirements unless `shelf` is False.

    Raises:
        InputError: no such file, not a workbook, too large.
        PackError: the first fault, with sheet and cell.
    """
    name = shown or path.name
    return _Book(read_grid(path, shown=name), name).result(catalogue, shelf=shelf)


class _Book:
    def __init__(self, grid: dict[str, Sheet], shown: str) -> None:
        self.grid = grid
        self.shown = shown
        self.places = CellPlaces()
        self.languages: tuple[str, ...] = ()
        self.nodes: dict[tuple[str, tuple[str, ...]], MapNode] = {}
        """The mapping of each record that others hang on, by sheet and names."""

    def result(self, catalogue: Catalogue | None, *, shelf: bool) -> Imported:
        """Read everything as one tree, as if it were YAML, and judge it by the same rules."""
        self.known_sheets()
        root = self.header()
        for table in SHEETS[1:]:
            self.table(table, root)
        adopted = 0
        refused: tuple[Refusal, ...] | None = None
        if shelf and SHELF in self.grid:
            rows = self.rows(self.grid[SHELF], shelf_headings(self.languages), ["requirement", "decision"])
            adopted, refused = take_from_shelf(rows, root, self.languages, self.places)
        pack = self.built(root)
        if catalogue is not None:
            for problem in unknown_measures(pack, catalogue, self.places):
                raise PackError(problem)
        triage = self.triage(pack)
        files = pack_files_of(pack, triage)
        written = read_pack(files, name=self.shown)
        assert replace(written, digest="") == pack, "the YAML that was written says something else"
        return Imported(pack=written, files=files, adopted=adopted, refused=refused)

    def known_sheets(self) -> None:
        names = [table.sheet for table in SHEETS] + [READ_ME, SHELF, TRIAGE]
        for name in self.grid:
            if name not in names and not name.startswith(FREE_SHEETS):
                near = get_close_matches(name, names, n=1, cutoff=0.5) or names
                raise PackError(
                    say(
                        "packs.at", place=f"{name}!A1", problem=say("authoring.sheet.unknown", sheet=name, nearest=near)
                    )
                )
        for needed in ("Pack", "Principles"):
            if needed not in self.grid:
                raise InputError(say("authoring.sheet.missing", file=self.shown, sheet=needed, sheets=list(self.grid)))

    def header(self) -> MapNode:
        """Return the pack's own fields, with an empty list for each of its tables."""
        row = self.vertical(self.grid["Pack"])
        root = self.record(SHEETS[0], row)
        self.nodes["Pack", ()] = root
        root.entries["requirements"] = (root.line, ListNode(root.line))
        return root

    def vertical(self, sheet: Sheet) -> Row:
        cells: dict[str, Cell] = {}
        known: list[str] = []
        rows = list(sheet.rows.values())
        for row in rows[1:]:
            key, value = row.get("A"), row.get("B")
            extra = next((cell for letter, cell in row.items() if letter not in ("A", "B")), None)
            if key is None or extra is not None:
                odd = extra or value
                assert odd is not None
                self.refuse(odd.place, say("authoring.cell.homeless", text=odd.text[:60]))
            name = _name(key)
            if name in known:
                self.refuse(key.place, say("authoring.heading.twice", heading=name))
            known.append(name)
            cells[name] = value or Cell("", key.place.replace("!A", "!B"))
        self.languages = tuple(self.items(cells["languages"])) if "languages" in cells else ()
        if not self.languages:
            place = cells["languages"].place if "languages" in cells else "Pack!A1"
            self.refuse(place, say("packs.key.missing", keys=["languages"]))
        headings = headings_of(SHEETS[0], self.languages)
        for row in rows[1:]:
            if _name(row["A"]) not in headings:
                self.unknown_heading(row["A"], headings)
        return Row("Pack!A1", cells)

    def table(self, table: Table, root: MapNode) -> None:
        sheet = self.grid.get(table.sheet)
        if sheet is None:
            return
        allowed = headings_of(table, self.languages)
        needed = [name for column in table.columns if column.needed for name in self.spread(column)]
        if table.record is Requirement:
            needed.remove("version")
        for row in self.rows(sheet, allowed, [*table.links, *needed]):
            self.put(table, row, self.record(table, row), root)

    def spread(self, column: Column) -> list[str]:
        return [f"{column.key} [{each}]" for each in self.languages] if column.kind == "text" else [column.key]

    def rows(self, sheet: Sheet, allowed: Sequence[str] = (), needed: Sequence[str] = ()) -> list[Row]:
        """Return the rows below the heading; every cell must stand below one."""
        numbers = list(sheet.rows)
        if not numbers:
            return []
        headings: dict[str, str] = {}
        for letter, cell in sheet.rows[numbers[0]].items():
            name = _name(cell)
            if allowed and name not in allowed:
                self.unknown_heading(cell, allowed)
            if name in headings.values():
                self.refuse(cell.place, say("authoring.heading.twice", heading=name))
            headings[letter] = name
        missing = [name for name in needed if name not in headings.values()]
        if missing:
            self.refuse(f"{sheet.name}!A{numbers[0]}", say("authoring.heading.missing", headings=missing))
        return [self.row(sheet, number, headings) for number in numbers[1:]]

    def row(self, sheet: Sheet, number: int, headings: Mapping[str, str]) -> Row:
        cells = {}
        for letter, cell in sheet.rows[number].items():
            if letter not in headings:
                self.refuse(cell.place, say("authoring.cell.homeless", text=cell.text[:60]))
            cells[headings[letter]] = cell
        for letter, name in headings.items():
            # An empty cell has a place too: a fault in it is told there.
            cells.setdefault(name, Cell("", f"{sheet.name}!{letter}{number}"))
        return Row(f"{sheet.name}!A{number}", cells)

    def unknown_heading(self, cell: Cell, allowed: Sequence[str]) -> NoReturn:
        name = _name(cell)
        near = get_close_matches(name, allowed, n=1, cutoff=0.5) or list(allowed)
        self.refuse(cell.place, say("authoring.heading.unknown", heading=name[:60], nearest=near))

    def put(self, table: Table, row: Row, node: MapNode, root: MapNode) -> None:
        """Hang a record on its parent."""
        names = tuple(self.link(row, name) for name in table.links)
        parent = root if table.parent == "Pack" else self.parent(table, row, names)
        _, items = parent.entries.setdefault(table.field, (node.line, ListNode(node.line)))
        assert isinstance(items, ListNode)
        items.items.append(node)
        own = node.entries.get("urn" if table.record is Requirement else "id")
        if own is not None and isinstance(own[1], ScalarNode):
            name = own[1].text.rsplit(":", 1)[-1] if table.record is Requirement else own[1].text
            # Of two with the same name the rules tell; what hangs on the name goes to the first.
            self.nodes.setdefault((table.sheet, (*names, name)), node)

    def parent(self, table: Table, row: Row, names: tuple[str, ...]) -> MapNode:
        found = self.nodes.get((table.parent, names))
        if found is None:
            depth = len(names)
            siblings = [
                key[-1]
                for sheet, key in self.nodes
                if sheet == table.parent and key[:-1] == names[:-1] and len(key) == depth
            ]
            near = get_close_matches(names[-1], siblings, n=3) or siblings or "–"
            problem = say(
                "authoring.link.unknown", key=table.links[-1], value=names[-1][:60], sheet=table.parent, nearest=near
            )
            self.refuse(row.cells[table.links[-1]].place, problem)
        return found

    def link(self, row: Row, name: str) -> str:
        cell = row.cells[name]
        if not cell.text.strip():
            self.refuse(cell.place, say("packs.key.missing", keys=[name]))
        return cell.text.strip().rsplit(":", 1)[-1]

    def record(self, table: Table, row: Row) -> MapNode:
        """Return a row as the mapping that YAML would have held."""
        node = MapNode(self.places.number(row.place))
        if table.record is None:
            return self.text(row, "text")
        if table.record is Requirement:
            self.complete(row)
        for column in table.columns:
            if column.key == SENTENCE:
                node.entries |= self.sentences(row)
            elif (value := self.value(row, column)) is not None:
                at, *rest = reversed(column.path)
                into = node
                for name in reversed(rest):
                    _, below = into.entries.setdefault(name, (value.line, MapNode(value.line)))
                    assert isinstance(below, MapNode)
                    into = below
                into.entries[at] = (value.line, value)
        return node

    def complete(self, row: Row) -> None:
        """Give a requirement that was written by hand its version, and its full name."""
        version = row.cells.get("version")
        if version is None or not version.text.strip():
            row.cells["version"] = Cell("1", version.place if version else row.place)
        urn = row.cells["urn"]
        if urn.text.strip() and ":" not in urn.text:
            own = self.nodes["Pack", ()].entries.get("urn")
            pack = own[1].text if own and isinstance(own[1], ScalarNode) else ""
            row.cells["urn"] = Cell(f"{pack.replace(':pack:', ':requirement:', 1)}:{urn.text.strip()}", urn.place)

    def value(self, row: Row, column: Column) -> Node | None:
        """Return the node of a column; None if its cells are empty."""
        if column.kind == "text":
            node = self.text(row, column.key)
            return node if node.entries or column.needed else None
        cell = row.cells.get(column.key)
        if cell is None or not cell.text.strip():
            if column.needed:
                self.refuse(cell.place if cell else row.place, say("packs.key.missing", keys=[column.key]))
            return None
        line = self.places.number(cell.place)
        if column.kind == "list":
            return ListNode(line, [ScalarNode(line, item, False) for item in self.items(cell)])
        if column.kind == "json":
            return node_of(self.json(cell), line)
        text = cell.text if column.kind == "free" else cell.text.strip()
        return ScalarNode(line, text.lower() if column.choices == ("true", "false") else text, False)

    def text(self, row: Row, key: str) -> MapNode:
        cells = {language: row.cells.get(f"{key} [{language}]") for language in self.languages}
        place = next((cell.place for cell in cells.values() if cell and not cell.text.strip()), None)
        first = next((cell.place for cell in cells.values() if cell), row.place)
        node = MapNode(self.places.number(place or first))
        for language, cell in cells.items():
            if cell is not None and cell.text.strip():
                line = self.places.number(cell.place)
                node.entries[language] = (line, ScalarNode(line, cell.text, False))
        return node

    def sentences(self, row: Row) -> dict[str, tuple[int, Node]]:
        """Return the fields that the sentences of a check state."""
        parts: dict[str, Mapping[str, Any]] = {}
        for language in self.languages:
            cell = row.cells[f"{SENTENCE} [{language}]"]
            try:
                if not cell.text.strip():
                    raise PackError(say("packs.key.missing", keys=[f"{SENTENCE} [{language}]"]))
                parts[language] = read_sentence(cell.text, language)
                found = merge_sentences(parts)
            except PackError as error:
                self.refuse(cell.place, error.message)
            line = self.places.number(cell.place)
        for key in found:
            own = row.cells.get(key) or row.cells.get(f"{key} [{self.languages[0]}]")
            if own is not None and own.text.strip():
                self.refuse(own.place, say("authoring.sentence.column", key=key))
        return {key: (line, node_of(value, line)) for key, value in found.items()}

    def items(self, cell: Cell) -> list[str]:
        """Return the items of a cell: separated by commas, or a JSON list where an item holds one."""
        if cell.text.lstrip().startswith("["):
            found = self.json(cell)
            return [item if isinstance(item, str) else json.dumps(item) for item in found]
        return [item.strip() for item in cell.text.replace("、", ",").replace("，", ",").split(",") if item.strip()]

    def json(self, cell: Cell) -> Any:
        def refused(_: str) -> NoReturn:
            raise ValueError

        try:
            return json.loads(cell.text, parse_constant=refused)
        except (ValueError, RecursionError):
            self.refuse(cell.place, say("authoring.cell.json", text=cell.text[:60]))

    def built(self, root: MapNode) -> Pack:
        """Return the pack: the same steps as for YAML."""
        _, requirements = root.entries.pop("requirements")
        reader = CellReader(self.places, self.languages)
        header: dict[str, Any] = reader.arguments(Pack, root, without=("digest", "requirements"))
        found: tuple[Requirement, ...] = reader.value(tuple[Requirement, ...], requirements, "requirements")
        order = {group.id: place for place, group in enumerate(header["groups"])}
        ordered = sorted(found, key=lambda item: order.get(item.group, len(order)))
        pack = Pack(**header, requirements=tuple(ordered), digest="")
        self.places.put(pack, "", root)
        check_pack(pack, self.places)
        return pack

    def triage(self, pack: Pack) -> bytes | None:
        from hakari.packs.triage import read_triage

        sheet = self.grid.get(TRIAGE)
        if sheet is None or len(sheet.rows) < 2:
            return None
        first, last = min(sheet.rows), max(sheet.rows)
        for row in sheet.rows.values():
            for letter, cell in row.items():
                if letter != "A":
                    self.refuse(cell.place, say("authoring.cell.homeless", text=cell.text[:60]))
        texts = [sheet.rows.get(number, {}).get("A") for number in range(first + 1, last + 1)]
        content = "\n".join(cell.text if cell else "" for cell in texts) + "\n"
        try:
            read_triage(content.encode(), pack, file=TRIAGE)
        except PackError as error:
            self.refuse_line(error, first)
        return content.encode()

    def refuse_line(self, error: PackError, heading: int) -> NoReturn:
        """Tell a fault of the triage sheet with its cell instead of its line."""
        message = error.message
        assert isinstance(message, Message)
        sheet, _, line = str(message.arguments.get("place", "")).partition(":")
        if sheet == TRIAGE and line.isdigit():
            self.refuse(f"{TRIAGE}!A{int(line) + heading}", message.arguments["problem"])
        self.refuse(f"{TRIAGE}!A1", message)

    def refuse(self, place: str, problem: object) -> NoReturn:
        raise PackError(say("packs.at", place=place, problem=problem))


def _name(cell: Cell) -> str:
    """Return a heading without its explanation."""
    return " ".join(cell.text.strip().split("\n")[0].split())
