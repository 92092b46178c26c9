"""The crosswalk: from a measurement to every requirement it serves, and from a requirement to its siblings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from hakari.packs.model import Check, Mapping_, Pack, Requirement

__all__ = ["Conflict", "Link", "Served", "conflicts", "coverage", "links_of", "served_by", "unknown_targets"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One mapping, seen from a requirement."""

    pack: Pack
    requirement: Requirement
    """The requirement at the other end."""
    mapping: Mapping_
    direction: Literal["to", "from"]
    """to: the requirement in question names the other; from: the other names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A requirement that a measure serves, by a check of its own or by way of another requirement."""

    pack: Pack
    requirement: Requirement
    check: Check
    via: Requirement | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two checks of the same figure with different lines: a value between the lines meets one and fails the other."""

    first: Served
    second: Served


@dataclass(frozen=True, slots=True)
class _Index:
    """All requirements by `name@version:slug`, and who maps to each."""

    named: Mapping[str, tuple[Pack, Requirement]]
    mapped: Mapping[str, Sequence[tuple[Pack, Requirement, Mapping_]]]

    @classmethod
    def of(cls, packs: Sequence[Pack]) -> _Index:
        named = {f"{pack.reference}:{item.slug}": (pack, item) for pack in packs for item in pack.requirements}
        mapped: dict[str, list[tuple[Pack, Requirement, Mapping_]]] = {}
        for pack, item in named.values():
            for mapping in item.mappings:
                mapped.setdefault(mapping.to, []).append((pack, item, mapping))
        return cls(named, mapped)

    def links(self, pack: Pack, requirement: Requirement) -> tuple[Link, ...]:
        there = [
            Link(pack=found[0], requirement=found[1], mapping=mapping, direction="to")
            for mapping in requirement.mappings
            if (found := self.named.get(mapping.to)) is not None
        ]
        back = [
            Link(pack=other, requirement=item, mapping=mapping, direction="from")
            for other, item, mapping in self.mapped.get(f"{pack.reference}:{requirement.slug}", ())
        ]
        return (*there, *back)


def links_of(packs: Sequence[Pack], requirement: Requirement) -> tuple[Link, ...]:
    """Return the siblings of `requirement` in both directions; targets that are not among `packs` are left out."""
    index = _Index.of(packs)
    pack = next(pack for pack, item in index.named.values() if item.reference == requirement.reference)
    return index.links(pack, requirement)


def unknown_targets(packs: Sequence[Pack]) -> tuple[tuple[Requirement, Mapping_], ...]:
    """Return the mappings into one of `packs` that name a requirement which it does not have."""
    names = {f"{pack.reference}:{item.slug}" for pack in packs for item in pack.requirements}
    versions = {pack.reference for pack in packs}
    return tuple(
        (item, mapping)
        for pack in packs
        for item in pack.requirements
        for mapping in item.mappings
        if mapping.to.partition(":")[0] in versions and mapping.to not in names
    )


def served_by(packs: Sequence[Pack], measure: str) -> tuple[Served, ...]:
    """Return every requirement that a measure (`fairness.groups` or `fairness.groups@1`) serves."""
    found = []
    index = _Index.of(packs)
    for pack in packs:
        for requirement in pack.requirements:
            own = [check for check in requirement.checks if measure in (check.measure, check.measure.partition("@")[0])]
            found += [Served(pack=pack, requirement=requirement, check=check) for check in own]
            for link in index.links(pack, requirement) if own else ():
                if link.direction == "from" and link.mapping.answers:
                    found += [
                        Served(pack=link.pack, requirement=link.requirement, check=check, via=requirement)
                        for check in own
                    ]
    return tuple(found)


def conflicts(packs: Sequence[Pack]) -> tuple[Conflict, ...]:
    """Return pairs of checks that draw different lines through the same figure."""
    seen: dict[tuple[object, ...], Served] = {}
    found = []
    for pack in packs:
        for requirement in pack.requirements:
            for check in requirement.checks:
                figure = (
                    check.measure, check.metric, check.aggregation, check.slice, check.operator, check.reference,
                    repr(sorted(check.parameters.items())),
                )  # fmt: skip
                served = Served(pack=pack, requirement=requirement, check=check)
                first = seen.setdefault(figure, served)
                if (first.check.threshold, first.check.margin) != (check.threshold, check.margin):
                    found.append(Conflict(first=first, second=served))
    return tuple(found)


def coverage(packs: Sequence[Pack], pack: Pack) -> Iterator[tuple[Requirement, str]]:
    """Yield each requirement of `pack` with what answers it: measured, asked, mapped, planned or nothing."""
    index = _Index.of(packs)
    for requirement in pack.requirements:
        ways = []
        if any(not check.planned for check in requirement.checks):
            ways.append("measured")
        if requirement.questions:
            ways.append("asked")
        others = [link for link in index.links(pack, requirement) if link.direction == "to" and link.mapping.answers]
        if others:
            measured = any(not check.planned for link in others for check in link.requirement.checks)
            ways.append("mapped_measured" if measured else "mapped")
        if not ways:
            ways.append("planned" if requirement.checks else "nothing")
        yield requirement, ways[0]
