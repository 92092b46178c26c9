"""Overlays: what a company or a unit changes in a pack, in one file, with the reason beside each change.

Law, standards and company policy can only be tightened; a sample may be replaced freely.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

from hakari.errors import PackError
from hakari.messages import Message, say
from hakari.packs._changes import CHECK_FIELDS, EVIDENCE_FIELDS, Change, OverlayFile, is_looser
from hakari.packs._files import OVERLAY, read_file
from hakari.packs._loaded import Loaded, find, keep, places_of
from hakari.packs._nodes import MapNode, read_yaml
from hakari.packs._records import Places, RecordReader
from hakari.packs._rules import check_pack
from hakari.packs.model import Check, Pack, Requirement

__all__ = ["base_reference", "overlay"]


def overlay(base: Pack, changes: str | Path | Mapping[str, bytes], *, name: str = "") -> Pack:
    """Return `base` with the changes of an overlay: a file, a folder with `overlay.yaml`, or named bytes.

    The digest covers the base's digest and the overlay's bytes. On a sample the result has the overlay's authority;
    otherwise it keeps the base's, so that a further overlay may again only tighten.

    Raises:
        PackError: the overlay is malformed, is meant for another pack or version, or loosens what it may only tighten;
            the message names file, line, requirement and both values.
    """
    from hakari.evidence import digest_bytes, digest_json

    content, file = _content(changes, name)
    digest = digest_json([base.digest, digest_bytes(content)])
    known = find(digest, file)
    return (known or keep(file, _Overlay(base, content, file).result(digest))).pack


def base_reference(content: bytes, *, file: str) -> str:
    """Return the `name@version` that an overlay is meant for."""
    reader = RecordReader(file, Places())
    root = reader.mapping(read_yaml(content, file=file))
    if "of" not in root.entries:
        reader.refuse(root.line, say("packs.key.missing", keys=["of"]))
    return reader.scalar(root.entries["of"][1], "of")


def _content(changes: str | Path | Mapping[str, bytes], name: str) -> tuple[bytes, str]:
    if isinstance(changes, Mapping):
        file = f"{name}/{OVERLAY}" if name else OVERLAY
        if set(changes) != {OVERLAY}:
            raise PackError(say("packs.overlay.missing", path=file))
        return changes[OVERLAY], file
    path = Path(changes)
    path = path / OVERLAY if path.is_dir() else path
    if not path.is_file():
        raise PackError(say("packs.overlay.missing", path=str(path)))
    return read_file(path, str(path)), str(path)


class _Overlay:
    def __init__(self, base: Pack, content: bytes, file: str) -> None:
        kept = places_of(base)
        self.base = kept.pack
        self.places = Places()
        self.places.take(kept.places)
        self.reader = RecordReader(file, self.places, base.languages)
        self.root = self.reader.mapping(read_yaml(content, file=file))
        self.file = self.reader.record(OverlayFile, self.root)
        self.free = base.authority == "sample"
        self.requirements = {requirement.slug: requirement for requirement in base.requirements}

    def result(self, digest: str) -> Loaded:
        """Apply everything and check what comes out as a pack of its own."""
        if self.file.of != self.base.reference:
            self.refuse(self.file, "of", say("packs.overlay.other_base", of=self.file.of, base=self.base.reference))
        for slug in self.file.remove:
            self.remove(slug)
        seen: set[tuple[str, str | None]] = set()
        for change in self.file.changes:
            target = (change.requirement, change.check)
            if target in seen:
                self.refuse(change, "requirement", say("packs.overlay.twice", slug=change.requirement))
            seen.add(target)
            self.change(change)
        pack = replace(
            self.base,
            urn=self.file.overlay,
            version=self.file.version,
            authority=self.file.authority if self.free else self.base.authority,
            title=self.file.title or self.base.title,
            summary=self.file.summary or self.base.summary,
            sources=(*self.base.sources, *self.file.sources),
            facts=(*self.base.facts, *self.file.facts),
            groups=(*self.base.groups, *self.file.groups),
            requirements=(*self.requirements.values(), *self.file.add),
            digest=digest,
        )
        self.places.put(pack, self.reader.file, _renamed(self.root))
        check_pack(pack, self.places)
        return Loaded(pack, self.places)

    def remove(self, slug: str) -> None:
        self.find(slug, self.file, "remove")
        if not self.free:
            problem = say("packs.overlay.removes", slug=slug, authority=self.base.authority)
            self.refuse(self.file, "remove", problem)
        del self.requirements[slug]

    def change(self, change: Change) -> None:
        requirement = self.find(change.requirement, change, "requirement")
        evidence = change.given(EVIDENCE_FIELDS)
        other = change.given(CHECK_FIELDS)
        if not evidence and not other:
            self.refuse(change, "requirement", say("packs.overlay.nothing", slug=requirement.slug))
        for key, value in evidence.items():
            self.compare(change, key, getattr(requirement.evidence, key), value)
        rule = replace(requirement.evidence, **evidence)
        changed = replace(requirement, evidence=rule)
        if change.check is None:
            homeless = sorted(set(other) - {"severity"})
            if homeless:
                self.refuse(change, homeless[0], say("packs.overlay.no_check", keys=homeless))
            for key, value in other.items():
                self.compare(change, key, getattr(requirement, key), value)
            changed = replace(changed, **other)
        else:
            changed = replace(changed, checks=self.checks(requirement, change, other))
        self.places.move(change, changed)
        self.places.move(change, rule)
        self.requirements[requirement.slug] = changed

    def checks(self, requirement: Requirement, change: Change, given: Mapping[str, Any]) -> tuple[Check, ...]:
        names = [check.id for check in requirement.checks]
        if change.check not in names:
            nearest = get_close_matches(str(change.check), names, n=1) or names or "–"
            problem = say("packs.overlay.check_unknown", check=change.check, slug=requirement.slug, nearest=nearest)
            self.refuse(change, "check", problem)
        moved = {"threshold", "margin", "confidence", "confirmed"} & set(given)
        unsaid = [key for key in ("set_by", "why") if key not in given]
        if moved and unsaid:
            self.refuse(change, min(moved), say("packs.overlay.unsaid", keys=unsaid, slug=requirement.slug))
        place = names.index(change.check)
        before = requirement.checks[place]
        for key, value in given.items():
            self.compare(change, key, getattr(before, key), value, before.operator)
        after = replace(before, **given)
        self.places.move(change, after)
        return (*requirement.checks[:place], after, *requirement.checks[place + 1 :])

    def compare(self, change: Change, key: str, before: Any, after: Any, operator: str = "<=") -> None:
        """Refuse a value that is looser than the one of the pack underneath."""
        if not self.free and is_looser(key, before, after, operator):
            where = f"{change.requirement}/{change.check}" if change.check else change.requirement
            none = say("packs.diff.absent")
            problem = say(
                "packs.overlay.looser",
                where=where,
                key=key,
                before=none if before is None else before,
                after=none if after is None else after,
                authority=self.base.authority,
            )
            self.refuse(change, key, problem)

    def find(self, slug: str, record: object, key: str) -> Requirement:
        if slug not in self.requirements:
            nearest = get_close_matches(slug, self.requirements, n=1) or sorted(self.requirements) or "–"
            self.refuse(record, key, say("packs.overlay.requirement_unknown", slug=slug, nearest=nearest))
        return self.requirements[slug]

    def refuse(self, record: object, key: str, problem: Message) -> NoReturn:
        place = self.places.at(record, key) or self.reader.file
        raise PackError(say("packs.at", place=place, problem=problem))


def _renamed(root: MapNode) -> MapNode:
    """Return the overlay's mapping as the pack's, whose `urn` it calls `overlay`."""
    return MapNode(root.line, {**root.entries, "urn": root.entries["overlay"]})
