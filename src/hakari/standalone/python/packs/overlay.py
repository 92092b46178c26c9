"""Overlay: what a company changes in a pack. Law, standards and company policy can only be tightened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hakari.standalone.python.packs.records import ASSURANCES, CHECK_CHANGES, EVIDENCE_CHANGES, RecordReader
from hakari.standalone.python.packs.yaml_file import read_yaml
from hakari.standalone.python.words import say

__all__ = ["overlaid"]

_RANKS: Mapping[str, tuple[str, ...]] = {
    "severity": ("minor", "major", "critical"),
    "method": ("mover", "box"),
    "family_met": ("none", "holm"),
    "least_assurance": ASSURANCES,
    "rule": ("any", "all"),
}

PackRecord = dict[str, Any]


def overlaid(base: PackRecord, content: bytes, file: str) -> PackRecord:
    """Return the pack that an overlay makes of `base`; it still has to be checked as a pack of its own."""
    return _Overlay(base, content, file).result()


class _Overlay:
    def __init__(self, base: PackRecord, content: bytes, file: str) -> None:
        self.base = base
        self.reader = RecordReader(file, base["languages"])
        self.file = self.reader.record("overlay", read_yaml(content, file))
        self.free = base["authority"] == "sample"
        self.requirements = {item["urn"].rsplit(":", 1)[-1]: item for item in base["requirements"]}

    def require(self, holds: object, place: str) -> None:
        if not holds:
            self.reader.refuse(place, say("standalone.pack.overlay"))

    def result(self) -> PackRecord:
        file, base = self.file, self.base
        name = f"{base['urn'].rsplit(':', 1)[-1]}@{base['version']}"
        self.require(file["of"] == name, "of")
        for slug in file["remove"]:
            self.require(slug in self.requirements and self.free, f"remove/{slug}"[:60])
            del self.requirements[slug]
        seen: set[tuple[str, str | None]] = set()
        for change in file["changes"]:
            target = (change["requirement"], change["check"])
            self.require(target not in seen, "changes")
            seen.add(target)
            self.change(change)
        return {
            **base,
            "urn": file["overlay"],
            "version": file["version"],
            "authority": file["authority"] if self.free else base["authority"],
            "sources": [*base["sources"], *file["sources"]],
            "facts": [*base["facts"], *file["facts"]],
            "groups": [*base["groups"], *file["groups"]],
            "requirements": [*self.requirements.values(), *file["add"]],
        }

    def change(self, change: PackRecord) -> None:
        slug = change["requirement"]
        place = f"changes/{slug}"[:60]
        self.require(slug in self.requirements, place)
        requirement = self.requirements[slug]
        rule = {name: change[name] for name in EVIDENCE_CHANGES if change[name] is not None}
        given = {name: change[name] for name in CHECK_CHANGES if change[name] is not None}
        self.require(rule or given, place)
        self.tighter(requirement["evidence"], rule, place)
        changed = {**requirement, "evidence": {**requirement["evidence"], **rule}}
        if change["check"] is None:
            self.require(set(given) <= {"severity"}, place)
            self.tighter(requirement, given, place)
            changed |= given
        else:
            changed["checks"] = self.checks(requirement, change["check"], given, place)
        self.requirements[slug] = changed

    def checks(self, requirement: PackRecord, name: str, given: PackRecord, place: str) -> list[PackRecord]:
        self.require(name in [check["id"] for check in requirement["checks"]], place)
        moved = {"threshold", "margin", "confidence", "confirmed"} & set(given)
        self.require(not moved or {"set_by", "why"} <= set(given), place)
        found = []
        for check in requirement["checks"]:
            if check["id"] == name:
                self.tighter(check, given, place, check["operator"])
                check = {**check, **given}
            found.append(check)
        return found

    def tighter(self, before: PackRecord, given: PackRecord, place: str, operator: str = "<=") -> None:
        for key, value in given.items():
            self.require(self.free or not _looser(key, before[key], value, operator), f"{place}/{key}")


def _looser(key: str, before: Any, after: Any, operator: str) -> bool:
    """Return whether `after` asks for less than `before`; what cannot be compared counts as looser."""
    if before == after or key in ("set_by", "why", "source", "alternatives"):
        return False
    if key in _RANKS:
        return _RANKS[key].index(after) < _RANKS[key].index(before)
    if key == "confirmed":
        return bool(before)
    if key == "threshold":
        return bool(after > before) if operator == "<=" else bool(after < before)
    if key in ("confidence", "coverage_min"):
        return bool(after < before)
    return bool(after > before) if key in ("margin", "max_age_days", "min_rows") else True
