"""Whether a store is whole: every chain followed line by line, and held against what others say about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from hakari.capture.head import Head, heads_of, signers
from hakari.capture.lines import Line, files_of, first_of, read_lines
from hakari.evidence.keys import PublicKey
from hakari.messages import Message, say

__all__ = ["Chain", "Fault", "FaultKind", "HeadCheck", "StoreCheck", "verify_store"]

FaultKind = Literal["changed", "cut", "head", "missing", "out_of_place", "rewritten", "torn"]
"""changed: not the line that the next one cites; missing: numbers left out; out_of_place: not where its number belongs;
cut: a line that another chain or a head cites is gone; rewritten: it is there and says something else; head: a head is
not the one that was kept; torn: a write broke off."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where a store is not as it was written."""

    kind: FaultKind
    file: str
    """File below the store, or the name of a chain (cut, rewritten) or of a head."""
    row: int
    """Line in the file, from 1; 0 where the whole of it is meant."""
    message: Message


@dataclass(frozen=True, slots=True)
class Chain:
    """What one process wrote."""

    writer: str
    decisions: int
    failures: int
    """Decisions that it could not record, as far as it got to say."""
    closed: bool
    """Whether its last line says that it ended; a chain without it runs, crashed, or lost its end."""


@dataclass(frozen=True, slots=True)
class HeadCheck:
    """One head of the store."""

    day: str
    digest: str
    signed_by: tuple[str, ...] | None
    """Ids of keys given here; () unsigned; None for a signature that no key given here verifies."""
    kept: bool
    """Whether its digest was given from outside, so that nobody can have written it since."""


@dataclass(frozen=True, slots=True)
class StoreCheck:
    """What a store holds, and where it is not whole."""

    lines: int
    chains: tuple[Chain, ...]
    faults: tuple[Fault, ...]
    """Traces of a change first; torn lines, which a crash leaves, last."""
    heads: tuple[HeadCheck, ...]

    @property
    def whole(self) -> bool:
        """Whether no trace of a change was found; torn lines are no such trace."""
        return not self.changes

    @property
    def changes(self) -> tuple[Fault, ...]:
        """Faults other than torn lines."""
        return tuple(fault for fault in self.faults if fault.kind != "torn")

    @property
    def decisions(self) -> int:
        """Decisions in all chains."""
        return sum(chain.decisions for chain in self.chains)

    @property
    def failures(self) -> int:
        """Decisions that the recorders said they could not record."""
        return sum(chain.failures for chain in self.chains)


@dataclass(slots=True)
class _Following:
    """Where one chain stands while it is read."""

    before: Line | None = None
    decisions: int = 0
    failures: int = 0
    closed: bool = False


@dataclass(slots=True)
class _Cited:
    """Lines that something else says exist: (chain, number) → digest → who says so."""

    wanted: dict[tuple[str, int], dict[str, str]] = field(default_factory=dict)
    other: dict[tuple[str, int], Line] = field(default_factory=dict)
    """Lines with such a number and another digest."""

    def add(self, writer: str, number: int, digest: str, by: str) -> None:
        self.wanted.setdefault((writer, number), {})[digest] = by

    def see(self, line: Line) -> None:
        place = (line.writer, line.number)
        known = self.wanted.get(place)
        if known is not None and known.pop(line.digest, None) is None:
            self.other[place] = line

    def unseen(self, named: Collection[tuple[str, int]]) -> Iterator[Fault]:
        """Yield what was not found, except where the line that stands there is named as changed already."""
        for (writer, number), by in sorted(self.wanted.items()):
            line = self.other.get((writer, number))
            if line is not None and (line.file, line.row) in named:
                continue
            for who in sorted(set(by.values())):
                if line is None:
                    told = say("capture.fault.cut", chain=writer, number=number, by=who)
                    yield Fault("cut", writer, 0, told)
                else:
                    told = say("capture.fault.rewritten", file=line.file, row=line.row, by=who)
                    yield Fault("rewritten", writer, 0, told)


