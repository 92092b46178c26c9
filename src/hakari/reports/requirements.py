"""Requirements as the report shows them: each finding opened to its reasons, answers, checks and evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hakari.assessment.case import Case
from hakari.assessment.model import AnswerResult, Finding
from hakari.assessment.reasons import answer_sentence, role_word, severity_word, spoken, waiting_for
from hakari.packs.model import FactDeclaration, Question, Requirement
from hakari.packs.overview import answering
from hakari.reports.checks import CheckView, check_view
from hakari.reports.words import Words

__all__ = ["AnswerView", "GroupView", "RequirementView", "anchor", "group_views", "stated_facts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerView:
    """One question and its answer; `value` is the person's own text, `note` is ours where there is none."""

    question: str
    values: tuple[str, ...]
    own_words: bool
    note: str
    status: str
    by: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkView:
    """Another requirement that answers one."""

    anchor: str
    """Empty where it has no place on the page."""
    title: str
    pack: str
    status: str
    relation: str
    rationale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementView:
    """One finding, all text rendered."""

    anchor: str
    title: str
    text: str
    status: str
    severity: str
    roles: str
    reference: str
    sources: tuple[str, ...]
    why: tuple[str, ...]
    reasons: tuple[str, ...]
    answers: tuple[AnswerView, ...]
    checks: tuple[CheckView, ...]
    waiting: str
    until: str
    settle_answers: str
    """What would settle the questions, if one of them stands in the way."""
    via: tuple[LinkView, ...] = ()
    """The requirements of other packs that answer this one; their evidence is shown there and not again."""
    unverified: str = ""
    """Why it could not be checked against its source."""
    rests_on_others: bool = False
    """True if nothing of its own is open, only what it rests on in other packs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """One principle with its requirements."""

    anchor: str
    title: str
    summary: str
    requirements: tuple[RequirementView, ...]
    counts: Mapping[str, int]
    pack: str = ""
    """Title of the framework, if there are several and this is its first principle."""


def anchor(finding: Finding) -> str:
    """Return the id of a finding on the page; packs may share slugs, so it holds the pack's name."""
    pack = finding.pack.split("@", 1)[0]
    slug = finding.requirement.rsplit(":", 1)[-1].split("@", 1)[0]
    return "r-" + re.sub(r"[^a-z0-9-]+", "-", f"{pack}-{slug}".lower())


def group_views(case: Case, words: Words) -> tuple[GroupView, ...]:
    """Return every principle in the packs' order with the findings under it, those not applicable left out."""
    groups = []
    for pack in case.packs:
        for place, principle in enumerate(pack.groups):
            mine = [f for f in case.assessment.findings if f.pack == pack.reference and f.group == principle.id]
            counts: dict[str, int] = {}
            for finding in mine:
                counts[finding.status] = counts.get(finding.status, 0) + 1
            groups.append(
                GroupView(
                    anchor="g-" + re.sub(r"[^a-z0-9-]+", "-", f"{pack.name}-{principle.id}".lower()),
                    title=words.text(principle.title),
                    summary=words.text(principle.summary),
                    requirements=tuple(_view(case, f, words) for f in mine if f.status != "not_applicable"),
                    counts=counts,
                    pack=words.text(pack.title) if len(case.packs) > 1 and place == 0 else "",
                )
            )
    return tuple(groups)


def stated_facts(case: Case, requirement: Requirement, words: Words) -> tuple[str, ...]:
    """Return the stated facts that decide whether a requirement applies, as `title: value`."""
    rule = requirement.applies_when
    if not rule:
        return ()
    declared = {fact.id: fact for pack in case.packs for fact in pack.facts}
    names = dict.fromkeys(re.findall(r"[A-Za-z_]\w*", re.sub(r"'[^']*'|\"[^\"]*\"", "", rule)))
    return tuple(
        words.say(
            "reports.requirement.fact",
            title=words.text(declared[name].title),
            value=_fact(declared[name], case.assessment.facts, words),
        )
        for name in names
        if name in declared
    )


def _fact(declared: FactDeclaration, facts: Mapping[str, Any], words: Words) -> str:
    value = facts.get(declared.id)
    if value is None:
        return words.say("reports.requirement.unstated")
    if isinstance(value, bool):
        return words.say("reports.answer.yes" if value else "reports.answer.no")
    for choice in declared.choices:
        if choice.id == value:
            return words.text(choice.title or choice.text)
    return f"{value:,}" if isinstance(value, (int, float)) else str(value)


