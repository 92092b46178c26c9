"""What changed between two packs, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hakari.evidence import encode
from hakari.messages import Message, in_one_line, say
from hakari.packs.model import Pack, Requirement

__all__ = ["FieldChange", "PackDiff", "RequirementChange", "diff_packs"]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after; None where it was or is absent."""

    path: str
    """Dotted, through ids where a list holds records: `checks.rate-gap.threshold`."""
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class RequirementChange:
    """A requirement that both packs hold, in different form."""

    before: Requirement
    after: Requirement
    fields: tuple[FieldChange, ...]

    @property
    def same_version(self) -> bool:
        """True if the content changed under the same version, which a published pack must not do."""
        return self.before.version == self.after.version


@dataclass(frozen=True, slots=True, kw_only=True)
class PackDiff:
    """All differences between two packs."""

    before: str
    """`name@version`."""
    after: str
    """`name@version`."""
    added: tuple[Requirement, ...] = ()
    removed: tuple[Requirement, ...] = ()
    changed: tuple[RequirementChange, ...] = ()
    facts: tuple[FieldChange, ...] = ()
    groups: tuple[FieldChange, ...] = ()
    metadata: tuple[FieldChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.facts or self.groups or self.metadata)

    def lines(self) -> tuple[Message, ...]:
        """Return the differences in the reader's words, one line each."""
        return tuple(in_one_line(line) for line in self._lines())

    def _lines(self) -> Iterator[Message]:
        if not self:
            yield say("packs.diff.none", before=self.before, after=self.after)
            return
        yield say("packs.diff.title", before=self.before, after=self.after)
        yield from (_line("pack", change) for change in self.metadata)
        yield from (_line("facts", change) for change in self.facts)
        yield from (_line("groups", change) for change in self.groups)
        yield from (say("packs.diff.added", slug=item.slug, title=dict(item.title)) for item in self.added)
        yield from (say("packs.diff.removed", slug=item.slug, title=dict(item.title)) for item in self.removed)
        for item in self.changed:
            if item.same_version:
                yield say("packs.diff.same_version", slug=item.after.slug, version=item.after.version)
            yield from (_line(item.after.slug, change) for change in item.fields)


def diff_packs(before: Pack, after: Pack) -> PackDiff:
    """Return what changed from `before` to `after`. Requirements are matched by urn, list items by id, not by place."""
    old = {requirement.urn: requirement for requirement in before.requirements}
    new = {requirement.urn: requirement for requirement in after.requirements}
    pairs = [(old[urn], new[urn]) for urn in old if urn in new]
    changes = [RequirementChange(one, two, tuple(_changes("", encode(one), encode(two)))) for one, two in pairs]
    headers = [encode(pack) for pack in (before, after)]
    parts: dict[str, list[Any]] = {name: [header.pop(name) for header in headers] for name in ("facts", "groups")}
    for header in headers:
        del header["requirements"], header["digest"]
    return PackDiff(
        before=before.reference,
        after=after.reference,
        added=tuple(requirement for urn, requirement in new.items() if urn not in old),
        removed=tuple(requirement for urn, requirement in old.items() if urn not in new),
        changed=tuple(change for change in changes if change.fields),
        facts=tuple(_changes("", *parts["facts"])),
        groups=tuple(_changes("", *parts["groups"])),
        metadata=tuple(_changes("", *headers)),
    )


def _line(where: str, change: FieldChange) -> Message:
    absent = say("packs.diff.absent")
    before, after = (absent if value is None else value for value in (change.before, change.after))
    return say("packs.diff.field", where=where, path=change.path, before=before, after=after)


def _changes(path: str, before: Any, after: Any) -> Iterator[FieldChange]:
    """Yield the leaves in which two JSON values differ."""
    if _same(before, after):
        return
    left, right = _keyed(before), _keyed(after)
    if left is None or right is None:
        yield FieldChange(path, before, after)
        return
    for key in (*left, *(key for key in right if key not in left)):
        yield from _changes(f"{path}.{key}" if path else key, left.get(key), right.get(key))
    common = [[key for key in side if key in left and key in right] for side in (left, right)]
    if isinstance(before, list) and common[0] != common[1]:
        yield FieldChange(f"{path}.order" if path else "order", common[0], common[1])


def _same(before: Any, after: Any) -> bool:
    return type(before) is type(after) and before == after


def _keyed(value: Any) -> Mapping[str, Any] | None:
    """Return a mapping, or a list of records as a mapping by their ids; None for everything else."""
    if isinstance(value, Mapping):
        return value
    if isinstance(value, Sequence) and not isinstance(value, str) and all(_key(item) is not None for item in value):
        keyed = {str(_key(item)): item for item in value}
        return keyed if len(keyed) == len(value) else None
    return None


def _key(item: Any) -> Any:
    if not isinstance(item, Mapping):
        return None
    return next((item[key] for key in ("id", "to") if key in item), None)
