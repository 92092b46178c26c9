"""The ballot box: votes go in sealed, and whoever reads how somebody voted reads it here.

While a ballot is open the server opens a vote for the member who cast it, and for nobody else. When it decides, the act
opens all last votes, compares each with its digest in the ledger, and writes them down; what was sealed is then erased.
"""

from __future__ import annotations

import datetime
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from hakari.errors import OfficeError
from hakari.evidence import digest_json
from hakari.messages import Message, say
from hakari.office.committee.models import Ballot, OpenedVote, Vote
from hakari.office.committee.votes.key import VOTES_KEY, kept_votes_key, load_votes_key
from hakari.office.committee.votes.sealing import Place, SealError, Secret, names_other_key, open_secret, seal_secret
from hakari.office.core.models import Event, FreeText
from hakari.office.people.models import Person

__all__ = [
    "Cast",
    "cast_vote",
    "digested",
    "last_votes",
    "own_vote",
    "problem_of",
    "verified_votes",
    "votes_of",
    "write_opened",
]

VOTED = "committee.voted"
"""The event that holds the digest of a vote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """A vote as it was cast, opened."""

    row: Vote
    choice: str
    dissent: bool
    salt: str
    words: str
    """Digest of the reason; empty without one."""
    reason: str
    reason_salt: str = ""

    @property
    def person(self) -> Person:
        """Who cast it."""
        return self.row.person

    @property
    def revision(self) -> int:
        """Which of this member's votes on the ballot it is, from 1."""
        return self.row.revision

    @property
    def at(self) -> datetime.datetime:
        """When it was cast."""
        return self.row.at


def cast_vote(ballot: Ballot, person: Person, choice: str, *, reason: str, dissent: bool) -> Cast:
    """Write a sealed vote; inside the action that votes.

    Raises:
        OfficeError: votes on this ballot were sealed with a key that is not there any more, or the key cannot be kept.
    """
    earlier = list(Vote.objects.filter(ballot=ballot).select_related("reason", "opened"))
    # A key that is gone is not made anew in the middle of a vote: what was cast before would stay sealed unnoticed.
    key = load_votes_key() if any(_is_sealed(row) for row in earlier) else kept_votes_key()
    _require_key(earlier, key)
    revision = max((row.revision for row in earlier if row.person_id == person.pk), default=0) + 1
    secret = Secret(
        choice=choice, dissent=dissent, salt=secrets.token_hex(16), reason=reason,
        reason_salt=secrets.token_hex(32) if reason else "",
    )  # fmt: skip
    sealed = seal_secret(secret, Place(ballot=ballot.key, person=person.key, revision=revision), key)
    row = Vote.objects.create(ballot=ballot, person=person, revision=revision, reason=FreeText.keep(sealed))
    return _as_cast(row, secret)


def last_votes(ballot: Ballot) -> dict[int, Vote]:
    """Return each member's last vote, by person, as it stands in the table: who has voted, not how."""
    rows = Vote.objects.filter(ballot=ballot).select_related("ballot", "person", "reason", "opened__reason")
    return {row.person_id: row for row in rows.order_by("revision")}


def own_vote(rows: Mapping[int, Vote], person: Person | None) -> Cast | None:
    """Return a member's own last vote, opened for them.

    Raises:
        OfficeError: it cannot be opened.
    """
    row = rows.get(person.pk) if person is not None else None
    return None if row is None else _opened([row])[0]


def votes_of(rows: Mapping[int, Vote]) -> dict[int, Cast]:
    """Return last votes, opened, by person; only where everybody may know how everybody voted.

    Raises:
        OfficeError: one cannot be opened.
    """
    return dict(zip(rows, _opened(rows.values()), strict=True))


def verified_votes(ballot: Ballot, rows: Mapping[int, Vote]) -> dict[int, Cast]:
    """Return last votes, opened, after comparing each with its digest in the ledger: none bent, gone or added.

    Raises:
        OfficeError: the key is gone, or votes are not those that were cast; it names whose.
    """
    found, said = votes_of(rows), _digests(ballot)
    last = {person: max(revision for name, revision in said if name == person) for person, _ in said}
    there = {row.person.key: row.revision for row in found.values()}
    bent = {person for person in {*last, *there} if last.get(person) != there.get(person)}
    for cast in found.values():
        if said.get((cast.person.key, cast.revision)) != digest_json(digested(cast)):
            bent.add(cast.person.key)
    if bent:
        raise _bent(bent)
    return found


