"""The statement as evidence: one record, signed like every other, and what a verifier can check about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from hakari.assessment.case import Case
from hakari.assessment.harms.model import HarmMap, HarmStatement
from hakari.assessment.harms.statement import make_statement
from hakari.errors import HakariError
from hakari.evidence import Evidence, Producer, decode, encode
from hakari.evidence.record import Answer
from hakari.messages import Message, say
from hakari.packs.expression import compile_expression
from hakari.packs.harms import HarmLibrary, Incident, fitting_facts, load_harms

__all__ = ["is_statement", "record_of", "statement_faults", "statement_in", "statement_of"]

_URN = "urn:hakari:harms:"
_QUESTION = "map"


def is_statement(record: Evidence) -> bool:
    """Return whether a record is the statement of a harm mapping."""
    given = record.answer
    if record.kind != "statement" or given is None:
        return False
    return given.question == _QUESTION and given.requirement.startswith(_URN)


def record_of(
    statement: HarmStatement,
    facts: Mapping[str, Any],
    library: HarmLibrary,
    *,
    incidents: tuple[Incident, ...] = (),
    producer: Producer,
    now: str,
) -> Evidence:
    """Return the statement as evidence. What it is about is as old as the newest answer in it.

    It has the shape of an answer, to the question `map` of the library, so that every reader of evidence knows it.
    """
    given = fitting_facts(facts, library)
    used = {name for harm in library.harms for name in _facts_read(harm.applies_when)}
    used |= {name for incident in (*library.incidents, *incidents) for name in incident.facts}
    reference = f"{library.urn}@{library.version}"
    return Evidence(
        kind="statement",
        answer=Answer(requirement=reference, question=_QUESTION, value=encode(statement)),
        facts={name: value for name, value in sorted(given.items()) if name in used},
        collected_at=now,
        effective_at=_newest(statement) or now,
        producer=producer,
    )


def statement_in(evidence: Mapping[str, Evidence]) -> HarmStatement | None:
    """Return the newest statement in `evidence`, or None if there is none that can be read."""
    found = [(record.collected_at, identifier) for identifier, record in evidence.items() if is_statement(record)]
    for _, identifier in sorted(found, reverse=True):
        try:
            return _decoded(evidence[identifier], identifier)
        except HakariError:
            continue
    return None


def statement_of(case: Case) -> HarmStatement:
    """Return the statement of a case; where nobody made one, what its facts call up, all of it unanswered."""
    found = statement_in(case.evidence)
    return make_statement(HarmMap(), case.assessment.facts, load_harms()) if found is None else found


def statement_faults(
    evidence: Mapping[str, Evidence], facts: Mapping[str, Any], library: HarmLibrary
) -> Iterator[tuple[str, Message]]:
    """Yield the id of each statement that is not what it says, with what is wrong.

    With the library that it was made from at hand, the harms that the facts call up are derived again: a statement that
    leaves one out, or calls it certain or not as it pleases, is found. With another library only its form and its facts
    can be checked.
    """
    for identifier, record in evidence.items():
        if not is_statement(record):
            continue
        try:
            statement = _decoded(record, identifier)
        except HakariError as error:
            yield identifier, _told(error)
            continue
        other = sorted(name for name, value in record.facts.items() if facts.get(name) != value)
        if other:
            yield identifier, say("assessment.harms.other_facts", facts=other)
        elif (statement.library, statement.digest) == (library.reference, library.digest):
            again = make_statement(HarmMap(), facts, library)
            differing = sorted({name for name, _ in _called(statement) ^ _called(again)})
            if differing:
                yield identifier, say("assessment.harms.differs", harms=differing)


def _decoded(record: Evidence, identifier: str) -> HarmStatement:
    assert record.answer is not None
    return decode(HarmStatement, record.answer.value, what=f"evidence/{identifier}.json")


def _called(statement: HarmStatement) -> set[tuple[str, tuple[object, ...]]]:
    """Return what follows from facts and library alone: harms called up, and the library's incidents."""
    harms = {
        (line.harm, ("harm", line.certain, line.unstated, line.requirements)) for line in statement.harms if line.called
    }
    return harms | {
        (line.incident, ("incident", line.certain, line.unstated)) for line in statement.incidents if not line.own
    }


def _facts_read(source: str) -> set[str]:
    return {name[0] for name in compile_expression(source).names}


def _newest(statement: HarmStatement) -> str | None:
    """Return the latest time of an answer, as it was written."""
    times = [answer.at for answer in statement.exposures.values()]
    times += [line.answer.at for line in statement.harms if line.answer is not None]
    return max(filter(None, times), key=_moment, default=None)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _told(error: HakariError) -> Message:
    return error.message if isinstance(error.message, Message) else say("text", text=str(error))
