"""Result: what `assess` says on a terminal, to a tired reader with little time left.

First one line of counts, then what is not met, then what the rows do not decide, each with its limit, its figure, a
picture and what would settle it; then, in lists, what only waits for an answer. Sentences come from
`hakari.assessment.reasons`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import click

from hakari.assessment.case import Case
from hakari.assessment.model import CheckResult, Finding, PlannedCheck
from hakari.assessment.reasons import (
    counts_sentence,
    figure_sentence,
    further_reasons,
    gate_sentence,
    limit_sentence,
    role_word,
    settle_sentence,
    severity_word,
    stage_word,
    status_word,
    verdict_sentence,
    waiting_for,
)
from hakari.cli.terminal.layout import paragraph
from hakari.cli.terminal.open_work import OpenWork, open_answers, open_checks, sort_open
from hakari.cli.terminal.picture import picture
from hakari.cli.terminal.session import Session
from hakari.evidence import Unmeasured
from hakari.messages import Message, say

__all__ = ["SIGNS", "result_text"]

SIGNS: Final = {
    "met": ("✓", "+"),
    "not_met": ("✗", "x"),
    "inconclusive": ("?", "?"),
    "missing": ("…", "-"),
    "stale": ("↻", "~"),
    "excepted": ("⚑", "e"),
    "not_applicable": ("–", "n"),
}
_COLOURS: Final = {"not_met": "red", "inconclusive": "yellow", "met": "green"}
_INDENT = "  "
# Verdicts that neither the figure nor the picture shows.
_UNSEEN: Final = ("reasons.verdict.inconclusive.reused", "reasons.verdict.inconclusive.coverage")


def result_text(case: Case, session: Session) -> str:
    """Return the whole result."""
    return "\n".join(_lines(case, session))


def sign(status: str, session: Session) -> str:
    """Return the sign of a status, coloured where there are colours."""
    return click.style(SIGNS[status][0 if session.unicode else 1], fg=_COLOURS.get(status), bold=True)


def _lines(case: Case, session: Session) -> Iterator[str]:
    assessment, work = case.assessment, sort_open(case)
    title = session.say(
        "cli.result.title", title=assessment.title, stage=stage_word(assessment.stage), day=assessment.as_of
    )
    yield click.style(title, bold=True)
    yield _wrap(session, counts_sentence(assessment.gate.counts), "", "")
    yield _wrap(session, gate_sentence(assessment), "", "")
    if any(_drawn(case, finding) for finding in (*work.not_met, *work.undecided)):
        yield ""
        yield _wrap(session, say(f"cli.result.legend.{'unicode' if session.unicode else 'ascii'}"), "", "")
    for status, findings in (("not_met", work.not_met), ("inconclusive", work.undecided), ("missing", work.unmeasured)):
        if findings:
            yield ""
            yield _heading(session, status, len(findings))
            for finding in findings:
                yield from _finding(case, finding, session)
    yield from _waiting(case, work, session)
    yield from _resting(case, work, session)
    if assessment.notices:
        yield ""
        yield click.style(session.say("cli.result.notices"), bold=True)
        for notice in assessment.notices:
            yield _wrap(session, notice, f"{_INDENT}- ", f"{_INDENT}  ")


def _heading(session: Session, status: str, count: int) -> str:
    text = session.say("cli.result.heading", status=status_word(status), n=count)
    return click.style(text.upper() if session.language == "en" else text, bold=True)


def _finding(case: Case, finding: Finding, session: Session) -> Iterator[str]:
    requirement = case.requirement(finding)
    yield ""
    head = session.say(
        "cli.result.finding",
        title=dict(requirement.title),
        severity=severity_word(finding.severity),
        requirement=requirement.slug,
    )
    mark = sign(finding.status, session)
    # The mark is put in after wrapping, because its colour would count as width.
    yield _wrap(session, head, "@ ", "  ").replace("@", mark, 1)
    for number, result in enumerate(open_checks(finding)):
        if number:
            yield ""
        yield from _check(case.planned(result), result, session)
    yield from _answers(case, finding, session)
    yield _wrap(session, waiting_for(finding), _INDENT, _INDENT)


def _check(planned: PlannedCheck, result: CheckResult, session: Session) -> Iterator[str]:
    yield _wrap(session, limit_sentence(planned), _INDENT, _INDENT)
    yield _wrap(session, figure_sentence(planned, result), _INDENT, _INDENT)
    drawn = picture(planned, result, session)
    if drawn is not None:
        yield from (f"{_INDENT}{line}" for line in drawn)
    verdict = verdict_sentence(planned, result)
    if verdict.key in _UNSEEN:
        yield _wrap(session, verdict, _INDENT, _INDENT)
    for reason in further_reasons(result):
        yield _wrap(session, reason, _INDENT, _INDENT)
    settle = settle_sentence(planned, result)
    if settle is not None:
        arrow = "→ " if session.unicode else "-> "
        yield _wrap(session, settle, _INDENT + arrow, _INDENT + " " * len(arrow))


def _answers(case: Case, finding: Finding, session: Session) -> Iterator[str]:
    """Answers that say it is not so, and how many questions are open beside a check."""
    failing = [answer for answer in finding.answers if answer.status == "not_met"]
    for answer in failing:
        question = case.question(finding, answer.question)
        told = say(
            "cli.result.answered", question=dict(question.text), answer=answer_text(case, finding, answer.question)
        )
        yield _wrap(session, told, _INDENT, _INDENT)
    if failing:
        arrow = "→ " if session.unicode else "-> "
        yield _wrap(session, say("reasons.settle.answer_not_met"), _INDENT + arrow, _INDENT + " " * len(arrow))
    waiting = open_answers(finding)
    if waiting:
        yield _wrap(session, say("cli.result.also_asked", questions=list(waiting)), _INDENT, _INDENT)


def answer_text(case: Case, finding: Finding, identifier: str) -> Message | str:
    """Return an answer as a person reads it: the words of the choice, not its id."""
    question = case.question(finding, identifier)
    value = next(answer.value for answer in finding.answers if answer.question == identifier)
    if question.type == "yes_no":
        return say(f"cli.value.{value}")
    texts = {choice.id: dict(choice.text or choice.title or {}) for choice in question.choices}
    chosen = value if isinstance(value, (list, tuple)) else [value]
    return say("cli.value.listed", values=[texts.get(str(item)) or str(item) for item in chosen])


def _waiting(case: Case, work: OpenWork, session: Session) -> Iterator[str]:
    """One list for each set of roles, and one for the facts that nobody has stated."""
    if work.questions:
        yield ""
        count = sum(len(findings) for findings in work.questions.values())
        text = session.say("cli.result.questions", n=count)
        yield click.style(text.upper() if session.language == "en" else text, bold=True)
        for roles, findings in sorted(work.questions.items(), key=lambda item: -len(item[1])):
            yield from _asked(case, roles, findings, session)
        yield _wrap(session, say("reasons.settle.answer"), _INDENT, _INDENT)
    if work.facts:
        yield ""
        text = session.say("cli.result.facts", n=len(work.facts))
        yield click.style(text.upper() if session.language == "en" else text, bold=True)
        declared = {fact.id: fact for pack in case.packs for fact in pack.facts}
        for fact, findings in work.facts.items():
            titles = [dict(case.requirement(finding).title) for finding in findings]
            told = say("cli.result.fact", fact=fact, title=dict(declared[fact].title), n=len(findings), titles=titles)
            yield _wrap(session, told, f"{_INDENT}- ", f"{_INDENT}  ")
        yield _wrap(session, say("cli.result.state_facts"), _INDENT, _INDENT)


def _resting(case: Case, work: OpenWork, session: Session) -> Iterator[str]:
    """One line for each pack whose requirements are open only because of what stands above."""
    if not work.resting:
        return
    yield ""
    text = session.say("cli.result.resting", n=sum(len(findings) for findings in work.resting.values()))
    yield click.style(text.upper() if session.language == "en" else text, bold=True)
    for pack, findings in work.resting.items():
        marked = [f"{SIGNS[f.status][0 if session.unicode else 1]} {case.requirement(f).slug}" for f in findings]
        yield _wrap(session, say("cli.result.resting_pack", pack=pack, requirements=marked), _INDENT, f"{_INDENT}  ")
    yield _wrap(session, say("cli.result.resting_how"), _INDENT, _INDENT)


def _asked(case: Case, roles: tuple[str, ...], findings: tuple[Finding, ...], session: Session) -> Iterator[str]:
    pairs = [(finding, name) for finding in findings for name in open_answers(finding)]
    minutes = sum(case.question(finding, name).minutes for finding, name in pairs)
    told = say("cli.result.role", roles=[role_word(role) for role in roles], n=len(pairs), minutes=minutes)
    yield _wrap(session, told, _INDENT, _INDENT)
    for finding in findings:
        mark = SIGNS[finding.status][0 if session.unicode else 1]
        item = say(
            "cli.result.role_item",
            title=dict(case.requirement(finding).title),
            requirement=case.requirement(finding).slug,
            severity=severity_word(finding.severity),
        )
        yield _wrap(session, item, f"{_INDENT}  {mark} ", f"{_INDENT}    ")


def _drawn(case: Case, finding: Finding) -> bool:
    return any(
        not isinstance(result.value, Unmeasured) and case.planned(result).basis != "count"
        for result in open_checks(finding)
    )


def _wrap(session: Session, message: Message | str, first: str, rest: str) -> str:
    return paragraph(session.text(message), session.width, first=first, rest=rest)
