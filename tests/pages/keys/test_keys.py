"""A key is asked for by its owner, confirmed by somebody else, and ends for good."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from hakari.errors import ConflictError, InputError, NotAllowedError
from hakari.evidence import digest_bytes
from hakari.office.core.ledger.checkpoints import office_key
from hakari.office.core.ledger.store import verify
from hakari.office.core.models import Event
from hakari.office.keys.access import visible
from hakari.office.keys.actions import ask_for_key, confirm_key, decline_key, revoke_key
from hakari.office.keys.models import RegisteredKey, State
from hakari.office.keys.own import site_key
from hakari.office.people.access import access_of
from hakari.office.people.actions.accounts import deactivate
from hakari.office.people.export import about
from tests.pages.conftest import Company
from tests.pages.keys.conftest import digits

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


def events(row: RegisteredKey) -> list[str]:
    found = Event.objects.filter(object_kind="key", object_key=row.key).order_by("sequence")
    return [event.kind for event in found]


def test_a_key_is_named_by_the_digest_of_its_bytes(waiting: RegisteredKey) -> None:
    assert waiting.key_id == digest_bytes(bytes.fromhex(digits(1)))
    assert (waiting.state(), events(waiting)) == (State.WAITING, ["key.asked"])


@pytest.mark.parametrize("role", ["reporter", "owner", "engineer", "delegate", "reviewer", "head", "stranger"])
def test_whoever_answers_or_measures_may_ask(company: Company, role: str) -> None:
    assert ask_for_key(digits(1), kind="person", by=company.people[role]).person == company.people[role]


@pytest.mark.parametrize("role", ["member", "chair", "auditor", "publisher", "admin", "outsider"])
def test_nobody_else_may_ask(company: Company, role: str) -> None:
    with pytest.raises(NotAllowedError):
        ask_for_key(digits(1), kind="person", by=company.people[role])
    assert not RegisteredKey.objects.exists()


def test_a_pipeline_is_asked_for_where_entries_are_changed(company: Company) -> None:
    row = ask_for_key(digits(1), kind="pipeline", name="nightly", unit=company.lenses, by=company.engineer)
    assert (row.person, row.label, row.unit) == (None, "nightly", company.lenses)
    for by in (company.stranger, company.reporter):
        with pytest.raises(NotAllowedError):
            ask_for_key(digits(2), kind="pipeline", name="nightly", unit=company.cameras, by=by)


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "machine"},
        {"kind": "pipeline", "name": " "},
        {"kind": "pipeline", "name": "n" * 121},
        {"kind": "pipeline", "name": "nightly"},
        {"kind": "person", "valid_from": datetime.date(2026, 2, 2), "valid_until": datetime.date(2026, 2, 1)},
    ],
)
def test_what_does_not_fit_is_refused(company: Company, given: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        ask_for_key(digits(1), by=company.engineer, **given)


def test_days_are_whole(company: Company) -> None:
    first, last = datetime.date(2026, 2, 1), datetime.date(2026, 2, 3)
    row = ask_for_key(digits(1), kind="person", valid_from=first, valid_until=last, by=company.engineer)
    assert row.valid_from.isoformat() == "2026-02-01T00:00:00+00:00"
    assert row.valid_until is not None
    assert row.valid_until.isoformat() == "2026-02-03T23:59:59+00:00"


def test_asking_twice_asks_once_and_somebody_else_is_refused(company: Company, waiting: RegisteredKey) -> None:
    assert ask_for_key(digits(1).upper(), kind="person", by=company.engineer) == waiting
    assert events(waiting) == ["key.asked"]
    with pytest.raises(InputError, match="registered or asked for already"):
        ask_for_key(digits(1), kind="person", by=company.owner)


def test_two_who_ask_at_the_same_moment_ask_once(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    from hakari.office.keys import actions

    look, looked = actions._same, []

    def too_early(*given: Any) -> RegisteredKey | None:
        looked.append(given)
        return None if len(looked) == 1 else look(*given)

    row = ask_for_key(digits(1), kind="person", by=company.engineer)
    monkeypatch.setattr(actions, "_same", too_early)
    assert ask_for_key(digits(1), kind="person", by=company.engineer) == row
    assert (len(looked), events(row)) == (2, ["key.asked"])


def test_the_office_lends_its_keys_to_nobody(company: Company) -> None:
    for key in (office_key(), site_key()):
        with pytest.raises(InputError, match="of the office itself"):
            ask_for_key(key.public.hex, kind="person", by=company.engineer)


def test_no_name_stands_in_the_ledger(company: Company) -> None:
    row = ask_for_key(digits(1), kind="pipeline", name="Secret name", unit=company.lenses, by=company.engineer)
    body = bytes(Event.objects.get(object_key=row.key).body)
    assert b"Secret name" not in body
    assert json.loads(body)["data"]["name"] == digest_bytes(b"Secret name")


@pytest.mark.parametrize("role", ["reviewer", "head", "admin"])
def test_the_office_confirms(company: Company, waiting: RegisteredKey, role: str) -> None:
    row = confirm_key(waiting, seen=1, by=company.people[role])
    assert (row.state(), row.confirmed_by) == (State.VALID, company.people[role])
    assert events(row) == ["key.asked", "key.confirmed"]
    assert confirm_key(row, seen=1, by=company.people[role]) == row
    assert len(events(row)) == 2


@pytest.mark.parametrize("role", ["engineer", "owner", "chair", "auditor", "stranger"])
def test_nobody_else_confirms(company: Company, waiting: RegisteredKey, role: str) -> None:
    with pytest.raises(NotAllowedError):
        confirm_key(waiting, by=company.people[role])


def test_nobody_confirms_what_they_asked_for(company: Company) -> None:
    own = ask_for_key(digits(2), kind="person", by=company.head)
    pipeline = ask_for_key(digits(3), kind="pipeline", name="nightly", unit=company.music, by=company.head)
    for row in (own, pipeline):
        with pytest.raises(NotAllowedError, match="yourself"):
            confirm_key(row, by=company.head)


def test_two_who_settle_at_once_do_not_overwrite_each_other(company: Company, waiting: RegisteredKey) -> None:
    other = RegisteredKey.objects.get(pk=waiting.pk)
    decline_key(other, "No.", seen=1, by=company.head)
    with pytest.raises(ConflictError):
        confirm_key(waiting, seen=1, by=company.reviewer)
    RegisteredKey.objects.filter(pk=waiting.pk).update(declined_at=None)
    with pytest.raises(ConflictError):
        confirm_key(waiting, seen=1, by=company.reviewer)


def test_a_closed_account_gets_no_key(company: Company, waiting: RegisteredKey) -> None:
    deactivate(company.engineer, by=company.admin)
    with pytest.raises(InputError, match="closed"):
        confirm_key(waiting, by=company.reviewer)


def test_a_declined_key_may_be_asked_for_by_its_real_owner(company: Company) -> None:
    stolen = ask_for_key(digits(1), kind="person", by=company.stranger)
    decline_key(stolen, "Not theirs.", by=company.reviewer)
    row = confirm_key(ask_for_key(digits(1), kind="person", by=company.engineer), by=company.reviewer)
    assert (row.person, stolen.state()) == (company.engineer, State.DECLINED)
    with pytest.raises(ConflictError):
        confirm_key(stolen, by=company.head)


def test_a_wish_is_taken_back_by_its_owner_and_nobody_else(company: Company, waiting: RegisteredKey) -> None:
    for by in (company.owner, company.auditor):
        with pytest.raises(NotAllowedError):
            decline_key(waiting, by=by)
    assert decline_key(waiting, by=company.engineer).state() == State.DECLINED
    decline_key(waiting, by=company.engineer)
    assert events(waiting) == ["key.asked", "key.declined"]


@pytest.mark.parametrize("role", ["engineer", "reviewer", "head", "admin"])
def test_a_key_is_revoked_from_now_on_by_its_person_or_the_office(
    company: Company, registered: RegisteredKey, role: str
) -> None:
    before = timezone.now()
    row = revoke_key(registered, "Laptop lost.", by=company.people[role])
    assert row.revoked_at is not None
    assert before <= row.revoked_at <= timezone.now()
    assert (row.state(), str(row.reason)) == (State.REVOKED, "Laptop lost.")
    assert row.state(before) == State.VALID


@pytest.mark.parametrize("role", ["owner", "stranger", "chair", "auditor", "outsider"])
def test_nobody_else_revokes(company: Company, registered: RegisteredKey, role: str) -> None:
    with pytest.raises(NotAllowedError):
        revoke_key(registered, by=company.people[role])


def test_revoking_twice_leaves_the_first_time(company: Company, registered: RegisteredKey) -> None:
    first = revoke_key(registered, "Lost.", by=company.engineer).revoked_at
    again = revoke_key(RegisteredKey.objects.get(pk=registered.pk), "Again.", by=company.head)
    assert (again.revoked_at, str(again.reason), len(events(again))) == (first, "Lost.", 3)


def test_what_was_never_registered_is_not_revoked(company: Company, waiting: RegisteredKey) -> None:
    with pytest.raises(InputError, match="never registered"):
        revoke_key(waiting, by=company.engineer)


def test_a_revoked_key_never_comes_back(company: Company, registered: RegisteredKey) -> None:
    revoke_key(registered, by=company.engineer)
    with pytest.raises(InputError, match="already"):
        ask_for_key(digits(1), kind="person", by=company.engineer)


def test_states_follow_the_days(registered: RegisteredKey) -> None:
    day = datetime.timedelta(days=1)
    registered.valid_until = registered.valid_from + 3 * day
    found = [registered.state(registered.valid_from + number * day) for number in (-1, 0, 3, 4)]
    assert found == [State.LATER, State.VALID, State.VALID, State.EXPIRED]


def test_who_asked_is_told_by_mail_what_somebody_else_decided(
    company: Company, waiting: RegisteredKey, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        confirm_key(waiting, by=company.reviewer)
        revoke_key(waiting, "Lost.", by=company.head)
    assert [(item.to, item.subject) for item in mail.outbox] == [
        ([company.engineer.email], "A signing key is registered"),
        ([company.engineer.email], "A signing key was revoked"),
    ]


def test_nobody_gets_mail_about_what_they_did_themselves(company: Company, registered: RegisteredKey) -> None:
    from hakari.office.core.models import MailItem

    MailItem.objects.all().delete()
    revoke_key(registered, by=company.engineer)
    assert not MailItem.objects.exists()


def test_keys_that_wait_are_seen_by_their_owner_and_those_who_keep_keys(
    company: Company, waiting: RegisteredKey
) -> None:
    seen = {name for name, person in company.people.items() if visible(access_of(person)).exists()}
    assert seen == {"engineer", "reviewer", "head", "admin", "auditor"}


def test_a_person_takes_away_which_keys_are_theirs(company: Company, registered: RegisteredKey) -> None:
    found = about(company.engineer)
    assert found["keys.registeredkey.person"] == [{"key": registered.key}]
    assert about(company.reviewer)["keys.registeredkey.confirmed_by"] == [{"key": registered.key}]


_WRONG: dict[str, dict[str, Any]] = {
    "kind": {"kind": "machine"},
    "a person's key without a person": {"person": None},
    "a person's key with a name": {"name": "n"},
    "confirmed by nobody": {"confirmed_by": None},
    "confirmed and declined": {"declined_at": timezone.now()},
    "ended before it began": {"valid_until": datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)},
}


@pytest.mark.parametrize("case", _WRONG)
def test_the_database_refuses_what_cannot_be(registered: RegisteredKey, case: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RegisteredKey.objects.filter(pk=registered.pk).update(**_WRONG[case])


def test_the_database_refuses_a_key_twice_and_a_revoked_wish(company: Company, waiting: RegisteredKey) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RegisteredKey.objects.filter(pk=waiting.pk).update(revoked_at=timezone.now())
    waiting.pk, waiting.key, waiting._state.adding = None, "0" * 32, True
    with pytest.raises(IntegrityError), transaction.atomic():
        waiting.save()


def test_the_ledger_holds_after_all_of_it(company: Company, registered: RegisteredKey) -> None:
    revoke_key(registered, by=company.engineer)
    assert verify().holds
