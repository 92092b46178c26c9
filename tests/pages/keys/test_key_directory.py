"""The signed list says whose keys are whose, to strangers and to `hakari verify`."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hakari.errors import OfficeError
from hakari.evidence import KeyDirectory, SigningKey, read_directory
from hakari.messages import render
from hakari.office.core.ledger.checkpoints import office_key
from hakari.office.keys.actions import ask_for_key, confirm_key, revoke_key
from hakari.office.keys.directory import directory_bytes, entries_of, name_of, signed_by
from hakari.office.keys.models import RegisteredKey, State
from hakari.office.keys.own import site_key
from hakari.office.people.actions.accounts import erase
from hakari.office.people.models import Unit
from hakari.workflows.verify import verify_bundle
from tests.pages.conftest import Company
from tests.pages.keys.conftest import digits, signing

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


def listed() -> KeyDirectory:
    return read_directory(directory_bytes(timezone.now()), what="directory.json")


def name_in_list(key: SigningKey) -> str:
    entry = listed().find(key.public.id)
    return entry.name if entry else ""


def test_the_list_is_signed_by_the_office_and_holds_its_two_keys(company: Company) -> None:
    found = listed()
    assert found.signed_by == office_key().public.id
    assert name_in_list(office_key()) == "AI ethics office, Company"
    assert name_in_list(site_key()) == "AI ethics office (web site), Company"
    assert office_key().public != site_key().public


def test_a_company_of_several_tops_has_no_name(company: Company) -> None:
    Unit.objects.create(name="Another company")
    assert name_in_list(office_key()) == "AI ethics office"


def test_registered_keys_stand_in_it_and_waiting_ones_do_not(company: Company, registered: RegisteredKey) -> None:
    ask_for_key(digits(2), kind="person", by=company.owner)
    confirm_key(
        ask_for_key(digits(3), kind="pipeline", name="nightly", unit=company.lenses, by=company.owner), by=company.head
    )
    names = {entry.key.hex: entry.name for entry in listed().entries}
    assert names[digits(1)] == "Engineer"
    assert names[digits(3)] == "nightly"
    assert digits(2) not in names


def test_times_are_in_utc_and_a_revoked_key_says_since_when(company: Company, registered: RegisteredKey) -> None:
    row = revoke_key(registered, by=company.engineer)
    entry = listed().find(row.key_id)
    assert entry is not None
    assert row.revoked_at is not None
    assert (entry.valid_from, entry.revoked) == (row.valid_from.isoformat(), row.revoked_at.isoformat())
    assert entry.valid_from.endswith("+00:00")


def test_an_erased_person_stands_there_by_their_opaque_key_until_that_day(
    company: Company, registered: RegisteredKey
) -> None:
    erase(company.engineer, by=company.admin)
    entry = listed().find(registered.key_id)
    assert entry is not None
    assert entry.name == company.engineer.key
    assert name_of(registered.key_id, timezone.now() + datetime.timedelta(days=1))[1] == "expired"
    assert RegisteredKey.objects.get(pk=registered.pk).state() == State.EXPIRED


def test_pages_learn_who_signed_and_how_the_key_stood(company: Company, registered: RegisteredKey) -> None:
    before = timezone.now()
    assert name_of(registered.key_id, before) == ("Engineer", "valid")
    assert name_of("0" * 64, before) == ("", "unknown")
    revoke_key(registered, by=company.engineer)
    assert name_of(registered.key_id, before) == ("Engineer", "valid")
    assert name_of(registered.key_id, timezone.now()) == ("Engineer", "revoked")
    assert name_of(registered.key_id, before - datetime.timedelta(days=2))[1] == "not_yet"
    assert name_of(site_key().public.id, before)[1] == "valid"


@pytest.mark.parametrize(
    ("days", "told"), [(0, "signed by Engineer"), (-2, "before its first day"), (9, "had ended before")]
)
def test_a_signature_is_told_in_words(company: Company, days: int, told: str) -> None:
    last = timezone.now().date() + datetime.timedelta(days=3)
    row = ask_for_key(digits(1), kind="person", valid_until=last, by=company.engineer)
    confirm_key(row, by=company.head)
    at = timezone.now() + datetime.timedelta(days=days)
    assert told in render(signed_by(row.key_id, at), "en")
    assert "unknown key (00000000" in render(signed_by("0" * 64, at), "en")


def test_many_names_cost_as_many_queries_as_one(
    company: Company, registered: RegisteredKey, django_assert_num_queries: Any
) -> None:
    for number in range(2, 6):
        confirm_key(ask_for_key(digits(number), kind="person", by=company.owner), by=company.head)
    asked = [signing(number).public.id for number in range(1, 6)] + [office_key().public.id, "0" * 64]
    with django_assert_num_queries(3):
        found = entries_of(asked)
    assert len(found) == 6
    with django_assert_num_queries(0):
        signed_by(asked[0], timezone.now(), found)


def test_anybody_reads_the_list_without_an_account(company: Company, registered: RegisteredKey) -> None:
    answer = Client().get("/keys/directory.json")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert read_directory(answer.content, what="x").find(registered.key_id) is not None


def test_verify_names_who_signed_a_bundle(company: Company, tmp_path: Path) -> None:
    from tests.contract.golden_case import golden_case

    signer = signing(int.from_bytes(bytes(range(32)), "big"))  # the key of that case
    (tmp_path / "case.zip").write_bytes(golden_case())
    first = datetime.date(2000, 1, 1)
    row = ask_for_key(signer.public.hex, kind="person", valid_from=first, by=company.engineer)
    confirm_key(row, by=company.reviewer)
    (tmp_path / "directory.json").write_bytes(directory_bytes(timezone.now()))
    found = verify_bundle(tmp_path / "case.zip", keys=tmp_path / "directory.json")
    assert "Signed by Engineer" in render(found.signed, "en")
    assert found.levels[0].status == "yes"


def test_the_site_makes_its_own_key_once_for_its_owner_only(folder: Path) -> None:
    first, again = site_key(), site_key()
    assert first.public == again.public
    assert (folder / "keys" / "site.pem").stat().st_mode & 0o077 == 0


def test_the_office_and_the_site_never_share_a_key(settings: Any, folder: Path) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, key=folder / "keys" / "site.pem")
    with pytest.raises(OfficeError, match="Rename it"):
        site_key()
