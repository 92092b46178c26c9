from __future__ import annotations

import datetime
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hakari.errors import NotAllowedError, SignatureError
from hakari.evidence import canonical_bytes, digest_json, parse_json
from hakari.messages import LANGUAGES
from hakari.office.core.actions import SYSTEM
from hakari.office.core.models import Event
from hakari.office.intake.models import Notification
from hakari.office.lifecycle.actions.reviewing import ask_for_changes
from hakari.office.lifecycle.models import StageAssessment
from hakari.office.oversight import actions
from hakari.office.oversight.programme.counting import figures
from hakari.office.oversight.programme.page import render_programme, written
from hakari.office.oversight.programme.period import Period, read_period
from hakari.office.oversight.programme.statement import open_statement, sign
from hakari.office.people.models import Person
from tests.pages.committee.conftest import decide_by, make_round, seat
from tests.pages.conftest import Company
from tests.pages.lifecycle.conftest import send
from tests.pages.lifecycle.trial import ASKED, DOUBTFUL, GAPS
from tests.pages.oversight.conftest import ago, decided, make_late, told

pytestmark = pytest.mark.postgres
SignIn = Callable[[Person], Client]


def _period(days: int = 30) -> Period:
    today = timezone.localdate()
    return read_period(f"{today - datetime.timedelta(days=days)}..{today}")


def _again(company: Company) -> Any:
    """Decide a case in its second round."""
    from hakari.office.committee.actions.docket import put_on_docket, write_passage
    from hakari.office.committee.actions.rules import NEEDED
    from hakari.office.lifecycle.actions.answering import answer_question
    from tests.pages.committee.conftest import SOON

    seat(company)
    first = make_round(company, DOUBTFUL, number="UC-2026-0001")
    ask_for_changes(first, "Say more.", [(ASKED, "how")], by=company.reviewer)
    found = StageAssessment.objects.get()
    answer_question(found, ASKED, "told", "no", seen=1, by=company.owner)
    second = send(StageAssessment.objects.get(), company)
    item = put_on_docket(second, "reject", timezone.localdate() + SOON, by=company.reviewer)
    for heading in NEEDED:
        write_passage(item, heading, f"About {heading}.", "en", seen=0, by=company.reviewer)
    decide_by(item, company, "reject")
    return first, second


def test_what_happened_in_the_period_is_counted(company: Company) -> None:
    decided(company, sent=20)
    told(company, "UC-2026-0002", sent=10, visibility="restricted")
    told(company, "UC-2026-0003", sent=40)
    found = figures(_period())
    assert found["notified"] == {"cases": 2, "restricted": 1}
    assert found["assessed"] == {"cases": 1, "opened": 1, "rounds": 1}
    assert found["decisions"]["by_outcome"]["approve_with_conditions"] == found["decisions"]["number"] == 1
    assert found["conditions"] == {"closed": 0, "closed_late": 0, "open_at_end": 1, "overdue_at_end": 0, "set": 1}
    assert found["ledger"]["by_kind"]["committee.ballot_closed"] == 1
    assert (found["ledger"]["holds"], found["ledger"]["events"]) == (True, Event.objects.count())


def test_what_happened_before_or_after_does_not_count(company: Company) -> None:
    decided(company, sent=20)
    today = timezone.localdate()
    before = read_period(f"{today - datetime.timedelta(days=90)}..{today - datetime.timedelta(days=60)}")
    found = figures(before)
    assert (found["notified"]["cases"], found["decisions"]["number"], found["ledger"]["in_period"]) == (0, 0, 0)
    assert found["period"]["complete"]
    assert not figures(_period())["period"]["complete"]


def test_what_changed_is_the_first_round_against_the_decided_one(company: Company) -> None:
    first, second = _again(company)
    found = figures(_period())["changed"]
    assert (found["asked"], found["rounds_again"], found["compared"]) == (1, 1, 1)
    assert {name: n for name, n in found["first_round"].items() if n} == {k: n for k, n in first.counts.items() if n}
    assert {name: n for name, n in found["decided_round"].items() if n} == {k: n for k, n in second.counts.items() if n}
    assert found["first_round"] != found["decided_round"]


def test_overdue_conditions_and_exceptions_stand_at_the_end(company: Company) -> None:
    from hakari.office.lifecycle.actions.reviewing import accept_bound

    decided(company)
    make_late(4)
    until = timezone.localdate() + datetime.timedelta(days=10)
    words: dict[str, Any] = {"reason": "Few rows yet.", "condition": "Measured again monthly.", "until": until}
    accept_bound(StageAssessment.objects.get(), GAPS, by=company.head, **words)
    found = figures(_period())
    assert found["conditions"]["overdue_at_end"] == 1
    (row,) = found["excepted"]["in_force"]
    assert row == {"first_until": until.isoformat(), "last_until": until.isoformat(), "number": 1, "requirement": GAPS}


def test_units_that_notified_nothing_are_named(company: Company) -> None:
    told(company, "UC-2026-0002", sent=3)
    told(company, "UC-2026-0003", sent=90, unit=company.music)
    period = _period()
    units = {unit["name"]["en"]: (unit["notified"], unit["ever"], unit["depth"]) for unit in figures(period)["units"]}
    assert units == {"Company": (0, 0, 0), "Cameras": (1, 1, 1), "Lenses": (0, 0, 2), "Music": (0, 1, 1)}
    pages = {language: render_programme(sign(period), language) for language in LANGUAGES}
    assert "<strong>Never notified anything (2):</strong> Company, Lenses" in pages["en"]
    assert "<strong>以前は届出あり、期間中はなし（1）：</strong> 音楽" in pages["ja"]


