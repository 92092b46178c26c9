"""What pages say of a notification: answers with who gave them, reasons with their sources, what is asked when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hakari.messages import say
from hakari.office.intake.models import Answer, AskLink, Notification, TriageRecord
from hakari.office.intake.weighing import UNKNOWN, asked_questions, frameworks, requirement_named
from hakari.office.people.models import Person
from hakari.packs.model import Pack
from hakari.packs.triage import PreScanQuestion
from hakari.packs.triage.model import TierRule

__all__ = ["AnswerLine", "answer_lines", "chosen_texts", "frameworks_of", "names_of", "stages_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    """One question and what stands there."""

    question: PreScanQuestion
    texts: tuple[Any, ...]
    """The chosen choices as texts in both languages; empty if nobody knows."""
    answered: bool
    """Whether anybody said anything, "I don't know" among it."""
    by: Any
    """Name of whoever answered."""
    asked: bool
    """Whether somebody outside has been asked and did not answer yet."""
    rounds: int = field(default=0)


def answer_lines(notification: Notification) -> list[AnswerLine]:
    """Return every question that is asked, with its answer; three queries."""
    last: dict[str, Answer] = {}
    for item in Answer.objects.filter(notification=notification).order_by("round"):
        last[item.question] = item
    names = names_of(item.by for item in last.values())
    waiting = {
        name
        for link in AskLink.objects.filter(notification=notification)
        if link.state == "open"
        for name in link.questions
    }
    lines = []
    for question in asked_questions(notification.answers):
        value = notification.answers.get(question.id)
        found = last.get(question.id)
        lines.append(
            AnswerLine(
                question=question,
                texts=chosen_texts(question, value),
                answered=value is not None,
                by=names.get(found.by, "") if found else "",
                asked=question.id in waiting and value in (None, UNKNOWN),
                rounds=found.round if found else 0,
            )
        )
    return lines


def chosen_texts(question: PreScanQuestion, value: Any) -> tuple[Any, ...]:
    """Return the texts of the choices in an answer."""
    given = value if isinstance(value, list) else [value]
    return tuple(choice.text for choice in question.choices if choice.id in given)


def names_of(keys: Iterable[str]) -> dict[str, Any]:
    """Return who stands behind keys of the ledger: people by name, links by the name that was given there."""
    wanted = set(keys)
    links = [key.removeprefix("link:") for key in wanted if key.startswith("link:")]
    found: dict[str, Any] = {person.key: person.name or "—" for person in Person.objects.filter(key__in=wanted)}
    for link in AskLink.objects.filter(key__in=links).select_related("answered_by") if links else ():
        found[link.actor_key] = say("office.intake.by_link", name=str(link.answered_by or "—"))
    if "system" in wanted:
        found["system"] = say("office.intake.by_system")
    return found


def frameworks_of(record: TriageRecord) -> list[dict[str, Any]]:
    """Return what each framework said, with the words of its rules and their sources.

    Where a pack has changed since, its ids are all that is left; the record itself stays what it was.
    """
    known = {(pack.reference, pack.digest): (pack, rules) for pack, rules in frameworks()}
    found = []
    for item in record.packs:
        pack, rules = known.get((item["pack"], item["digest"]), (None, None))
        tiers = {tier.id: tier for tier in rules.tiers} if rules else {}
        by_id = {rule.id: rule for rule in rules.rules} if rules else {}
        found.append(
            {
                "pack": item["pack"],
                "title": pack.title if pack else item["pack"],
                "applies": item["applies"],
                "lowest": tiers[item["lowest"]].title if tiers else item["lowest"],
                "highest": tiers[item["highest"]].title if tiers else item["highest"],
                "ranged": item["lowest"] != item["highest"],
                "reasons": [_reason(pack, by_id.get(name), name) for name in item["reasons"]],
                "open": [_reason(pack, by_id.get(each["rule"]), each["rule"]) for each in item["open"]],
                "roles": _roles(rules, item["roles"]),
            }
        )
    return found


def stages_of(record: TriageRecord) -> dict[str, Any]:
    """Return what was announced for each stage, and the sums."""
    stages = [
        {
            "name": say(f"reasons.stage.{item['stage']}"),
            "questions": item["questions"],
            "minutes": item["minutes"],
            "roles": [
                {"name": say(f"reasons.role.{role}"), "questions": count, "minutes": minutes}
                for role, count, minutes in item["roles"]
            ],
            "titles": [_title(reference, slug) for reference, slug in item["requirements"]],
        }
        for item in record.stages
    ]
    return {
        "stages": stages,
        "questions": sum(item["questions"] for item in record.stages),
        "minutes": sum(item["minutes"] for item in record.stages),
    }


def _title(reference: str, slug: str) -> Any:
    found = requirement_named(reference, slug)
    return found.title if found else slug


def _reason(pack: Pack | None, rule: TierRule | None, name: str) -> dict[str, Any]:
    if pack is None or rule is None:
        return {"because": name, "source": "", "section": ""}
    titles = {source.id: source.title for source in pack.sources}
    source = rule.source
    return {
        "because": rule.because,
        "source": titles.get(source.id, source.id) if source else "",
        "section": (source.section or "") if source else "",
    }


def _roles(rules: Any, stored: Iterable[Mapping[str, Any]]) -> list[Any]:
    titles = {role.id: role.title for role in rules.roles} if rules else {}
    return [{"title": titles.get(item["role"], item["role"]), "sure": item["holds"] is True} for item in stored]
