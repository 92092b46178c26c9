"""The log of all decisions made, laid beside what a store captured of them: one row per decision made."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hakari.capture.lines import Line
from hakari.capture.salt import commitment, inputs_match
from hakari.capture.verification import StoreCheck, verify_store
from hakari.errors import InputError
from hakari.messages import say

__all__ = ["COLUMNS", "Joined", "export"]

COLUMNS = (
    "captured",
    "has_reasons",
    "line_whole",
    "inputs_match",
    "seconds_late",
    "captured_at",
    "captured_times",
    "captured_model",
    "captured_score",
    "captured_decision",
    "line_digest",
    "store_faults",
    "store_failures",
)
"""What is added to every row of the log."""


@dataclass(frozen=True, slots=True)
class Joined:
    """What was written."""

    rows: int
    """Decisions made."""
    captured: int
    """Of these, with a line in the store."""
    not_made: int
    """Captured decisions that the log does not know."""
    check: StoreCheck
    """The store as it was found."""


@dataclass(slots=True)
class _Found:
    """What the store holds, by the decision's name; the first line counts, a later one may be an afterthought."""

    first: dict[str, Line] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)
    salts: set[str] = field(default_factory=set)

    def see(self, line: Line) -> None:
        fields = line.fields or {}
        name = fields.get("id")
        if fields.get("kind") == "opened":
            self.salts.add(str(fields.get("salt")))
        if fields.get("kind") != "decision" or not isinstance(name, str):
            return
        self.times[name] = self.times.get(name, 0) + 1
        known = self.first.get(name)
        if known is None or str(fields.get("at")) < str((known.fields or {}).get("at")):
            self.first[name] = line


def export(
    store: Path,
    target: Path,
    *,
    served: Path,
    id_column: str,
    decided_column: str | None = None,
    inputs: Sequence[str] | None = None,
    salt: bytes | None = None,
) -> Joined:
    """Write `served`, a CSV with one row per decision made, to `target` with the columns of `COLUMNS` added.

    `captured` and `has_reasons` are 0 or 1; `line_whole` is 0 where a fault of the store names the line, or its chain
    as written anew; `inputs_match` says whether the columns `inputs` of the log are those whose digest was stored
    (cells that look like numbers are numbers, empty ones are null); `seconds_late` is the time from the decision to
    its line. A cell is empty where there is nothing to say. The two columns of the store are the same in every row.
    Holds the store's decisions in memory.

    Args:
        store: Folder of the store.
        target: CSV to write; never overwritten.
        served: CSV in UTF-8 of all decisions made, from another source than the store.
        id_column: Its column with the name that was recorded.
        decided_column: Its column with the time of the decision (ISO 8601 with zone); else the one in the line.
        inputs: Its columns with the inputs; needs the salt.
        salt: Salt of the store.

    Raises:
        InputError: no store, no such column, a salt of another store, a name twice in the log, or an unreadable time.
    """
    found = _Found()
    check = verify_store(store, each=found.see)
    if inputs and (salt is None or commitment(salt) not in found.salts):
        raise InputError(say("capture.salt.other", path=str(store)))
    broken = {(fault.file, fault.row) for fault in check.faults if fault.kind in ("changed", "out_of_place")}
    anew = {fault.file for fault in check.faults if fault.kind == "rewritten"}
    ends = {"store_faults": len(check.changes), "store_failures": check.failures}
    seen: set[str] = set()
    rows = captured = 0
    with _written(target, served) as (header, log, write):
        for needed in (id_column, decided_column, *(inputs or ())):
            if needed is not None and needed not in header:
                raise InputError(say("capture.served.column", column=needed, path=str(served), columns=header))
        write([*header, *COLUMNS])
        for row in log:
            rows += 1
            name = row[id_column]
            if name in seen:
                raise InputError(say("capture.served.twice", id=name, path=str(served), row=rows))
            seen.add(name)
            line = found.first.get(name)
            captured += line is not None
            told: dict[str, Any] = {"captured": int(line is not None), "has_reasons": 0, **ends}
            if line is not None and line.fields is not None:
                decided = row[decided_column] if decided_column is not None else line.fields.get("decided_at")
                whole = (line.file, line.row) not in broken and line.writer not in anew
                told |= _told(line, decided, times=found.times[name], whole=whole)
                if inputs and salt is not None:
                    given = {column: _value(row[column]) for column in inputs}
                    told["inputs_match"] = int(inputs_match(line.fields, given, salt=salt))
            write([*(row[column] for column in header), *(told.get(column, "") for column in COLUMNS)])
    return Joined(rows, captured, len(found.first.keys() - seen), check)


def _told(line: Line, decided: object, *, times: int, whole: bool) -> dict[str, Any]:
    fields = line.fields or {}
    return {
        "has_reasons": int(bool(fields.get("reasons") or fields.get("person_reason"))),
        "line_whole": int(whole),
        "seconds_late": _seconds(decided, fields.get("at")),
        "captured_at": fields.get("at", ""),
        "captured_times": times,
        "captured_model": fields.get("model", ""),
        "captured_score": fields.get("score", ""),
        "captured_decision": fields.get("decision", ""),
        "line_digest": line.digest,
    }


def _seconds(decided: object, recorded: object) -> float | str:
    if not decided:
        return ""
    return round((_moment(recorded) - _moment(decided)).total_seconds(), 6)


def _moment(value: object) -> datetime:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise InputError(say("capture.served.time", value=str(value)[:80])) from error
    if found.tzinfo is None:
        raise InputError(say("capture.served.time", value=str(value)[:80]))
    return found.astimezone(UTC)


def _value(text: str) -> float | str | None:
    """A cell as a value: numbers where they look like one, as a frame would read them."""
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        return text
    return number if math.isfinite(number) else text


Row = Mapping[str, str]


@contextmanager
def _written(
    target: Path, served: Path
) -> Iterator[tuple[list[str], Iterator[Row], Callable[[Sequence[object]], object]]]:
    """Open both files; what was written is taken away again where the work stops half way."""
    try:
        source = served.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise InputError(say("capture.served.missing", path=str(served))) from error
    with source:
        reader = csv.reader(source)
        header = next(reader, [])
        if not header or len(set(header)) < len(header):
            raise InputError(say("capture.served.header", path=str(served)))
        taken = [name for name in header if name in COLUMNS]
        if taken:
            raise InputError(say("capture.served.taken", columns=taken, path=str(served)))
        try:
            out = target.open("x", encoding="utf-8", newline="")
        except OSError as error:
            problem = error.strerror or type(error).__name__
            raise InputError(say("capture.store.unwritable", path=str(target), problem=problem)) from error
        try:
            with out:
                yield header, _rows(reader, header, served), csv.writer(out, lineterminator="\n").writerow
        except BaseException:
            target.unlink(missing_ok=True)
            raise


def _rows(reader: Iterator[list[str]], header: list[str], served: Path) -> Iterator[Row]:
    try:
        for number, cells in enumerate(reader, start=1):
            if not cells:
                continue
            if len(cells) != len(header):
                raise InputError(say("capture.served.cells", row=number, path=str(served), n=len(header)))
            yield dict(zip(header, cells, strict=True))
    except (UnicodeError, csv.Error) as error:
        raise InputError(say("capture.served.header", path=str(served))) from error
