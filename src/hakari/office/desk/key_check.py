"""What the office's keys signed, looked at again: by a key that had ended, or by one that was not to be trusted."""

from __future__ import annotations

import base64
import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from hakari.assessment.bundle import EXCEPTION_TYPE
from hakari.assessment.decision import DECISION_TYPE
from hakari.errors import HakariError
from hakari.evidence import open_envelope, parse_json
from hakari.messages import Message, say
from hakari.office.committee.models import Decision
from hakari.office.core.ledger.checkpoints import TYPE, checkpoint_folder
from hakari.office.core.ledger.custody import GRACE, ROLES, Term, key_path, next_path, settle, unfinished
from hakari.office.core.models import Event
from hakari.office.keys.own import own_terms
from hakari.office.lifecycle.models import Acceptance, Answer, File

__all__ = ["SignedBy", "key_notes", "look_at_signatures"]

Kind = Literal["checkpoint", "decision", "acceptance", "answer"]
_PAGE: Final = 500
_TIMES: Final = {TYPE: "at", DECISION_TYPE: "decided_at", EXCEPTION_TYPE: "created_at"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedBy:
    """Something that a key of the office signed, or is said to have signed."""

    kind: Kind
    name: str
    """Number of the event or of the decision, key of the acceptance, or use case and question."""
    at: str
    """The time that it says."""
    problem: Message | None
    """Why its signature does not count; None if somebody else may have made it, as its key was lost."""

    @property
    def told(self) -> Message:
        """What to say of it."""
        if self.problem is not None:
            return say(f"office.keys.signature.{self.kind}", name=self.name, at=self.at, problem=self.problem)
        return say("office.keys.doubt", name=self.name, at=self.at)


def look_at_signatures() -> list[SignedBy]:
    """Return every decision and acceptance whose signature does not count, and whatever a lost key may not have signed.

    Checkpoints whose signature does not count are refused before, by name (`read_checkpoints`).

    Raises:
        OfficeError: a renewal does not hold.
    """
    held = own_terms()
    keys = {term.key.id: term for term in held if term.role == "office"}
    found = list(_signed_rows(keys, _ends(keys.values())))
    if any(term.lost_since is not None for term in held):
        found += [*_checkpoints(keys), *_answers([term for term in held if term.role == "site"])]
    return found


def key_notes() -> list[Message]:
    """Return what has to be done about keys of which a renewal was begun; one line each."""
    found = []
    for role in ROLES:
        words = {"next": str(next_path(role)), "path": str(key_path(role)), "role": role}
        if unfinished(role):
            found.append(say("office.keys.renewal.begun", **words))
        elif settle(role) is not None:
            found.append(say("office.keys.renewal.unplaced", **words))
    return found


def _ends(held: Iterable[Term]) -> dict[str, int]:
    """Return by key id the first event that was written after a key's end: what it signed stands before it."""
    found = {}
    for term in held:
        if term.until is not None and term.ended is not None:
            after = {"at__gt": term.until + GRACE, "sequence__gt": term.ended.sequence}
            later = Event.objects.filter(**after).order_by("sequence")
            first = later.values_list("sequence", flat=True).first()
            if first is not None:
                found[term.key.id] = first
    return found


def _signed_rows(keys: dict[str, Term], ends: dict[str, int]) -> Iterator[SignedBy]:
    tables: tuple[tuple[Kind, Any, str], ...] = (
        ("decision", Decision, "signed"),
        ("acceptance", Acceptance, "envelope"),
    )
    for kind, model, column in tables:
        for page in _pages(model):
            wanted = {getattr(row, column) for row in page}
            files = dict(File.objects.filter(digest__in=wanted).values_list("digest", "content"))
            for row in page:
                content = files.get(getattr(row, column))
                if content is None:
                    continue  # erased or gone: told by `bent_files`
                name = str(row.number if kind == "decision" else row.key)
                found = list(_of_envelope(kind, name, bytes(content), keys))
                yield from found or _placed(kind, name, row, bytes(content), keys, ends)


def _placed(
    kind: Kind, name: str, row: Any, content: bytes, keys: dict[str, Term], ends: dict[str, int]
) -> Iterator[SignedBy]:
    """Compare a time that fits with the place of its event: a date that was turned back shows there."""
    signer = str(parse_json(content, what=name)["signatures"][0]["keyid"])
    ended = keys[signer].ended
    if signer not in ends or ended is None:
        return
    case = row.use_case if kind == "decision" else row.assessment.use_case
    field, value = ("decision", row.statement) if kind == "decision" else ("key", row.key)
    events = Event.objects.filter(object_kind="use_case", object_key=case.key).order_by("sequence")
    for sequence, body in events.values_list("sequence", "body").iterator(chunk_size=_PAGE):
        stated = parse_json(bytes(body), what=name)
        if stated["data"].get(field) == value:
            if sequence >= ends[signer]:
                problem = say("office.keys.renewal.ended", key=signer[:16], sequence=ended.sequence)
                yield SignedBy(kind=kind, name=name, at=str(stated["at"]), problem=problem)
            return


def _pages(model: Any) -> Iterator[list[Any]]:
    last = 0
    while page := list(model._base_manager.filter(pk__gt=last).order_by("pk")[:_PAGE]):
        yield page
        last = page[-1].pk


def _of_envelope(kind: Kind, name: str, content: bytes, keys: dict[str, Term]) -> Iterator[SignedBy]:
    try:
        outer = parse_json(content, what=name)
        signer = str(outer["signatures"][0]["keyid"])
        statement = parse_json(base64.b64decode(outer["payload"]), what=name)
        type_ = str(statement["predicateType"])
        at = str(statement["predicate"][_TIMES[type_]])
        term = keys.get(signer)
        if term is None:
            yield SignedBy(kind=kind, name=name, at=at, problem=say("office.keys.renewal.stranger", key=signer[:16]))
            return
        open_envelope(content, what=name, predicate_type=type_, keys={signer: term.key}, signatures=1)
        moment = datetime.datetime.fromisoformat(at)
        problem = term.problem(moment)
        if problem is not None or term.doubts(moment):
            yield SignedBy(kind=kind, name=name, at=at, problem=problem)
    except HakariError as error:
        told = error.message if isinstance(error.message, Message) else say("text", text=str(error))
        yield SignedBy(kind=kind, name=name, at="–", problem=told)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        yield SignedBy(kind=kind, name=name, at="–", problem=say("text", text=type(error).__name__))


def _checkpoints(keys: dict[str, Term]) -> Iterator[SignedBy]:
    for path in sorted(checkpoint_folder().glob("*.json")):
        name = str(int(path.stem)) if path.stem.isdecimal() else path.stem
        yield from _of_envelope("checkpoint", name, path.read_bytes(), keys)


def _answers(held: list[Term]) -> Iterator[SignedBy]:
    for term in held:
        if term.lost_since is not None:
            signed = {"record__signer": term.key.id, "record__collected_at__gte": term.lost_since}
            rows = Answer.objects.filter(**signed).select_related("assessment__use_case", "record").order_by("pk")
            for row in rows.iterator(chunk_size=_PAGE):
                assert row.record is not None
                name = f"{row.assessment.use_case.number} {row.question}"
                at = row.record.collected_at.isoformat(timespec="seconds")
                yield SignedBy(kind="answer", name=name, at=at, problem=None)
