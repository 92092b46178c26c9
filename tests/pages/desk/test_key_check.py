"""Decisions and acceptances whose key had ended, or was lost, are named; the rest of the office goes on."""

from __future__ import annotations

import base64
import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.db import connection
from django.test import Client
from django.utils import timezone

from hakari.assessment.decision import DECISION_TYPE
from hakari.cli.office import keys as keys_module
from hakari.cli.office import records as records_module
from hakari.cli.office.keys import public_half
from hakari.cli.office.records import ledger
from hakari.cli.office.site import office
from hakari.errors import InputError
from hakari.evidence import SigningKey, create_key, digest_bytes, seal
from hakari.office.committee.models import Decision
from hakari.office.core.ledger import custody
from hakari.office.core.ledger.checkpoints import office_key
from hakari.office.core.ledger.custody import next_path
from hakari.office.core.ledger.store import append
from hakari.office.desk.inspection import inspect
from hakari.office.desk.key_check import SignedBy, look_at_signatures
from hakari.office.desk.renewing import renew_key
from hakari.office.keys.directory import directory_bytes
from hakari.office.keys.own import site_key
from hakari.office.lifecycle.actions.reviewing import accept_bound
from hakari.office.lifecycle.models import Answer, File
from tests.pages.committee.conftest import decide_by, make_item
from tests.pages.conftest import Company, make_company
from tests.pages.lifecycle.conftest import complete, make_assessment
from tests.pages.lifecycle.trial import DOUBTFUL, GAPS

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


@pytest.fixture
def company(db: None, folder: Path) -> Company:
    """Return the company of an office whose key has signed nothing so far."""
    return make_company()


@pytest.fixture
def decided(company: Company) -> Decision:
    """Return a decision by the first key, with an answer by the site's."""
    decide_by(make_item(company), company, "approve")
    return Decision.objects.get()


def renew(role: Any = "office", **options: Any) -> Any:
    return renew_key(role, tell=lambda message: None, **options)


def signed_again(decision: Decision, key: SigningKey, at: datetime.datetime) -> None:
    """Put another envelope in the place of a decision's, past the site."""
    content = bytes(File.objects.get(digest=decision.signed).content or b"")
    predicate = json.loads(base64.b64decode(json.loads(content)["payload"]))["predicate"]
    predicate["decided_at"] = at.isoformat(timespec="seconds")
    forged = seal(DECISION_TYPE, predicate, [("assessment.json", predicate["assessment"])], [key])
    File.keep(forged)
    with connection.cursor() as cursor:
        end = "" if connection.vendor == "sqlite" else " ON committee_decision"
        cursor.execute("DROP TRIGGER IF EXISTS committee_decision_no_update" + end)
        statement = "UPDATE committee_decision SET signed = %s WHERE id = %s"
        cursor.execute(statement, [digest_bytes(forged), decision.pk])


def named(found: list[SignedBy]) -> list[tuple[str, str, str]]:
    return [(item.kind, item.name, "" if item.problem is None else item.problem.key) for item in found]


def test_what_was_decided_before_a_renewal_needs_no_word(decided: Decision) -> None:
    renew()
    renew("site")
    assert look_at_signatures() == []


def test_a_decision_by_a_key_after_its_end_is_named(decided: Decision) -> None:
    first = office_key()
    renew()
    signed_again(decided, first, timezone.now() + datetime.timedelta(minutes=5))
    assert named(look_at_signatures()) == [("decision", decided.number, "office.keys.renewal.ended")]


def test_a_decision_by_a_strange_key_is_named(decided: Decision, tmp_path: Path) -> None:
    signed_again(decided, create_key(tmp_path / "other.pem"), timezone.now())
    assert named(look_at_signatures()) == [("decision", decided.number, "office.keys.renewal.stranger")]


