"""What a pack must keep to beyond the types of its fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import NoReturn

from hakari.errors import PackError
from hakari.messages import Message, say
from hakari.packs._records import Places
from hakari.packs.expression import Comparison, Expression, Name, compile_expression, try_all
from hakari.packs.facts import domains
from hakari.packs.model import Check, Choice, FactDeclaration, Pack, Question, Requirement, Source

__all__ = ["PlacedRules", "check_expression", "check_pack", "samples_of"]

Samples = Mapping[Name, Sequence[object]]

_INFINITE: dict[str, tuple[object, ...]] = {
    "number": (0.0,),
    "text": ("", "1", "2000-01-01T00:00:00Z"),
    "date": ("2000-01-01",),
    "file": ("",),
}
"""Some values of each type that has too many to be tried; texts that conversions accept are among them."""
_URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{0,31}(:[A-Za-z0-9][A-Za-z0-9._-]*)+\Z")
_SEMVER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_MEASURE = re.compile(r"([A-Za-z0-9._-]+/)?[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*@[0-9]+\Z")
_MAPPING = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*@[0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z.+-]*:\S+\Z")
_RESERVED = {"answers", "unknown", "in", "true", "false", "null", "as", "break", "const", "continue", "else", "for"} | {
    "function", "if", "import", "let", "loop", "package", "namespace", "return", "var", "void", "while",
}  # fmt: skip
"""Words of CEL, and those with a meaning here."""


def check_pack(pack: Pack, places: Places) -> None:
    """Refuse a pack that contradicts itself.

    Raises:
        PackError: the first contradiction, with file and line.
    """
    _Rules(pack, places).check()


class PlacedRules:
    """Refuses records at the place where they were written: what a pack, its triage and the harm library share."""

    def __init__(self, places: Places, samples: Samples, name: str) -> None:
        self.places = places
        self.samples = samples
        """Values of the declared facts, with which expressions are tried."""
        self.name = name
        """What a message names where no place is known."""

    def expression(
        self, owner: object, key: str, source: str, samples: Samples | None = None, later: Iterable[str] = ()
    ) -> None:
        try:
            check_expression(source, self.samples if samples is None else samples, later)
        except PackError as error:
            self.refuse(owner, key, error.message)

    def unique(self, records: Iterable[Source | FactDeclaration | Choice | Question | Check | object]) -> None:
        seen: dict[str, object] = {}
        for record in records:
            identifier = str(getattr(record, "id"))  # noqa: B009 (every caller passes records with an id)
            if identifier in seen:
                first = self.places.at(seen[identifier], "id") or identifier
                self.refuse(record, "id", say("packs.id.duplicate", id=identifier, first=first))
            seen[identifier] = record

    def pattern(self, record: object, key: str, value: str, pattern: re.Pattern[str], expected: str) -> None:
        if not pattern.match(value):
            self.refuse(record, key, say(f"packs.format.{expected}", key=key, value=value[:60]))

    def day(self, record: object, key: str, value: str, *, partial: bool = False) -> None:
        padded = value + "-01" * (2 - value.count("-")) if partial else value
        try:
            valid = date.fromisoformat(padded).isoformat() == padded
        except ValueError:
            valid = False
        if not valid:
            self.refuse(record, key, say("packs.format.date", key=key, value=value[:60]))

    def low(self, record: object, key: str, value: float, least: float) -> NoReturn:
        self.refuse(record, key, say("packs.value.too_low", key=key, value=value, least=least))

    def refuse(self, record: object, key: str, problem: object) -> NoReturn:
        assert isinstance(problem, Message)
        place = self.places.at(record, key) or getattr(record, "id", self.name)
        raise PackError(say("packs.at", place=place, problem=problem))


class _Rules(PlacedRules):
    def __init__(self, pack: Pack, places: Places) -> None:
        super().__init__(places, samples_of(pack), pack.name)
        self.pack = pack
        self.groups = [group.id for group in pack.groups]
        self.sources = [source.id for source in pack.sources]

    def check(self) -> None:
        self.header()
        for kind in (self.pack.sources, self.pack.facts, self.pack.groups):
            self.unique(kind)
        for source in self.pack.sources:
            self.source(source)
        for fact in self.pack.facts:
            self.fact(fact)
        for group in self.pack.groups:
            self.pattern(group, "id", group.id, _ID, "id")
        seen: dict[str, Requirement] = {}
        for requirement in self.pack.requirements:
            first = seen.setdefault(requirement.slug, requirement)
            if first is not requirement:
                where = self.places.at(first, "urn") or first.slug
                self.refuse(requirement, "urn", say("packs.requirement.duplicate", urn=requirement.urn, first=where))
            self.requirement(requirement)

    def header(self) -> None:
        pack = self.pack
        self.pattern(pack, "urn", pack.urn, _URN, "urn")
        self.pattern(pack, "version", pack.version, _SEMVER, "semver")
        if not pack.languages:
            self.refuse(pack, "languages", say("packs.value.empty", key="languages"))
        for language in pack.languages:
            self.pattern(pack, "languages", language, _LANGUAGE, "language")
        self.period(pack)

    def period(self, record: Pack | Requirement) -> None:
        for day in record.effective.values():
            self.day(record, "effective", day)
        start, end = record.effective.get("from"), record.effective.get("until")
        if start and end and end < start:
            self.refuse(record, "effective", say("packs.effective.reversed", start=start, end=end))

    def source(self, source: Source) -> None:
        self.pattern(source, "id", source.id, _ID, "id")
        if source.date:
            self.day(source, "date", source.date, partial=True)

    def fact(self, fact: FactDeclaration) -> None:
        self.pattern(fact, "id", fact.id, _NAME, "name")
        if fact.id in _RESERVED:
            self.refuse(fact, "id", say("packs.id.reserved", id=fact.id))
        self.choices(fact, needed=fact.type == "choice")
        if fact.evident_from is not None and fact.type != "boolean":
            self.refuse(fact, "evident_from", say("packs.fact.evident", fact=fact.id, type=fact.type))

    def requirement(self, requirement: Requirement) -> None:
        self.pattern(requirement, "urn", requirement.urn, _URN, "urn")
        if requirement.version < 1:
            self.low(requirement, "version", requirement.version, 1)
        if requirement.group not in self.groups:
            nearest = get_close_matches(requirement.group, self.groups, n=1) or self.groups
            self.refuse(requirement, "group", say("packs.group.unknown", group=requirement.group, nearest=nearest))
        if not requirement.stages:
            self.refuse(requirement, "stages", say("packs.value.empty", key="stages"))
        if not requirement.roles:
            self.refuse(requirement, "roles", say("packs.value.empty", key="roles"))
        for reference in requirement.sources:
            if reference.id not in self.sources:
                nearest = get_close_matches(reference.id, self.sources, n=1) or self.sources
                self.refuse(reference, "id", say("packs.source.unknown", source=reference.id, nearest=nearest))
        self.period(requirement)
        if requirement.evidence.max_age_days < 1:
            self.low(requirement.evidence, "max_age_days", requirement.evidence.max_age_days, 1)
        for mapping in requirement.mappings:
            if not _MAPPING.match(mapping.to):
                self.refuse(mapping, "to", say("packs.mapping.unpinned", to=mapping.to))
        if requirement.applies_when is not None:
            self.expression(requirement, "applies_when", requirement.applies_when, self.samples)
        self.unique(requirement.questions)
        self.unique(requirement.checks)
        earlier: list[Question] = []
        for question in requirement.questions:
            self.question(question, earlier, requirement)
            earlier.append(question)
        for check in requirement.checks:
            self.line(check)

    def question(self, question: Question, earlier: list[Question], requirement: Requirement) -> None:
        self.pattern(question, "id", question.id, _NAME, "name")
        kind = question.type
        if kind == "yes_no" and set(question.effects) != {"yes", "no"}:
            self.refuse(question, "effects", say("packs.question.effects_missing", question=question.id))
        allowed = {"effects": ("yes_no",), "accept": ("number",), "min_length": ("text",)}
        for key, types in allowed.items():
            if getattr(question, key) and kind not in types:
                self.refuse(question, key, say("packs.question.not_for_type", key=key, type=kind, expected=list(types)))
        self.choices(question, needed=kind in ("single", "multi"))
        for key in ("minutes", "min_length"):
            if getattr(question, key) < 0:
                self.low(question, key, getattr(question, key), 0)
        accept = question.accept
        if accept and accept.minimum is not None and accept.maximum is not None and accept.minimum > accept.maximum:
            problem = say("packs.question.range_reversed", minimum=accept.minimum, maximum=accept.maximum)
            self.refuse(accept, "minimum", problem)
        if question.when is not None:
            answers: Samples = {("answers", other.id): _answer_samples(other) for other in earlier}
            later = [other.id for other in requirement.questions if ("answers", other.id) not in answers]
            self.expression(question, "when", question.when, {**self.samples, **answers}, later)

    def line(self, check: Check) -> None:
        """Check one measurement and its line."""
        self.pattern(check, "id", check.id, _ID, "id")
        if not _MEASURE.match(check.measure):
            self.refuse(check, "measure", say("packs.check.measure_unpinned", measure=check.measure))
        wrong = {"difference": ">=", "ratio": "<="}.get(check.aggregation)
        if check.operator == wrong:
            problem = say("packs.check.operator", aggregation=check.aggregation, operator=check.operator)
            self.refuse(check, "operator", problem)
        if (check.aggregation == "overall") != (check.slice == "overall"):
            problem = say("packs.check.slice", aggregation=check.aggregation, slice=check.slice)
            self.refuse(check, "slice" if check.slice != "overall" else "aggregation", problem)
        if not 0.5 < check.confidence < 1:
            self.refuse(check, "confidence", say("packs.check.confidence", value=check.confidence))
        if check.margin < 0:
            self.low(check, "margin", check.margin, 0)
        if check.min_rows < 1:
            self.low(check, "min_rows", check.min_rows, 1)
        if not 0 <= check.coverage_min <= 1:
            self.refuse(check, "coverage_min", say("packs.check.coverage", value=check.coverage_min))

    def choices(self, owner: Question | FactDeclaration, *, needed: bool) -> None:
        if owner.choices and not needed:
            self.refuse(owner, "choices", say("packs.choices.unexpected", owner=owner.id, type=owner.type))
        if needed and not owner.choices:
            self.refuse(owner, "choices", say("packs.choices.missing", owner=owner.id, type=owner.type))
        self.unique(owner.choices)
        for choice in owner.choices:
            self.choice(choice)

    def choice(self, choice: Choice) -> None:
        self.pattern(choice, "id", choice.id, _ID, "id")
        if choice.id == "unknown":
            self.refuse(choice, "id", say("packs.id.reserved", id=choice.id))
        if choice.text is None and choice.title is None:
            self.refuse(choice, "", say("packs.key.missing", keys=["text"]))


def _answer_samples(question: Question) -> tuple[object, ...]:
    """Return values of the answer to a question, as `when` sees them."""
    choices = tuple(choice.id for choice in question.choices)
    if question.type == "multi":
        return [], list(choices)
    return ("yes", "no") if question.type == "yes_no" else choices or _INFINITE.get(question.type, ("",))


def samples_of(pack: Pack) -> Samples:
    """Return the values of each fact with which its expressions are tried."""
    known = domains(pack.facts)
    return {(fact.id,): known.get((fact.id,)) or _INFINITE.get(fact.type, ("",)) for fact in pack.facts}


def check_expression(source: str, samples: Samples, later: Iterable[str]) -> None:
    """Refuse an expression that does not compile, names what is not there or compares what can never be equal.

    Raises:
        PackError: without a place; the caller knows where the expression stands.
    """
    expression = compile_expression(source)
    for variable in sorted(expression.bound):
        if (variable,) in samples:
            raise PackError(say("packs.cel.shadowed", source=source, name=variable))
    for name in expression.names:
        if name not in samples:
            _undeclared(source, name, samples, later)
    for comparison in expression.comparisons:
        _comparable(expression, comparison, samples)
    try_all(expression, samples)


def _undeclared(source: str, name: Name, samples: Samples, later: Iterable[str]) -> None:
    known = [other[-1] for other in samples if len(other) == len(name)]
    if len(name) == 2:
        key = "packs.cel.question_later" if name[1] in later else "packs.cel.question_unknown"
        raise PackError(say(key, source=source, question=name[1], known=known or "–"))
    nearest = get_close_matches(name[0], known, n=1) or known or "–"
    raise PackError(say("packs.cel.fact_unknown", source=source, fact=name[0], nearest=nearest))


def _comparable(expression: Expression, comparison: Comparison, samples: Samples) -> None:
    values = samples.get(comparison.name)
    if values is None or values in _INFINITE.values():
        return
    finite = [item for value in values for item in (value if isinstance(value, list) else [value])]
    boolean = all(isinstance(value, bool) for value in finite)
    name = ".".join(comparison.name)
    if boolean and (comparison.quoted or comparison.literal not in ("true", "false")):
        allowed = ["true", "false"]
    elif not boolean and (not comparison.quoted or comparison.literal not in finite):
        allowed = [f"'{value}'" for value in finite]
    else:
        return
    problem = say(
        "packs.cel.never_equal", source=expression.source, name=name, literal=comparison.literal, allowed=allowed
    )
    raise PackError(problem)