def _view(case: Case, finding: Finding, words: Words) -> RequirementView:
    requirement = case.requirement(finding)
    name, settle = anchor(finding), answer_sentence(finding)
    titles = {source.id: words.text(source.title) for pack in case.packs for source in pack.sources}
    return RequirementView(
        anchor=name,
        title=words.text(requirement.title),
        text=words.text(requirement.text),
        status=finding.status,
        severity=words(severity_word(finding.severity)),
        roles=words.join([role_word(role) for role in finding.roles]),
        reference=finding.requirement,
        sources=tuple(
            " · ".join(part for part in (titles.get(item.id, item.id), words.text(item.section)) if part)
            for item in requirement.sources
        ),
        why=stated_facts(case, requirement, words),
        reasons=tuple(words(spoken(reason, case.plan.checks)) for reason in finding.reasons),
        answers=tuple(_answer(case, finding, item, words) for item in finding.answers),
        checks=tuple(
            check_view(f"{name}-c{number}", case, result, words)
            for number, result in enumerate(finding.checks, start=1)
        ),
        waiting=words(waiting_for(finding)),
        until=""
        if finding.stale_from is None
        else words.say("reports.requirement.until", day=words.day(finding.stale_from)),
        settle_answers="" if settle is None else words(settle),
        via=tuple(_links(case, finding, requirement, words)),
        unverified=words.text(requirement.unverified),
        rests_on_others=finding.rests_on_others,
    )


def _links(case: Case, finding: Finding, requirement: Requirement, words: Words) -> Iterator[LinkView]:
    """Yield what answers a requirement from another pack, in the order of its mappings."""
    others = {
        f"{other.pack}:{other.requirement.rsplit(':', 1)[-1].split('@', 1)[0]}": other
        for other in case.assessment.findings
    }
    for pack, item in answering(case.packs, requirement):
        if item.reference not in (finding.via or ()):
            continue
        name = f"{pack.reference}:{item.slug}"
        mapping = next(mapping for mapping in requirement.mappings if mapping.to == name)
        other = others.get(name)
        yield LinkView(
            anchor="" if other is None or other.status == "not_applicable" else anchor(other),
            title=words.text(item.title),
            pack=pack.reference,
            status="" if other is None else other.status,
            relation=words.say(f"reports.relation.{mapping.relation}"),
            rationale=words.text(mapping.rationale),
        )


def _answer(case: Case, finding: Finding, result: AnswerResult, words: Words) -> AnswerView:
    question = case.question(finding, result.question)
    record = case.evidence.get(result.evidence or "")
    values, own = _values(question, result.value, words)
    note = ""
    if result.status == "not_asked":
        values, note = (), words.say("reports.answer.not_asked")
    elif result.value == "unknown":
        values, note = (), words.say("reports.answer.unknown")
    elif not values:
        note = words.say("reports.answer.missing")
    by = ""
    if record is not None:
        by = words.say("reports.answer.by", by=record.producer.name, day=words.day(record.effective_at))
    return AnswerView(
        question=words.text(question.text),
        values=values,
        own_words=own,
        note=note,
        status=result.status,
        by=by,
        reasons=tuple(words(reason) for reason in result.reasons),
    )


def _values(question: Question, value: Any, words: Words) -> tuple[tuple[str, ...], bool]:
    """Return the answer as shown, and whether it is a person's own words (shown as written)."""
    if value is None or value == "" or value == []:
        return (), False
    if question.type == "yes_no":
        yes = value is True or value == "yes"
        return (words.say("reports.answer.yes" if yes else "reports.answer.no"),), False
    if question.type in ("single", "multi"):
        texts = {choice.id: words.text(choice.text or choice.title) for choice in question.choices}
        chosen = value if isinstance(value, (list, tuple)) else [value]
        return tuple(texts.get(str(item), str(item)) for item in chosen), False
    if question.type == "date":
        return (words.day(str(value)),), False
    if question.type == "number":
        return (f"{value:,}" if isinstance(value, (int, float)) else str(value),), False
    return (str(value),), True