def verify_store(
    folder: Path,
    *,
    keys: Sequence[PublicKey] = (),
    kept: Sequence[str] = (),
    each: Callable[[Line], None] | None = None,
) -> StoreCheck:
    """Follow every chain of a store and return what is there and what is not as it was written.

    Args:
        folder: The store.
        keys: Whose signatures on heads are known.
        kept: Digests of heads that were kept elsewhere; one that no head of the store has is a fault.
        each: Called with every line in turn, whether it is whole or not.

    Raises:
        InputError: no such folder, or a head that cannot be read.
    """
    heads = heads_of(folder)
    cited = _citations(folder, heads)
    faults: list[Fault] = []
    chains: dict[str, _Following] = {}
    lines = 0
    for line in read_lines(folder):
        lines += 1
        faults += _follow(line, chains.setdefault(line.writer, _Following()))
        cited.see(line)
        if each is not None:
            each(line)
    faults += cited.unseen({(fault.file, fault.row) for fault in faults if fault.kind == "changed"})
    faults += _head_faults(heads, kept)
    return StoreCheck(
        lines=lines,
        chains=tuple(Chain(name, at.decisions, at.failures, at.closed) for name, at in sorted(chains.items())),
        faults=tuple(sorted(faults, key=lambda fault: fault.kind == "torn")),
        heads=tuple(HeadCheck(head.day, head.digest, signers(head, keys), head.digest in kept) for head in heads),
    )


def _follow(line: Line, at: _Following) -> Iterator[Fault]:
    fields = line.fields
    if fields is None or line.number < 0:
        yield Fault("torn", line.file, line.row, say("capture.fault.torn", file=line.file, row=line.row))
        return
    before, at.before = at.before, line
    expected = 0 if before is None else before.number + 1
    if line.number > expected:
        lost = say("capture.fault.missing", file=line.file, row=line.row, n=line.number - expected)
        yield Fault("missing", line.file, line.row, lost)
    elif line.number < expected or (before is None and fields.get("previous") is not None):
        told = say("capture.fault.out_of_place", file=line.file, row=line.row)
        yield Fault("out_of_place", line.file, line.row, told)
    elif before is not None and fields.get("previous") != before.digest:
        told = say("capture.fault.changed", file=before.file, row=before.row)
        yield Fault("changed", before.file, before.row, told)
    at.decisions += fields.get("kind") == "decision"
    at.closed = fields.get("kind") == "closed"
    failures = fields.get("failures")
    at.failures = failures if type(failures) is int and failures > at.failures else at.failures


def _citations(folder: Path, heads: Sequence[Head]) -> _Cited:
    cited = _Cited()
    for head in heads:
        for writer, (number, digest) in head.chains.items():
            cited.add(writer, number, digest, f"{head.path.parent.name}/{head.path.name}")
    for path in files_of(folder):
        name = f"{path.parent.name}/{path.name}"
        for writer, number, digest in _after(path):
            cited.add(writer, number, digest, name)
    return cited


def _after(path: Path) -> Iterator[tuple[str, int, str]]:
    """Yield which lines of other chains the first line of a file cites."""
    after: Any = (first_of(path) or {}).get("after")
    for writer, end in after.items() if isinstance(after, Mapping) else ():
        if isinstance(end, list) and len(end) == 2 and type(end[0]) is int and isinstance(end[1], str):
            yield str(writer), end[0], end[1]


def _head_faults(heads: Sequence[Head], kept: Sequence[str]) -> Iterator[Fault]:
    previous = None
    for head in heads:
        name = f"{head.path.parent.name}/{head.path.name}"
        if head.previous != previous:
            yield Fault("head", name, 0, say("capture.fault.head_order", head=name))
        previous = head.digest
    known = Counter(head.digest for head in heads)
    for digest in kept:
        if digest not in known:
            yield Fault("head", digest, 0, say("capture.fault.head_kept", digest=digest))
