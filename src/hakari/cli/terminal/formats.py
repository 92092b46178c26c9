"""Formats: the result for machines that run pipelines (GitHub, GitLab, JUnit) and as one JSON document."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from hakari.assessment.case import Case
from hakari.assessment.harms import statement_of
from hakari.assessment.manifest import MANIFEST_NAME
from hakari.assessment.model import Finding
from hakari.assessment.reasons import (
    check_sentence,
    gate_sentence,
    role_word,
    settle_sentence,
    status_word,
    waiting_for,
)
from hakari.assessment.rules.conflicts import conflicts_of
from hakari.cli.terminal.mapped import conflicts_document, harms_document
from hakari.cli.terminal.open_work import open_answers, open_checks, sort_open
from hakari.cli.terminal.result import answer_text
from hakari.cli.terminal.session import Session, plain
from hakari.evidence import digest_json
from hakari.messages import Message, say

__all__ = ["FORMATS", "result_document"]

_OPEN: Final = ("not_met", "inconclusive", "missing", "stale")
_GITLAB: Final = {"critical": "critical", "major": "major", "minor": "minor"}


def github(case: Case, session: Session) -> str:
    """Return one annotation for each open requirement; questions of one role share one, because GitHub shows ten."""
    work = sort_open(case)
    lines = [_annotation("error", case, finding, session) for finding in work.not_met]
    lines += [_annotation("warning", case, finding, session) for finding in (*work.undecided, *work.unmeasured)]
    for roles, findings in work.questions.items():
        titles = [dict(case.requirement(finding).title) for finding in findings]
        told = say("cli.format.questions", roles=[role_word(role) for role in roles], n=len(findings), titles=titles)
        lines.append(_command("warning", session.say("cli.format.questions_title"), session.text(told)))
    for fact in work.facts:
        told = say("assessment.fact.unstated", fact=fact)
        lines.append(_command("warning", session.say("cli.format.facts_title"), session.text(told)))
    for pack, findings in work.resting.items():
        slugs = [_slug(case, finding) for finding in findings]
        told = say("cli.result.resting_pack", pack=pack, requirements=slugs)
        lines.append(_command("warning", session.say("cli.result.resting", n=len(findings)), session.text(told)))
    level = "notice" if case.assessment.gate.closes else "warning"
    lines.append(_command(level, session.say("cli.format.gate_title"), session.text(gate_sentence(case.assessment))))
    return "\n".join(lines)


def gitlab(case: Case, session: Session) -> str:
    """Return the code-quality document of GitLab."""
    found = [
        {
            "check_name": _slug(case, finding),
            "description": f"{_title(case, finding, session)}: {_sentence(case, finding, session)}",
            "fingerprint": digest_json([finding.requirement, finding.status]),
            "location": {"lines": {"begin": 1}, "path": MANIFEST_NAME},
            "severity": _GITLAB[finding.severity] if finding.status == "not_met" else "info",
        }
        for finding in _open(case)
    ]
    return json.dumps(found, ensure_ascii=False, indent=2, sort_keys=True)


def junit(case: Case, session: Session) -> str:
    """Return JUnit XML with one test case for each requirement.

    What is not met is a failure; what is open is a failure under the full gate and skipped otherwise.
    """
    cases = [_test_case(case, finding, session) for finding in case.assessment.findings]
    failures = sum("<failure" in item for item in cases)
    skipped = sum("<skipped" in item for item in cases)
    name = quoteattr(f"{case.assessment.use_case} {case.assessment.stage}")
    counts = f'tests="{len(cases)}" failures="{failures}" errors="0" skipped="{skipped}"'
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<testsuites name="hakari" {counts}>',
            f"<testsuite name={name} {counts}>",
            *cases,
            "</testsuite>",
            "</testsuites>",
        ]
    )


def result_document(case: Case, session: Session, **more: Any) -> dict[str, Any]:
    """Return the result as JSON: numbers as numbers, messages as sentences in the reader's language."""
    assessment = case.assessment
    return {
        "as_of": assessment.as_of,
        "conflicts": conflicts_document(conflicts_of(case), session),
        "findings": [_finding(case, finding, session) for finding in assessment.findings],
        "gate": plain(assessment.gate, session.language),
        "harms": harms_document(statement_of(case), session),
        "notices": [session.text(notice) for notice in assessment.notices],
        "plan": assessment.plan,
        "scope": assessment.scope,
        "sentence": session.text(gate_sentence(assessment)),
        "stage": assessment.stage,
        "system_version": assessment.system_version,
        "title": assessment.title,
        "use_case": assessment.use_case,
        **more,
    }