def test_a_decision_whose_date_was_turned_back_shows_by_the_place_of_its_event(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has the old key and the database signs it after the renewal and dates it before."""
    append("test.happened", by="p1", about=("thing", "1"))
    first, then = office_key(), timezone.now() - datetime.timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: then)
    renew()
    monkeypatch.undo()
    decide_by(make_item(company), company, "approve")
    decision = Decision.objects.get()
    assert look_at_signatures() == []
    signed_again(decision, first, then - datetime.timedelta(days=1))
    assert named(look_at_signatures()) == [("decision", decision.number, "office.keys.renewal.ended")]


def test_what_a_lost_key_may_not_have_signed_is_named_by_kind(company: Company) -> None:
    found = complete(make_assessment(company), company, DOUBTFUL)
    until = timezone.localdate()
    accepted = accept_bound(found, GAPS, reason="Few rows.", condition="Again.", until=until, by=company.head)
    answers = Answer.objects.filter(record__isnull=False).count()
    renew(lost_since=timezone.now() - datetime.timedelta(days=1))
    assert named(look_at_signatures()) == [("acceptance", accepted.key, "")]
    renew("site", lost_since=timezone.now() - datetime.timedelta(days=1))
    kinds = [item.kind for item in look_at_signatures()]
    assert (kinds.count("acceptance"), kinds.count("answer")) == (1, answers)


# ---- as a person asks for it


@pytest.fixture
def run(company: Company, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """Return a function that runs a command against the test database."""
    for module in (keys_module, records_module):
        monkeypatch.setattr(module, "at", lambda session, site: folder)
    office_key(), site_key()
    append("test.happened", by="p1", about=("thing", "1"))

    def invoke(*words: str, group: Any = office) -> Result:
        return CliRunner().invoke(group, [*words, "-C", str(tmp_path)], standalone_mode=False)

    return invoke


def test_a_renewal_says_what_to_do_next_and_is_listed(run: Callable[..., Result]) -> None:
    first = office_key().public.id
    told = run("key", "renew", "office", "--lang", "en")
    assert told.exception is None
    assert "Renewed with event 2 of the ledger" in told.output
    assert "office-until-2" in told.output
    listed = json.loads(run("key", "list", "--json").output)["keys"]
    assert [(item["role"], item["until"] is None) for item in listed] == [
        ("office", False), ("office", True), ("site", True),
    ]  # fmt: skip
    assert listed[0]["id"] == first
    assert "記録台帳の初日から" in run("key", "list", "--lang", "ja").output


def test_a_renewal_that_was_begun_is_told_by_list_and_check(run: Callable[..., Result]) -> None:
    create_key(next_path("site"))
    assert "was begun and did not happen" in run("key", "list", "--lang", "en").output
    assert any(item.subject == "key" and item.told.key == "office.keys.renewal.begun" for item in inspect())


def test_check_says_when_keys_were_renewed_and_finds_an_old_one_open_to_others(run: Callable[..., Result]) -> None:
    run("key", "renew", "office")
    (good,) = [item for item in inspect() if item.subject == "key"]
    assert (good.status, good.told.arguments["n"], good.told.arguments["sequence"]) == ("good", 1, 2)
    (path,) = next_path("office").parent.glob("office-until-*.pem")
    path.chmod(0o644)
    (bad,) = [item for item in inspect() if item.subject == "key"]
    assert (bad.status, str(path) in str(bad.told)) == ("bad", True)


def test_a_reader_follows_the_key_that_he_trusts_and_is_told_where_nothing_leads(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    first, site = office_key().public.id, site_key().public.id
    run("key", "renew", "office")
    (tmp_path / "directory.json").write_bytes(directory_bytes(timezone.now()))
    spaced = " ".join(first[at : at + 4].upper() for at in range(0, 64, 4))
    found = run("key", "follow", "directory.json", "--trusted", spaced, "--lang", "en")
    assert (found.return_value, "signed by both" in found.output) == (0, True)
    lost = run("key", "follow", "directory.json", "--trusted", site, "--json")
    assert (lost.return_value, json.loads(lost.output)["follows"]) == (1, False)
    assert isinstance(run("key", "follow", "none.json", "--trusted", site).exception, InputError)


@pytest.mark.parametrize("lost", ["yesterday", "2026-11-20T09:00:00", "2026-13-01", "9999-01-01"])
def test_a_time_that_is_none_is_refused_in_one_line(run: Callable[..., Result], lost: str) -> None:
    found = run("key", "renew", "office", "--lost", lost)
    assert isinstance(found.exception, InputError)
    assert "\n" not in str(found.exception)


def test_a_public_half_is_taken_as_people_write_it_and_refused_otherwise() -> None:
    half = public_half("AB " * 32)
    assert half is not None
    assert half.hex == "ab" * 32
    for text in ("", "ab" * 31, "xy" * 32):
        with pytest.raises(InputError):
            public_half(text)


def test_verify_names_what_a_lost_key_signed_and_still_holds(run: Callable[..., Result], decided: Decision) -> None:
    renew(lost_since=timezone.now() - datetime.timedelta(days=1))
    found = json.loads(run("verify", "--json", "-q", group=ledger).output)
    assert (found["holds"], found["problems"]) == (True, [])
    assert ("decision", decided.number) in [(item["kind"], item["name"]) for item in found["doubted"]]
    for language, words in (("en", "1 decision was signed"), ("ja", "決定が 1 件あります")):
        told = run("verify", "-q", "--lang", language, group=ledger)
        assert (told.return_value, words in told.output, decided.number in told.output) == (0, True, True)


def test_verify_does_not_hold_with_a_decision_by_an_ended_key(run: Callable[..., Result], decided: Decision) -> None:
    first = office_key()
    renew()
    signed_again(decided, first, timezone.now() + datetime.timedelta(minutes=5))
    found = run("verify", "-q", "--lang", "en", group=ledger)
    assert found.return_value == 1
    assert f"Decision {decided.number}" in found.output


@pytest.mark.parametrize("lost", [False, True])
def test_the_page_shows_the_keys_that_ended_with_their_event(company: Company, client: Client, lost: bool) -> None:
    first = office_key().public.id
    append("test.happened", by="p1", about=("thing", "1"))
    done = renew(lost_since=timezone.now() if lost else None)
    client.force_login(company.auditor)
    page = client.get("/keys/").content.decode()
    words = "Its signatures do not count since" if lost else "what it signed before still counts"
    groups = " ".join(first[at : at + 4] for at in range(0, 64, 4))
    assert groups in page
    assert words in page
    assert f"event {done.sequence}" in page
    assert page.index(custody.current_public("office").id[:4]) < page.index(groups), "the one that counts now first"
