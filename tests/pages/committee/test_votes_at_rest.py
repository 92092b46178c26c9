"""What stands in the database while a ballot is open, read past the site; and votes that were changed there."""

from __future__ import annotations

import base64
import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.test import Client

from hakari.errors import OfficeError
from hakari.evidence import digest_json
from hakari.messages import LANGUAGES, render
from hakari.office.committee.actions.stopping import open_ballot_on_stop, stop
from hakari.office.committee.actions.voting import call_to_meeting, close_ballot, close_due, declare, vote
from hakari.office.committee.members import matter_of, seats
from hakari.office.committee.models import Ballot, Choice, Decision, DocketItem, OpenedVote, Vote
from hakari.office.committee.votes.box import digested, last_votes, own_vote, problem_of, votes_of
from hakari.office.committee.votes.key import votes_key_path
from hakari.office.core.ledger.store import append
from hakari.office.core.models import FreeText
from hakari.office.desk.row_check import compare_rows
from hakari.office.people.models import Person
from tests.pages.committee.conftest import circulate, voters
from tests.pages.committee.test_sealed_votes import _data
from tests.pages.conftest import Company, drop_triggers

pytestmark = pytest.mark.postgres
Docket = Callable[..., DocketItem]
SignIn = Callable[[Person], Client]
REASON = "月が満ちている because the moon is full"


@pytest.fixture(autouse=True)
def _own_key(tmp_path: Path, settings: Any) -> None:
    """Keep the key of the votes of each test apart: some take it away."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, key=tmp_path / "keys" / "office.pem")


def _begin(docket: Docket, company: Company, *choices: str) -> Ballot:
    """Return an open ballot on which the first members voted so, each with a reason."""
    item = docket()
    ballot = circulate(item, company)
    for person, choice in zip(voters(company), choices, strict=False):
        declare(item, conflict=False, by=person)
        vote(ballot, choice, reason=REASON, dissent=True, by=person)
    return ballot


def _item(ballot: Ballot) -> DocketItem:
    return DocketItem.objects.get(ballots=ballot)


def _dump() -> dict[str, list[str]]:
    """Return everything that stands in the database, as text, by table."""
    found: dict[str, list[str]] = {}
    for model in apps.get_models(include_auto_created=True):
        rows = model._base_manager.values_list()
        found[model._meta.db_table] = ["\t".join(_text(value) for value in row) for row in rows]
    return found


def _text(value: Any) -> str:
    content = bytes(value) if isinstance(value, (bytes, memoryview)) else None
    return f"{content.decode(errors='replace')} {content.hex()}" if content is not None else str(value)


def _written(before: dict[str, list[str]], after: dict[str, list[str]]) -> str:
    return "\n".join(row for table, rows in after.items() for row in rows if row not in before[table])


def test_no_table_says_how_anybody_votes_while_a_ballot_is_open(docket: Docket, company: Company) -> None:
    ballot = _begin(docket, company)
    declare(_item(ballot), conflict=False, by=company.member)
    for choice in ("approve", "reject"):
        before = _dump()
        vote(ballot, choice, reason=REASON, dissent=True, by=company.member)
        written = _written(before, _dump())
        hidden = [REASON, "満ちている", "full", *Choice.values]
        hidden += [word.encode().hex() for word in hidden]
        hidden += [base64.b64encode(word.encode()).decode().rstrip("=") for word in hidden]
        assert "committee.voted" in written
        assert [word for word in hidden if word in written] == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a file of SQLite")
def test_the_file_of_the_database_says_nothing_either(docket: Docket, company: Company) -> None:
    ballot = _begin(docket, company)
    declare(_item(ballot), conflict=False, by=company.member)
    raw: sqlite3.Connection = connection.connection
    # The file still holds pages that earlier tests have freed: only this reason is nobody else's.
    reason = f"新月 {secrets.token_hex(8)}"
    before = raw.serialize()
    vote(ballot, "reject", reason=reason, dissent=True, by=company.member)
    after = raw.serialize()
    assert reason.encode() not in after
    assert reason.partition(" ")[2].encode() not in after
    assert after.count(b"committee.voted") > before.count(b"committee.voted")
    assert [choice for choice in Choice.values if after.count(choice.encode()) > before.count(choice.encode())] == []


def test_every_sealed_vote_is_equally_long(docket: Docket, company: Company) -> None:
    ballot = _begin(docket, company)
    declare(_item(ballot), conflict=False, by=company.member)
    for choice, reason in (("approve", ""), ("approve_with_conditions", "𠮷" * 4_000), ("reject", "No.")):
        vote(ballot, choice, reason=reason, by=company.member)
    lengths = {len(str(row.reason)) for row in Vote.objects.select_related("reason")}
    assert len(lengths) == 1
    assert own_vote(last_votes(ballot), company.member).reason == "No."  # type: ignore[union-attr]


def test_a_member_reads_their_own_vote_and_no_other(docket: Docket, company: Company, sign_in: SignIn) -> None:
    ballot = _begin(docket, company, "reject", "approve")
    first, second, third = voters(company)[:3]
    pages = {}
    for person in (first, second, third):
        pages[person.key] = sign_in(person).get(f"/committee/items/{_item(ballot).key}/").content.decode()
    assert [REASON in page for page in pages.values()] == [True, True, False]
    mine = [own_vote(last_votes(ballot), person) for person in (first, second, third)]
    assert [found.choice if found else None for found in mine] == ["reject", "approve", None]


def test_the_close_writes_votes_down_and_erases_what_was_sealed(docket: Docket, company: Company) -> None:
    ballot = _begin(docket, company, "approve", "approve", "approve", "reject")
    first = voters(company)[0]
    vote(ballot, "reject", reason="I see now.", by=first)
    sealed = dict(votes_of(last_votes(ballot)))
    assert not OpenedVote.objects.exists()
    close_ballot(ballot, by=company.chair)
    opened = votes_of(last_votes(ballot))
    assert {key: digested(cast) for key, cast in opened.items()} == {key: digested(c) for key, c in sealed.items()}
    assert (opened[first.pk].choice, opened[first.pk].reason, OpenedVote.objects.count()) == ("reject", "I see now.", 4)
    texts = FreeText.objects.filter(digest__in=Vote.objects.values("reason"))
    assert {row.text for row in texts} == {None}
    assert (len(texts), all(row.holds for row in texts)) == (5, True)
    assert compare_rows() == []
    # From now on no key is needed.
    votes_key_path().unlink()
    assert votes_of(last_votes(ballot)) == opened


def _past_the_site(statement: str, *values: Any) -> None:
    drop_triggers()
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _swap(one: Vote, other: Vote) -> list[str]:
    """Give two members each other's vote."""
    for row, theirs in ((one, other), (other, one)):
        _past_the_site('UPDATE "committee_vote" SET reason_id = %s WHERE id = %s', theirs.reason_id, row.pk)
    return [one.person.name, other.person.name]