FORMATS: Mapping[str, Callable[[Case, Session], str]] = {"github": github, "gitlab": gitlab, "junit": junit}
"""The formats of pipelines by name."""


def _open(case: Case) -> Iterator[Finding]:
    return (finding for finding in case.assessment.findings if finding.status in _OPEN)


def _slug(case: Case, finding: Finding) -> str:
    return case.requirement(finding).slug


def _title(case: Case, finding: Finding, session: Session) -> str:
    return session.pick(case.requirement(finding).title)


def _sentence(case: Case, finding: Finding, session: Session) -> str:
    """Everything that is open about one requirement, in one paragraph."""
    parts: list[Message] = [say("cli.format.status", status=status_word(finding.status))]
    for result in open_checks(finding):
        planned = case.planned(result)
        parts.append(check_sentence(planned, result))
        settle = settle_sentence(planned, result)
        parts += [settle] if settle else []
    for answer in finding.answers:
        if answer.status == "not_met":
            question = case.question(finding, answer.question)
            told = answer_text(case, finding, answer.question)
            parts.append(say("cli.result.answered", question=dict(question.text), answer=told))
    waiting = open_answers(finding)
    if waiting:
        parts.append(say("cli.result.also_asked", questions=list(waiting)))
    parts += finding.reasons
    if finding.status in _OPEN:
        parts.append(say("cli.format.waiting", waiting=waiting_for(finding)))
    return " ".join(session.text(part) for part in parts)


def _annotation(level: str, case: Case, finding: Finding, session: Session) -> str:
    return _command(level, _title(case, finding, session), _sentence(case, finding, session))


def _command(level: str, title: str, message: str) -> str:
    """Escape as workflow commands ask for; a line break or comma would otherwise end the annotation."""
    head = title.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A").replace(":", "%3A").replace(",", "%2C")
    body = message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::{level} file={PurePosixPath(MANIFEST_NAME)},title={head}::{body}"


def _test_case(case: Case, finding: Finding, session: Session) -> str:
    name, group = quoteattr(_title(case, finding, session)), quoteattr(f"{finding.pack}.{finding.group}")
    head = f"<testcase classname={group} name={name}"
    if finding.status == "met":
        return f"{head}/>"
    text = _xml(_sentence(case, finding, session))
    if finding.status == "excepted":
        return f"{head}><system-out>{escape(text)}</system-out></testcase>"
    blocks = finding.status in _OPEN and case.assessment.gate.mode == "full"
    if finding.status == "not_met" or blocks:
        return f'{head}><failure type="{finding.status}" message={quoteattr(text)}/></testcase>'
    return f"{head}><skipped message={quoteattr(text)}/></testcase>"


def _xml(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(sign for sign in text if sign >= " " or sign in "\t\n")


def _finding(case: Case, finding: Finding, session: Session) -> dict[str, Any]:
    document: dict[str, Any] = plain(finding, session.language)
    document["title"] = _title(case, finding, session)
    document["waiting"] = session.text(waiting_for(finding)) if finding.status in _OPEN else ""
    for item, result in zip(document["checks"], finding.checks, strict=True):
        planned = case.planned(result)
        settle = settle_sentence(planned, result)
        item["sentence"] = session.text(check_sentence(planned, result))
        item["settle"] = session.text(settle) if settle else ""
    return document