def problem_of(ballot: Ballot) -> Message | None:
    """Return why the votes of a ballot cannot be opened; None if they can."""
    found: Any = None
    for _ in range(2):  # once more: somebody may have voted between reading the rows and the ledger
        try:
            verified_votes(ballot, last_votes(ballot))
        except OfficeError as error:
            found = error.message
        else:
            return None
    problem: Message = found
    return problem


def write_opened(casts: Iterable[Cast]) -> None:
    """Write down what votes said, and erase what was sealed, of earlier votes too; inside the act that closes."""
    ballots = set()
    for cast in casts:
        ballots.add(cast.row.ballot_id)
        if not _is_sealed(cast.row):
            continue
        kept = None
        if cast.reason:
            kept = FreeText.objects.create(digest=cast.words, salt=cast.reason_salt, text=cast.reason)
        OpenedVote.objects.create(vote=cast.row, choice=cast.choice, salt=cast.salt, reason=kept, dissent=cast.dissent)
    sealed = Vote.objects.filter(ballot__in=ballots, choice="").values("reason")
    FreeText.objects.filter(digest__in=sealed).update(text=None, erased_at=timezone.now())


def digested(cast: Cast) -> dict[str, Any]:
    """Return what the digest of a vote in the ledger is made of (SHA-256 of its canonical JSON)."""
    return {
        "ballot": cast.row.ballot.key, "choice": str(cast.choice), "dissent": cast.dissent, "person": cast.person.key,
        "revision": cast.revision, "salt": cast.salt, "words": cast.words,
    }  # fmt: skip


def _opened(rows: Iterable[Vote]) -> list[Cast]:
    """Return votes, opened: written down at the close, sealed, or from before votes were sealed."""
    found, wanted = [], list(rows)
    sealed = [row for row in wanted if _is_sealed(row)]
    key = load_votes_key() if sealed else b""
    _require_key(sealed, key)
    bent = set()
    for row in wanted:
        clear = row if row.choice else getattr(row, "opened", None)
        if clear is not None:
            reason = str(clear.reason) if clear.reason is not None else ""
            found.append(
                Cast(row=row, choice=clear.choice, dissent=clear.dissent, salt=clear.salt,
                     words=clear.reason_id or "", reason=reason)
            )  # fmt: skip
            continue
        try:
            found.append(_as_cast(row, open_secret(_text(row), _place(row), key)))
        except SealError:
            bent.add(row.person.key)
    if bent:
        raise _bent(bent)
    return found


def _as_cast(row: Vote, secret: Secret) -> Cast:
    return Cast(
        row=row, choice=secret.choice, dissent=secret.dissent, salt=secret.salt, words=secret.words,
        reason=secret.reason, reason_salt=secret.reason_salt,
    )  # fmt: skip


def _require_key(rows: Iterable[Vote], key: bytes) -> None:
    """Refuse if all these votes name another key: it lies where theirs was. Where only some do, these were changed."""
    sealed = [row for row in rows if _is_sealed(row)]
    if sealed and all(names_other_key(_text(row), key) for row in sealed):
        raise OfficeError(say("office.committee.seal.other_key", file=VOTES_KEY))


def _is_sealed(row: Vote) -> bool:
    return not row.choice and getattr(row, "opened", None) is None


def _text(row: Vote) -> str:
    return (row.reason.text if row.reason is not None else None) or ""


def _place(row: Vote) -> Place:
    return Place(ballot=row.ballot.key, person=row.person.key, revision=row.revision)


def _digests(ballot: Ballot) -> dict[tuple[str, int], str]:
    """Return the digests of the votes on a ballot in the ledger, by person and revision."""
    matter = ballot.item if ballot.item is not None else ballot.stop
    assert matter is not None  # a constraint of the table
    rows = Event.objects.filter(kind=VOTED, object_kind="use_case", object_key=matter.use_case.key)
    found = {}
    for body in rows.order_by("sequence").values_list("body", flat=True):
        event = json.loads(bytes(body))
        if event["data"]["ballot"] == ballot.key:
            found[str(event["by"]), int(event["data"]["revision"])] = str(event["data"].get("sealed", ""))
    return found


def _bent(keys: Iterable[str]) -> OfficeError:
    names = Person.objects.filter(key__in=list(keys)).order_by("reading", "name").values_list("name", flat=True)
    return OfficeError(say("office.committee.seal.bent", names=list(names)))