def _flip(row: Vote, _: Vote) -> list[str]:
    """Change one bit of a sealed vote."""
    form, name, packed = str(row.reason).split(" ")
    content = bytearray(base64.b64decode(packed))
    content[20] ^= 1
    FreeText.objects.filter(digest=row.reason_id).update(text=f"{form} {name} {base64.b64encode(content).decode()}")
    return [row.person.name]


def _clear(row: Vote, _: Vote) -> list[str]:
    """Write a vote in clear where a sealed one stood."""
    changed = "choice = 'approve', reason_id = NULL"
    _past_the_site(f'UPDATE "committee_vote" SET {changed} WHERE id = %s', row.pk)
    return [row.person.name]


def _gone(row: Vote, _: Vote) -> list[str]:
    """Take a vote away."""
    _past_the_site('DELETE FROM "committee_vote" WHERE id = %s', row.pk)
    return [row.person.name]


def _back(row: Vote, other: Vote) -> list[str]:
    """Take a member's second vote away, so that the first one would count again."""
    return _gone(vote(row.ballot, "approve", by=row.person), other)


def _added(row: Vote, _: Vote) -> list[str]:
    """Put a vote in for who has not voted: the sealed one of another."""
    person = next(seat.person for seat in seats(matter_of(row.ballot)) if seat.person.name == "Member3")
    Vote.objects.create(ballot=row.ballot, person=person, revision=1, reason=row.reason)
    return [person.name]


@pytest.mark.parametrize("change", [_swap, _flip, _clear, _gone, _back, _added])
def test_a_vote_that_was_changed_is_named_and_nothing_is_closed(
    docket: Docket, company: Company, change: Callable[[Vote, Vote], list[str]]
) -> None:
    ballot = _begin(docket, company, *["reject"] * (3 if change is _added else 4))
    one, other = list(last_votes(ballot).values())[:2]
    names = change(one, other)
    Ballot.objects.filter(pk=ballot.pk).update(deadline=ballot.opened_at)
    with pytest.raises(OfficeError) as caught:
        close_ballot(ballot, by=company.chair)
    message: Any = caught.value.message
    assert message.key == "office.committee.seal.bent"
    assert sorted(message.arguments["names"]) == sorted(names)
    assert all("\n" not in render(message, language) for language in LANGUAGES)
    assert (Ballot.objects.get(pk=ballot.pk).closed_at, Decision.objects.count()) == (None, 0)
    assert close_due() == 0