def test_time_to_decision_watches_only_the_days_inside_the_period(company: Company) -> None:
    decided(company, sent=20)
    told(company, "UC-2026-0002", sent=50)
    told(company, "UC-2026-0003", sent=60, state="retired", state_since=ago(45))
    all_ = figures(_period())["time_to_decision"]["all"]
    assert (all_["cases"], all_["decided"], all_["open"], all_["longest_open"]) == (2, 1, 1, 50)
    # On day 20 both are watched? The second entered on day 20 of its waiting: of two, one is decided.
    assert (all_["half"], all_["quarter"]) == (20, 20)


def test_no_case_is_named(company: Company) -> None:
    decided(company)
    told(company, "UC-2026-0777", sent=3, title="Nightheron", visibility="restricted", code_name="Marble")
    signed = sign(_period())
    texts = [signed.envelope.decode(), json.dumps(signed.figures), *map(bytes.decode, written(signed).values())]
    assert not [word for word in ("UC-2026", "Nightheron", "Marble", "Reply drafts") for text in texts if word in text]


def test_the_digest_changes_with_a_figure_and_only_then(company: Company) -> None:
    now, period = timezone.now(), _period()
    told(company, "UC-2026-0002", sent=3)
    first, same = sign(period, now), sign(period, now)
    assert first.digest == same.digest == digest_json(first.figures)
    Notification.objects.update(submitted_at=ago(60))
    assert sign(period, now).digest != first.digest


def test_a_signed_report_opens_and_a_bent_one_does_not(company: Company) -> None:
    signed = sign(_period())
    assert open_statement(signed.envelope, what="report.json").figures == json.loads(canonical_bytes(signed.figures))
    outer = parse_json(signed.envelope, what="x")
    for place in range(0, len(signed.envelope), max(1, len(signed.envelope) // 60)):
        bent = bytearray(signed.envelope)
        bent[place] ^= 1
        with pytest.raises(SignatureError):
            open_statement(bytes(bent), what="report.json")
    assert outer["signatures"][0]["keyid"] == signed.key


def test_a_report_of_another_key_does_not_open(company: Company) -> None:
    from tests.pages.lifecycle.trial import key

    with pytest.raises(SignatureError):
        open_statement(sign(_period()).envelope, what="report.json", key=key(9).public)


def test_the_page_names_the_digest_and_forbids_everything_from_outside(company: Company) -> None:
    signed = sign(_period())
    for language in LANGUAGES:
        page = render_programme(signed, language)
        assert signed.digest in page
        assert f'<html lang="{language}">' in page
        assert "default-src 'none'" in page.replace("&#x27;", "'")
        assert " style=" not in page
        assert page == render_programme(signed, language)


def test_a_report_leaves_its_digest_in_the_ledger(company: Company) -> None:
    signed = actions.report(_period(), by=SYSTEM)
    event = Event.objects.get(kind="programme.reported")
    assert json.loads(bytes(event.body))["data"]["digest"] == signed.digest


@pytest.mark.parametrize("name", ["reviewer", "owner", "member", "admin", "outsider"])
def test_who_does_not_see_restricted_cases_has_no_report_made(company: Company, sign_in: SignIn, name: str) -> None:
    with pytest.raises(NotAllowedError):
        actions.report(_period(), by=company.people[name])
    assert sign_in(company.people[name]).get("/oversight/programme/").status_code == 403
    assert not Event.objects.filter(kind="programme.reported").exists()


@pytest.mark.parametrize("name", ["head", "chair", "auditor"])
def test_a_report_is_shown_and_taken_away(company: Company, sign_in: SignIn, name: str) -> None:
    browser, period = sign_in(company.people[name]), _period().name
    assert "Coverage by unit" in browser.get("/oversight/programme/", {"period": period}).content.decode()
    answer = browser.post("/oversight/programme/", {"period": period})
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.namelist() == ["report.json", "report.en.html", "report.ja.html"]
    assert (
        open_statement(archive.read("report.json"), what="report.json").digest
        in archive.read("report.ja.html").decode()
    )


def test_a_period_that_is_none_is_told_and_nothing_signed(company: Company, sign_in: SignIn) -> None:
    browser = sign_in(company.head)
    assert "is not a period" in browser.get("/oversight/programme/?period=soon").content.decode()
    assert browser.post("/oversight/programme/", {"period": "soon"}).status_code == 400
    assert not Event.objects.filter(kind="programme.reported").exists()


def test_a_broken_ledger_is_said(company: Company) -> None:
    from django.db import connection

    from tests.pages.conftest import drop_triggers

    told(company, "UC-2026-0002", sent=3)
    actions.report(_period(), by=SYSTEM)
    drop_triggers()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_event SET kind = 'x' WHERE sequence = 1")
    signed = sign(_period())
    assert signed.figures["ledger"]["holds"] is False
    assert "The chain does not hold" in render_programme(signed, "en")
