"""`hakari answer`: work through the open questions, or answer one of them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from hakari.cli._command import command
from hakari.cli.terminal.session import Session
from hakari.errors import InputError
from hakari.messages import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from hakari.packs.model import Question, Requirement
    from hakari.workflows.answers import OpenQuestion
    from hakari.workflows.project import Project

__all__ = ["answer"]

_YES = {"yes", "y", "true", "はい", "○"}
_NO = {"no", "n", "false", "いいえ", "×"}
_UNKNOWN = {"?", "？", "unknown", "わからない", "不明"}
_QUIT = {"q", "quit", ":q"}


@command("answer")
@click.argument("requirement", required=False, metavar="[REQUIREMENT")
@click.argument("question", required=False, metavar="QUESTION")
@click.argument("value", required=False, metavar="VALUE]")
@click.option("--by", envvar="HAKARI_BY")
@click.option("--list", "list_only", is_flag=True)
@click.option("--organisation", is_flag=True)
def answer(
    session: Session,
    requirement: str | None,
    question: str | None,
    value: str | None,
    by: str | None,
    list_only: bool,
    organisation: bool,
) -> None:
    """Answer one question by arguments, list the open ones, or ask them one after the other."""
    from hakari.workflows.answers import open_questions
    from hakari.workflows.project import open_project
    from hakari.workflows.settings import Clock

    project = open_project(session.folder, data=False)
    clock = Clock.read()
    at = clock.now
    if requirement is None:

        def waiting() -> tuple[OpenQuestion, ...]:
            return open_questions(project, day=clock.today.isoformat(), organisation=organisation)

        if list_only or session.as_json:
            _list(waiting(), session)
        else:
            _work_through(project, session, waiting, by=by, at=at)
        return
    if question is None or value is None:
        raise InputError(say("cli.answer.usage", requirement=requirement))
    _one(project, session, requirement, question, value, by=by or "", at=at)


def _one(project: Project, session: Session, slug: str, identifier: str, value: str, *, by: str, at: str) -> None:
    from hakari.workflows.answers import record_answer

    requirement = _requirement(project, slug)
    question = _question(requirement, identifier)
    record_answer(project, requirement, question, read_value(question, value), by=by, at=at)
    if session.as_json:
        session.emit({"by": by, "question": identifier, "requirement": slug, "value": read_value(question, value)})
    else:
        session.print(session.say("cli.answer.saved", requirement=slug, question=identifier))


def _list(found: tuple[OpenQuestion, ...], session: Session) -> None:
    if session.as_json:
        session.emit(
            [
                {
                    "answered_unknown": item.answered_unknown,
                    "choices": [choice.id for choice in item.question.choices],
                    "minutes": item.question.minutes,
                    "question": item.question.id,
                    "requirement": item.requirement.slug,
                    "roles": item.requirement.roles,
                    "text": session.pick(item.question.text),
                    "type": item.question.type,
                }
                for item in found
            ]
        )
        return
    minutes = sum(item.question.minutes for item in found)
    session.print(session.say("cli.answer.count", n=len(found), minutes=minutes))
    slug = ""
    for item in found:
        if item.requirement.slug != slug:
            slug = item.requirement.slug
            session.print()
            session.print(_title(item, session))
        key = "cli.answer.item_unknown" if item.answered_unknown else "cli.answer.item"
        told = session.say(key, question=item.question.id, text=dict(item.question.text))
        session.print(told, first="  - ", rest="    ")


def _work_through(
    project: Project, session: Session, unanswered: Callable[[], tuple[OpenQuestion, ...]], *, by: str | None, at: str
) -> None:
    """Ask until nothing is left or the person stops; each answer is saved before the next question is shown."""
    seen: set[tuple[str, str]] = set()
    saved = 0
    waiting = _waiting(unanswered(), seen)
    if not waiting:
        session.print(session.say("cli.answer.none"))
        return
    session.print(session.say("cli.answer.count", n=len(waiting), minutes=sum(i.question.minutes for i in waiting)))
    session.print(session.say("cli.answer.how"))
    who = by if by is not None else click.prompt(session.say("cli.answer.by"), default="", show_default=False).strip()
    while waiting:
        item = waiting[0]
        _show(item, len(waiting), session)
        outcome = _ask(project, item, session, by=who, at=at)
        if outcome == "quit":
            break
        seen.add((item.requirement.slug, item.question.id))
        saved += outcome == "saved"
        waiting = _waiting(unanswered(), seen)
    session.print()
    session.print(session.say("cli.answer.done", n=saved, left=len(unanswered())))


def _waiting(found: tuple[OpenQuestion, ...], seen: set[tuple[str, str]]) -> list[OpenQuestion]:
    """Leave out what was shown in this run, and what hangs on a question that was shown and is still open.

    Questions that nobody has answered come before those that somebody could not.
    """
    passed = {item.requirement.slug for item in found if (item.requirement.slug, item.question.id) in seen}
    left = [
        item
        for item in found
        if (item.requirement.slug, item.question.id) not in seen
        and not (item.question.when is not None and item.requirement.slug in passed)
    ]
    return sorted(left, key=lambda item: item.answered_unknown)


def _ask(project: Project, item: OpenQuestion, session: Session, *, by: str, at: str) -> str:
    """Return saved, skipped or quit; a value that does not fit is told in one line and asked again."""
    from hakari.workflows.answers import record_answer

    while True:
        typed = click.prompt("  >", default="", show_default=False, prompt_suffix=" ").strip()
        if typed.casefold() in _QUIT:
            return "quit"
        if not typed:
            return "skipped"
        try:
            value = read_value(item.question, typed)
            record_answer(project, item.requirement, item.question, value, by=by, at=at)
        except InputError as error:
            session.print(session.text(error.message), first="  ", rest="  ")  # type: ignore[arg-type]  # a Message
            continue
        return "saved"


def _show(item: OpenQuestion, left: int, session: Session) -> None:
    from hakari.assessment.reasons import role_word

    session.print()
    roles = [role_word(role) for role in item.requirement.roles]
    head = session.say("cli.answer.head", title=dict(item.requirement.title), roles=roles, left=left)
    session.lines(click.style(head, bold=True))
    session.print(session.pick(item.question.text), first="  ", rest="  ")
    if item.question.help:
        session.print(session.pick(item.question.help), first="  ", rest="  ")
    for key in ("good", "poor"):
        example = getattr(item.question, key)
        if example:
            session.print(session.say(f"cli.answer.{key}", text=dict(example)), first="  ", rest="    ")
    for number, choice in enumerate(item.question.choices, start=1):
        session.print(session.pick(choice.text or choice.title), first=f"    {number} ", rest="      ")
    if item.answered_unknown:
        session.print(session.say("cli.answer.was_unknown"), first="  ", rest="  ")
    session.print(session.say(f"cli.answer.type.{item.question.type}"), first="  ", rest="  ")


def _title(item: OpenQuestion, session: Session) -> str:
    return session.say("cli.answer.requirement", title=dict(item.requirement.title), requirement=item.requirement.slug)


def read_value(question: Question, typed: str) -> Any:
    """Return what a person typed as the question means it; what does not fit is left for the question to refuse."""
    plain = typed.strip()
    if plain.casefold() in _UNKNOWN:
        return "unknown"
    if question.type == "yes_no":
        lower = plain.casefold()
        return "yes" if lower in _YES else "no" if lower in _NO else plain
    if question.type == "single":
        return _choice(question, plain)
    if question.type == "multi":
        parts = [part.strip() for part in plain.replace("、", ",").split(",")]
        return tuple(_choice(question, part) for part in parts if part)
    if question.type == "number":
        try:
            number = float(plain.replace(",", ""))
        except ValueError:
            return plain
        return int(number) if number.is_integer() else number
    if question.type == "date" and plain.casefold() in ("today", "今日"):
        return date.today().isoformat()  # noqa: DTZ011  # the person's own day is meant
    return plain


def _choice(question: Question, typed: str) -> str:
    if typed.isdecimal() and 1 <= int(typed) <= len(question.choices):
        return question.choices[int(typed) - 1].id
    return typed


def _requirement(project: Project, slug: str) -> Requirement:
    from hakari.assessment.manifest import nearest

    known = {requirement.slug: requirement for pack in project.packs for requirement in pack.requirements}
    if slug not in known:
        raise InputError(say("cli.requirement.unknown", requirement=slug, nearest=nearest(slug, list(known))[:5]))
    return known[slug]


def _question(requirement: Requirement, identifier: str) -> Question:
    from hakari.assessment.manifest import nearest

    known = {question.id: question for question in requirement.questions}
    if identifier not in known:
        near = nearest(identifier, list(known)) or "–"
        raise InputError(say("cli.question.unknown", requirement=requirement.slug, question=identifier, nearest=near))
    return known[identifier]
