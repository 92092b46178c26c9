"""Comparing rows with the events that made them: what was changed past the site, and where.

Rows that are written once are compared whole (`core.ledger.made`). Of rows that do change, what an event or a signed
statement says of them is compared: how a ballot ended, what a condition says and whether it is closed, which stages
closed. Everything else that changes is the office's working memory, which no event vouches for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, Literal

from django.db import models

from hakari.assessment.decision import DECISION_TYPE
from hakari.errors import HakariError
from hakari.messages import Message, say
from hakari.office.committee.models import Ballot, Condition, ConditionClosing, Decision
from hakari.office.core.append_only import append_only_models
from hakari.office.core.ledger.made import digest_of, keys_in, stored
from hakari.office.core.models import Event
from hakari.office.lifecycle.given import predicate_of
from hakari.office.lifecycle.models import File, StageAssessment, Standing

__all__ = ["RowProblem", "compare_rows", "row_problem_text"]

_PAGE: Final = 2_000
# The chain itself; and rows that their own digest vouches for.
_OTHERWISE: Final = {"core_event"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """A row that is not what an event made."""

    kind: Literal["changed", "gone", "added", "state"]
    table: str
    key: int
    """The row, or the first of those that one event made together."""
    sequence: int
    """The event; 0 for a row that none made."""


def compare_rows(*, most: int = 20, tell: Callable[[Message], None] | None = None) -> list[RowProblem]:
    """Return the first rows that differ from what their events say."""
    return list(islice(_problems(tell), most))


def row_problem_text(problem: RowProblem) -> Message:
    """Return a problem as a sentence."""
    return say(f"office.desk.row.{problem.kind}", table=problem.table, key=str(problem.key), sequence=problem.sequence)


def _problems(tell: Callable[[Message], None] | None) -> Iterator[RowProblem]:
    tables = {model._meta.db_table: model for model in append_only_models()}
    for name in _OTHERWISE:
        tables.pop(name, None)
    claimed: dict[str, set[int]] = {name: set() for name in tables}
    events = Event.objects.order_by("sequence").values_list("sequence", "body")
    place = 0
    while page := list(events.filter(sequence__gt=place)[:_PAGE]):
        place = page[-1][0]
        yield from _of_page(page, tables, claimed)
        if tell is not None:
            tell(say("office.desk.row.progress", n=place))
    for name, model in tables.items():
        for key in model._base_manager.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=_PAGE):
            if key not in claimed[name]:
                yield RowProblem(kind="added", table=name, key=int(key), sequence=0)
    yield from _ballots()
    yield from _conditions()
    yield from _stages()


def _of_page(
    page: list[tuple[int, Any]], tables: dict[str, type[models.Model]], claimed: dict[str, set[int]]
) -> Iterator[RowProblem]:
    """Compare what a page of events made; the rows of a table are read at once."""
    made = [(sequence, name, keys, digest) for sequence, body in page for name, keys, digest in _made(body)]
    made = [item for item in made if item[1] in tables]
    wanted: dict[str, list[int]] = {}
    for _, name, keys, _digest in made:
        wanted.setdefault(name, []).extend(keys)
    there = {name: stored(tables[name], keys) for name, keys in wanted.items()}
    for sequence, name, keys, digest in made:
        claimed[name].update(keys)
        gone = [key for key in keys if key not in there[name]]
        if gone:
            yield RowProblem(kind="gone", table=name, key=gone[0], sequence=sequence)
        elif digest_of(there[name][key] for key in keys) != digest:
            yield RowProblem(kind="changed", table=name, key=keys[0], sequence=sequence)


def _made(body: Any) -> Iterator[tuple[str, list[int], str]]:
    try:
        stated = json.loads(bytes(body))["data"].get("made", {})
        found = [(str(name), keys_in(ranges), str(digest)) for name, (ranges, digest) in stated.items()]
    except (ValueError, KeyError, TypeError, AttributeError):
        return  # a bent event: the chain names it
    yield from found


def _data(kinds: list[str]) -> Iterator[tuple[int, str, dict[str, Any]]]:
    rows = Event.objects.filter(kind__in=kinds).order_by("sequence").values_list("sequence", "kind", "body")
    for sequence, kind, body in rows.iterator(chunk_size=_PAGE):
        try:
            yield sequence, kind, dict(json.loads(bytes(body))["data"])
        except (ValueError, KeyError, TypeError):
            continue


def _ballots() -> Iterator[RowProblem]:
    """A ballot ended as its event says, and one that no event ended is open."""
    ended = {}
    for sequence, kind, data in _data(["committee.ballot_closed", "committee.called", "committee.consented"]):
        ending = {"committee.called": "called", "committee.consented": "decided"}.get(kind, data.get("ending"))
        ended[data.get("ballot")] = (sequence, ending, data.get("outcome", ""))
    names = ("pk", "key", "ending", "outcome", "closed_at")
    for key, name, ending, outcome, closed_at in Ballot.objects.order_by("pk").values_list(*names):
        sequence, *said = ended.get(name, (0, "", ""))
        if [ending, outcome] != said or (closed_at is None) != (sequence == 0):
            yield RowProblem(kind="state", table=Ballot._meta.db_table, key=key, sequence=sequence)


def _conditions() -> Iterator[RowProblem]:
    """A condition says what the signed decision says, and is closed where there is a closing."""
    table = Condition._meta.db_table
    closed = set(ConditionClosing.objects.values_list("condition_id", flat=True))
    signed: dict[int, dict[int, Any] | None] = {}
    rows = Condition.objects.select_related("decision", "text").order_by("pk")
    for row in rows.iterator(chunk_size=_PAGE):
        if row.decision_id not in signed:
            signed[row.decision_id] = _signed(row.decision)
        said = (signed[row.decision_id] or {}).get(row.number)
        same = said is not None and all(
            (
                row.text.text is None or said["text"] == row.text.text,
                (said["requirement"], said["due"], said["rule"], said.get("check", ""))
                == (row.requirement, row.due.isoformat(), row.rule, row.check_id),
                row.use_case_id == row.decision.use_case_id,
                (row.closed_at is not None) == (row.pk in closed),
            )
        )
        if not same:
            yield RowProblem(kind="state", table=table, key=row.pk, sequence=0)
    counts = dict(Condition.objects.values_list("decision_id").annotate(n=models.Count("pk")))
    for decision in Decision.objects.filter(outcome="approve_with_conditions").iterator(chunk_size=_PAGE):
        stated = signed[decision.pk] if decision.pk in signed else _signed(decision)
        if stated is not None and len(stated) != counts.get(decision.pk, 0):
            yield RowProblem(kind="state", table=table, key=0, sequence=0)


def _signed(decision: Decision) -> dict[int, Any] | None:
    """Return the conditions that a decision was signed with, by number."""
    file = File.objects.filter(digest=decision.signed).first()
    try:
        content = bytes(file.content) if file is not None and file.content is not None else b""
        statement: Any = predicate_of(content, what=decision.number, kind=DECISION_TYPE)
        return {int(item["number"]): item for item in statement["conditions"]}
    except (HakariError, ValueError, KeyError, TypeError):
        return None


_ENDS: Final = {
    "assessment.opened": Standing.OPEN,
    "assessment.submitted": Standing.IN_REVIEW,
    "assessment.taken_back": Standing.CHANGES,
    "assessment.closed": Standing.CLOSED,
    "assessment.stale": Standing.STALE,
    "review.changes_asked": Standing.CHANGES,
}


def _stages() -> Iterator[RowProblem]:
    """A decided stage has its decision, a closed one its event, and one in review its round."""
    last: dict[str, tuple[int, str]] = {}
    for sequence, kind, data in _data(list(_ENDS)):
        last[str(data.get("assessment"))] = (sequence, _ENDS[kind])
    decided = set(Decision.objects.exclude(outcome="defer").values_list("assessment_id", flat=True))
    rows = StageAssessment.objects.order_by("pk").values_list("pk", "key", "standing")
    for key, name, standing in rows.iterator(chunk_size=_PAGE):
        sequence, said = last.get(name, (0, ""))
        fits = {
            Standing.OPEN: said == Standing.OPEN,
            Standing.IN_REVIEW: said == Standing.IN_REVIEW and key not in decided,
            # A decision to defer, or other facts, bring it there as well.
            Standing.CHANGES: said in (Standing.CHANGES, Standing.IN_REVIEW) and key not in decided,
            Standing.DECIDED: said == Standing.IN_REVIEW and key in decided,
            Standing.CLOSED: said == Standing.CLOSED,
            Standing.STALE: key in decided or said == Standing.STALE,
        }
        if not fits[Standing(standing)]:
            yield RowProblem(kind="state", table=StageAssessment._meta.db_table, key=key, sequence=sequence)