def test_a_bent_vote_is_told_on_the_page_and_the_vote_can_be_repeated(
    docket: Docket, company: Company, sign_in: SignIn
) -> None:
    ballot = _begin(docket, company, "reject", "approve")
    row, other = last_votes(ballot).values()
    _flip(row, other)
    address, chair = f"/committee/items/{_item(ballot).key}/", sign_in(company.chair)
    page = chair.get(address).content.decode()
    assert f"What is stored for {row.person.name} is not the vote that was cast" in page
    assert 'name="void"' in page
    assert 'name="void"' not in sign_in(company.member).get(address).content.decode()
    chair.post(f"/committee/ballots/{ballot.key}/close/", {"void": "1"})
    ended = Ballot.objects.get(pk=ballot.pk)
    assert (ended.ending, _item(ended).standing, Decision.objects.count()) == ("void", "waiting", 0)
    assert "votes could not be opened, nothing decided" in chair.get(address).content.decode()
    assert "approve" not in str(_data("committee.ballot_closed"))
    again = circulate(_item(ended), company)
    for person in voters(company):
        declare(_item(again), conflict=False, by=person)
        vote(again, "approve", by=person)
    assert close_ballot(again, by=company.chair).outcome == "approve"
    # Of the one that could not be opened nothing is shown, and the page says so.
    assert REASON not in chair.get(address).content.decode()
    assert [item for item in compare_rows() if item.table == "committee_ballot"] == []


def test_votes_that_can_be_opened_are_not_thrown_away(docket: Docket, company: Company, sign_in: SignIn) -> None:
    ballot = _begin(docket, company, "reject", "approve")
    with pytest.raises(OfficeError, match="can be opened"):
        close_ballot(ballot, void=True, by=company.chair)
    assert 'name="void"' not in sign_in(company.chair).get(f"/committee/items/{_item(ballot).key}/").content.decode()


@pytest.mark.parametrize("replaced", [False, True])
def test_without_its_key_a_vote_waits_and_can_be_repeated(docket: Docket, company: Company, replaced: bool) -> None:
    ballot = _begin(docket, company, "approve", "approve", "approve")
    kept = votes_key_path().read_text("ascii")
    votes_key_path().unlink()
    if replaced:
        votes_key_path().write_text("ab" * 32, "ascii")
        votes_key_path().chmod(0o600)
    key = "office.committee.seal.other_key" if replaced else "office.committee.seal.no_key"
    last = voters(company)[3]
    declare(_item(ballot), conflict=False, by=last)
    Ballot.objects.filter(pk=ballot.pk).update(deadline=None, form="meeting")
    for act in (lambda: vote(ballot, "approve", by=last), lambda: close_ballot(ballot, by=company.chair)):
        with pytest.raises(OfficeError) as caught:
            act()
        assert caught.value.message.key == key  # type: ignore[attr-defined]
    assert Vote.objects.count() == 3
    assert _put_back_or_repeated(ballot, company, kept, replaced=replaced) == "approve"


def _put_back_or_repeated(ballot: Ballot, company: Company, kept: str, *, replaced: bool) -> str:
    if not replaced:
        votes_key_path().write_text(kept, "ascii")
        votes_key_path().chmod(0o600)
        return close_ballot(ballot, by=company.chair).outcome
    assert close_ballot(ballot, void=True, by=company.chair).ending == "void"
    again = circulate(_item(ballot), company)
    for person in voters(company):
        vote(again, "approve", by=person)
    return close_ballot(again, by=company.chair).outcome


def test_what_decides_nothing_stays_sealed_and_its_counts_are_not_said(docket: Docket, company: Company) -> None:
    ballot = _begin(docket, company, "reject")
    Ballot.objects.filter(pk=ballot.pk).update(deadline=ballot.opened_at)
    assert close_ballot(ballot, by=company.chair).ending == "no_quorum"
    (event,) = _data("committee.ballot_closed")
    assert (event["cast"], event["quorum"], "reject" in str(event)) == (1, 3, False)
    assert not OpenedVote.objects.exists()


def test_a_vote_called_to_a_meeting_needs_no_key(docket: Docket, company: Company) -> None:
    ballot = _begin(docket, company, "reject", "approve")
    votes_key_path().unlink()
    called = call_to_meeting(ballot, "We should talk.", by=voters(company)[0])
    assert (called.ending, problem_of(ballot) is not None) == ("called", True)


def test_earlier_votes_are_shown_after_the_decision_only(docket: Docket, company: Company, sign_in: SignIn) -> None:
    ballot = _begin(docket, company, "reject")
    call_to_meeting(ballot, "We should talk.", by=voters(company)[0])
    again = circulate(_item(ballot), company)
    reader, address = sign_in(company.add("member4", "member", None)), f"/committee/items/{_item(again).key}/"
    assert REASON not in reader.get(address).content.decode()
    for person in voters(company)[:4]:
        declare(_item(again), conflict=False, by=person)
        vote(again, "approve", by=person)
    Ballot.objects.filter(pk=again.pk).update(deadline=again.opened_at)
    close_ballot(again, by=company.chair)
    assert REASON in reader.get(address).content.decode()


