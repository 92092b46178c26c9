"""Rules: what a pack must keep to beyond the types of its fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import islice, product
from typing import Any, NoReturn

from hakari.standalone.python.packs.expression import Name, NoValue, compiled
from hakari.standalone.python.words import Message, Refused, say
from hakari.standalone.python.work import spend

__all__ = ["check_pack", "fact_domains"]

Record = Mapping[str, Any]
Samples = Mapping[Name, Sequence[Any]]

_PATTERNS = {
    "urn": re.compile(r"urn:[a-z0-9][a-z0-9-]{0,31}(:[A-Za-z0-9][A-Za-z0-9._-]*)+\Z"),
    "semver": re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?\Z"),
    "language": re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z"),
    "id": re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z"),
    "name": re.compile(r"[a-z][a-z0-9_]*\Z"),
    "measure": re.compile(r"([A-Za-z0-9._-]+/)?[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*@[0-9]+\Z"),
    "mapping": re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*@[0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z.+-]*:\S+\Z"),
}
_NO_FACT_NAMES = {
    "answers", "unknown", "in", "true", "false", "null", "as", "break", "const", "continue", "else", "for", "function",
    "if", "import", "let", "loop", "package", "namespace", "return", "var", "void", "while",
}  # fmt: skip
# Some values of each type that has too many to be tried.
_INFINITE: Mapping[str, tuple[Any, ...]] = {
    "number": (0.0,),
    "text": ("", "1", "2000-01-01T00:00:00Z"),
    "date": ("2000-01-01",),
    "file": ("",),
}
_MOST_TRIES = 1_024


def fact_domains(facts: Iterable[Record]) -> dict[Name, tuple[Any, ...]]:
    """Return all values of each fact that has finitely many."""
    found: dict[Name, tuple[Any, ...]] = {}
    for fact in facts:
        if fact["type"] == "boolean":
            found[(fact["id"],)] = (False, True)
        elif fact["type"] == "choice":
            found[(fact["id"],)] = tuple(choice["id"] for choice in fact["choices"])
    return found


def check_pack(pack: Record, file: str) -> None:
    """Refuse a pack that contradicts itself; the message names the part and what is wrong with it."""
    _Rules(pack, file).check()


class _Rules:
    def __init__(self, pack: Record, file: str) -> None:
        self.pack = pack
        self.file = file
        domains = fact_domains(pack["facts"])
        self.facts: Samples = {
            (fact["id"],): domains.get((fact["id"],)) or _INFINITE.get(fact["type"], ("",)) for fact in pack["facts"]
        }

    def refuse(self, place: str, problem: Message) -> NoReturn:
        raise Refused(say("packs.at", place=f"{self.file}:{place}", problem=problem))

    def require(self, holds: object, place: str, what: str) -> None:
        if not holds:
            self.refuse(place, say("standalone.pack.breaks", what=what))

    def pattern(self, text: str, pattern: str, place: str) -> None:
        self.require(_PATTERNS[pattern].match(text), place, f"{pattern}: {text[:60]}")

    def unique(self, records: Sequence[Record], place: str) -> None:
        names = [record["id"] for record in records]
        self.require(len(set(names)) == len(names), place, "id")

    def day(self, text: str, place: str, *, partial: bool = False) -> None:
        padded = text + "-01" * (2 - text.count("-")) if partial else text
        try:
            valid = date.fromisoformat(padded).isoformat() == padded
        except ValueError:
            valid = False
        self.require(valid, place, f"date: {text[:60]}")

    def check(self) -> None:
        self.header()
        seen: set[str] = set()
        for requirement in self.pack["requirements"]:
            slug = requirement["urn"].rsplit(":", 1)[-1]
            self.require(slug not in seen, slug, "urn")
            seen.add(slug)
            self.requirement(requirement, slug)

    def header(self) -> None:
        pack = self.pack
        self.pattern(pack["urn"], "urn", "urn")
        self.pattern(pack["version"], "semver", "version")
        self.require(pack["languages"], "languages", "languages")
        for language in pack["languages"]:
            self.pattern(language, "language", "languages")
        self.period(pack["effective"], "effective")
        for name in ("sources", "facts", "groups"):
            self.unique(pack[name], name)
        for source in pack["sources"]:
            self.pattern(source["id"], "id", "sources")
            if source["date"]:
                self.day(source["date"], "sources", partial=True)
        for fact in pack["facts"]:
            self.pattern(fact["id"], "name", "facts")
            self.require(fact["id"] not in _NO_FACT_NAMES, "facts", f"id: {fact['id']}")
            self.choices(fact, "facts", needed=fact["type"] == "choice")
            self.require(fact["evident_from"] is None or fact["type"] == "boolean", "facts", "evident_from")
        for group in pack["groups"]:
            self.pattern(group["id"], "id", "groups")

    def period(self, period: Record, place: str) -> None:
        for day in period.values():
            self.day(day, place)
        start, end = period.get("from"), period.get("until")
        self.require(not (start and end and end < start), place, "from, until")

    def requirement(self, requirement: Record, place: str) -> None:
        pack = self.pack
        self.pattern(requirement["urn"], "urn", place)
        self.require(requirement["version"] >= 1, place, "version")
        self.require(requirement["group"] in [group["id"] for group in pack["groups"]], place, "group")
        self.require(requirement["stages"], place, "stages")
        self.require(requirement["roles"], place, "roles")
        sources = {source["id"] for source in pack["sources"]}
        self.require(all(item["id"] in sources for item in requirement["sources"]), place, "sources")
        self.period(requirement["effective"], place)
        self.require(requirement["evidence"]["max_age_days"] >= 1, place, "max_age_days")
        for mapping in requirement["mappings"]:
            self.pattern(mapping["to"], "mapping", place)
        if requirement["applies_when"] is not None:
            self.expression(requirement["applies_when"], self.facts, place)
        self.unique(requirement["questions"], place)
        self.unique(requirement["checks"], place)
        answers: dict[Name, Sequence[Any]] = {}
        for question in requirement["questions"]:
            self.question(question, answers, f"{place}/{question['id']}")
            answers["answers", question["id"]] = _answer_samples(question)
        for check in requirement["checks"]:
            self.line(check, f"{place}/{check['id']}")

    def question(self, question: Record, earlier: Samples, place: str) -> None:
        self.pattern(question["id"], "name", place)
        kind, accept = question["type"], question["accept"]
        self.require(kind != "yes_no" or set(question["effects"]) == {"yes", "no"}, place, "effects")
        for key, allowed in (("effects", "yes_no"), ("accept", "number"), ("min_length", "text")):
            self.require(not question[key] or kind == allowed, place, key)
        self.choices(question, place, needed=kind in ("single", "multi"))
        self.require(question["minutes"] >= 0 and question["min_length"] >= 0, place, "minutes, min_length")
        if accept and accept["minimum"] is not None and accept["maximum"] is not None:
            self.require(accept["minimum"] <= accept["maximum"], place, "accept")
        if question["when"] is not None:
            self.expression(question["when"], {**self.facts, **earlier}, place)

    def line(self, check: Record, place: str) -> None:
        """Check one measurement and its line."""
        self.pattern(check["id"], "id", place)
        self.pattern(check["measure"], "measure", place)
        wrong = {"difference": ">=", "ratio": "<="}.get(check["aggregation"])
        self.require(check["operator"] != wrong, place, "operator")
        self.require((check["aggregation"] == "overall") == (check["slice"] == "overall"), place, "slice")
        self.require(0.5 < check["confidence"] < 1, place, "confidence")
        self.require(check["margin"] >= 0 and check["min_rows"] >= 1, place, "margin, min_rows")
        self.require(0 <= check["coverage_min"] <= 1, place, "coverage_min")

    def choices(self, owner: Record, place: str, *, needed: bool) -> None:
        self.require(bool(owner["choices"]) == needed, place, "choices")
        self.unique(owner["choices"], place)
        for choice in owner["choices"]:
            self.pattern(choice["id"], "id", place)
            self.require(choice["id"] != "unknown", place, "id: unknown")
            self.require(choice["text"] is not None or choice["title"] is not None, place, "text")

    def expression(self, source: str, samples: Samples, place: str) -> None:
        """Refuse an expression that names what is not there, compares what can never be equal, or has no value."""
        try:
            expression = compiled(source)
        except Refused as error:
            self.refuse(place, error.message)
        unknown = [".".join(name) for name in expression.names if name not in samples]
        self.require(not unknown, place, f"{source}: {', '.join(unknown)}")
        for name, literal in expression.comparisons():
            self.require(_may_be_equal(samples[name], literal), place, f"{source}: {literal!r}")
        problem = worked = False
        choices = product(*(samples[name] for name in expression.names))
        for choice in islice(choices, _MOST_TRIES):
            spend(1e-5)
            try:
                result = expression.value(dict(zip(expression.names, choice, strict=True)))
                self.require(isinstance(result, bool), place, source)
                worked = True
            except NoValue as error:
                self.require(not error.types, place, source)
                problem = True
        self.require(worked or not problem, place, source)


def _answer_samples(question: Record) -> Sequence[Any]:
    choices = tuple(choice["id"] for choice in question["choices"])
    if question["type"] == "multi":
        return [], list(choices)
    return ("yes", "no") if question["type"] == "yes_no" else choices or _INFINITE.get(question["type"], ("",))


def _may_be_equal(values: Sequence[Any], literal: Any) -> bool:
    if tuple(values) in _INFINITE.values():
        return True
    finite = [item for value in values for item in (value if isinstance(value, list) else [value])]
    if all(isinstance(value, bool) for value in finite):
        return isinstance(literal, bool)
    return isinstance(literal, str) and literal in finite