def test_votes_on_a_stop_are_sealed_as_well(docket: Docket, company: Company) -> None:
    item = docket()
    made = stop(item.use_case, "stop", "It harms people.", by=company.head)
    ballot = made.ballots.filter(closed_at=None).first() or open_ballot_on_stop(made, by=company.chair)
    for person in voters(company):
        vote(ballot, "lift", reason=REASON, by=person)
    assert {row.choice for row in Vote.objects.all()} == {""}
    assert not FreeText.objects.filter(text__contains="月").exists()
    assert close_ballot(ballot, by=company.chair).outcome == "lift"
    assert {row.choice for row in OpenedVote.objects.all()} == {"lift"}


def test_votes_from_before_votes_were_sealed_still_count(docket: Docket, company: Company) -> None:
    ballot = _begin(docket, company, "approve", "approve", "approve")
    person, text = voters(company)[3], FreeText.keep("From before.")
    row = Vote.objects.create(
        ballot=ballot, person=person, revision=1, choice="reject", salt="0" * 32, reason=text, dissent=True
    )
    cast = votes_of({person.pk: row})[person.pk]
    data = {"ballot": ballot.key, "revision": 1, "sealed": digest_json(digested(cast))}
    append("committee.voted", by=person.key, about=("use_case", matter_of(ballot).use_case.key), data=data)
    assert close_ballot(ballot, by=company.chair).outcome == "approve"
    assert Decision.objects.get().votes == {"approve": 3, "reject": 1}
    found = votes_of(last_votes(ballot))[person.pk]
    assert (found.choice, found.reason, found.dissent, OpenedVote.objects.count()) == (
        "reject",
        "From before.",
        True,
        3,
    )


def test_the_table_takes_no_half_sealed_vote(docket: Docket, company: Company) -> None:
    ballot = _begin(docket, company)
    for values in ({"choice": ""}, {"choice": "", "salt": "x", "reason": FreeText.keep("x")}, {"choice": "maybe"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Vote.objects.create(ballot=ballot, person=company.member, revision=1, **values)


def test_a_key_that_others_can_read_or_that_is_none_is_refused(docket: Docket, company: Company) -> None:
    ballot = _begin(docket, company, "approve")
    votes_key_path().chmod(0o644)
    assert problem_of(ballot).key == "office.committee.seal.open_key"  # type: ignore[union-attr]
    votes_key_path().chmod(0o600)
    votes_key_path().write_text("no key", "ascii")
    assert problem_of(ballot).key == "office.committee.seal.bad_key"  # type: ignore[union-attr]
    votes_key_path().write_bytes(b"\xff\xfe")
    assert problem_of(ballot).key == "office.committee.seal.bad_key"  # type: ignore[union-attr]


def test_a_key_that_cannot_be_written_is_told(docket: Docket, company: Company, tmp_path: Path, settings: Any) -> None:
    ballot = _begin(docket, company)
    declare(_item(ballot), conflict=False, by=company.member)
    (tmp_path / "file").write_text("x", "ascii")
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, key=tmp_path / "file" / "office.pem")
    with pytest.raises(OfficeError) as caught:
        vote(ballot, "approve", by=company.member)
    assert caught.value.message.key == "office.committee.seal.unwritable"  # type: ignore[attr-defined]
    assert not Vote.objects.exists()


def test_a_single_garbled_vote_is_not_taken_for_another_key(docket: Docket, company: Company) -> None:
    ballot = _begin(docket, company, "approve")
    row = next(iter(last_votes(ballot).values()))
    for text in ("", "vote-1", "vote-1 short x", "vote-2 0123456789abcdef AAAA", "x y z w"):
        FreeText.objects.filter(digest=row.reason_id).update(text=text)
        assert problem_of(ballot).key == "office.committee.seal.bent"  # type: ignore[union-attr]
    FreeText.objects.filter(digest=row.reason_id).update(text="vote-1 0123456789abcdef AAAA")
    assert problem_of(ballot).key == "office.committee.seal.other_key"  # type: ignore[union-attr]


def test_who_votes_where_votes_cannot_be_opened_is_told_and_loses_no_word(
    docket: Docket, company: Company, sign_in: SignIn
) -> None:
    ballot = _begin(docket, company, "approve")
    voter, client = voters(company)[0], sign_in(voters(company)[0])
    votes_key_path().unlink()
    typed = {"choice": "reject", "reason": "I see it otherwise now.", "seen": "1"}
    answer = client.post(f"/committee/ballots/{ballot.key}/vote/", typed)
    page = answer.content.decode()
    assert (answer.status_code, Vote.objects.filter(person=voter).count()) == (409, 1)
    assert "I see it otherwise now." in page
    assert "their key votes.key is gone" in page
