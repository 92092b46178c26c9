from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.core import mail
from django.test import Client

from hakari.office.intake.models import Answer, Notification, TriageRecord
from hakari.office.people.models import Person, new_key
from tests.pages.conftest import Company
from tests.pages.intake.conftest import LOW, MIDDLE, OPEN, Write

SignIn = Callable[[Person], Client]


def begin(client: Client, company: Company, **more: Any) -> str:
    """Send the first page and return the number."""
    told = {"title": "Reply drafts", "purpose": "Drafts.", "unit": company.cameras.pk, "once": new_key(), **more}
    client.post("/notify/start/", told)
    return Notification.objects.latest("pk").use_case.number


def test_from_the_first_page_to_the_receipt_with_plain_forms(company: Company, sign_in: SignIn) -> None:
    client = sign_in(company.reporter)
    number = begin(client, company)
    url = client.get(f"/notify/{number}/").headers["Location"]
    while "/question/" in url:
        name = url.split("/")[-2]
        url = client.post(url, {"answer": LOW[name], "seen": "0"}).headers["Location"]
    assert url == f"/notify/{number}/check/"
    version = re.findall(r'name="version" value="(\d+)"', client.get(url).content.decode())[0]
    done = client.post(url, {"version": version}, follow=True)
    assert done.redirect_chain[-1][0] == f"/notify/{number}/receipt/"
    assert "You may go ahead" in done.content.decode()


def test_every_page_of_a_notification_opens_in_both_languages(write: Write, company: Company, sign_in: SignIn) -> None:
    number = write(OPEN).use_case.number
    for language in ("en", "ja"):
        client = sign_in(company.reporter)
        client.cookies["language"] = language
        for page in ("receipt", "question/does", "question/does/ask"):
            answer = client.get(f"/notify/{number}/{page}/")
            assert answer.status_code == 200, page
            assert f'<html lang="{language}">' in answer.content.decode()


def test_sending_the_first_page_twice_begins_one_notification(company: Company, sign_in: SignIn) -> None:
    client, once = sign_in(company.reporter), new_key()
    assert begin(client, company, once=once) == begin(client, company, once=once)
    assert Notification.objects.count() == 1


def test_the_form_of_somebody_else_opens_nothing(company: Company, sign_in: SignIn) -> None:
    once = new_key()
    begin(sign_in(company.reporter), company, once=once)
    told = {"title": "X", "purpose": "Y", "unit": company.cameras.pk, "once": once}
    assert sign_in(company.engineer).post("/notify/start/", told).status_code == 403


def test_nobody_notifies_for_a_unit_that_is_not_theirs(company: Company, sign_in: SignIn) -> None:
    told = {"title": "X", "purpose": "Y", "unit": company.music.pk, "once": new_key()}
    assert sign_in(company.reporter).post("/notify/start/", told).status_code == 400
    assert sign_in(company.auditor).get("/notify/start/").status_code == 403


def test_similar_cases_are_shown_after_the_first_page(write: Write, company: Company, sign_in: SignIn) -> None:
    write(LOW, title="Answer drafts for customers")
    client = sign_in(company.engineer)
    told = {"title": "Answer drafts for a customer", "purpose": "P", "unit": company.cameras.pk, "once": new_key()}
    page = client.post("/notify/start/", told, follow=True).content.decode()
    assert "Answer drafts for customers" in page


def test_a_hidden_similar_case_is_named_by_a_hint_only(write: Write, company: Company, sign_in: SignIn) -> None:
    write(LOW, title="Answer drafts for customers")
    page = sign_in(company.stranger).get("/notify/similar/", {"title": "Answer drafts for customer"}).content.decode()
    assert "The office knows a similar case" in page
    assert "Answer drafts" not in page


def test_of_two_who_answer_at_once_the_second_sees_both(write: Write, company: Company, sign_in: SignIn) -> None:
    found = write({}, send=False)
    found.use_case.people.add(company.engineer)
    url = f"/notify/{found.use_case.number}/question/who/"
    sign_in(company.reporter).post(url, {"answer": "weak", "seen": "0"})
    client = sign_in(company.engineer)
    page = client.post(url, {"answer": "nobody", "seen": "0"})
    text = page.content.decode()
    assert page.status_code == 409
    assert "Reporter answered meanwhile" in text
    assert re.search(r'value="nobody"[^>]*checked', text)
    assert client.post(url, {"answer": "nobody", "seen": "1"}).status_code == 302
    assert list(Answer.objects.values_list("value", flat=True)) == ["weak", "nobody"]


def test_answers_to_different_questions_do_not_stand_in_each_others_way(
    write: Write, company: Company, sign_in: SignIn
) -> None:
    found = write({}, send=False)
    found.use_case.people.add(company.engineer)
    url = f"/notify/{found.use_case.number}/question"
    assert sign_in(company.reporter).post(f"{url}/who/", {"answer": "weak", "seen": "0"}).status_code == 302
    assert sign_in(company.engineer).post(f"{url}/data/", {"answer": "none", "seen": "0"}).status_code == 302
    assert Notification.objects.get().answers == {"who": "weak", "data": "none"}


def test_saving_the_same_answer_twice_writes_it_once(write: Write, company: Company, sign_in: SignIn) -> None:
    found = write({}, send=False)
    client, url = sign_in(company.reporter), f"/notify/{found.use_case.number}/question/who/"
    first = client.post(url, {"answer": "weak", "seen": "0"}).headers["Location"]
    assert client.post(url, {"answer": "weak", "seen": "0"}).headers["Location"] == first
    assert Answer.objects.count() == 1


def test_dont_know_with_a_choice_is_refused_with_the_reason(write: Write, company: Company, sign_in: SignIn) -> None:
    found = write({}, send=False)
    url = f"/notify/{found.use_case.number}/question/does/"
    page = sign_in(company.reporter).post(url, {"answer": ["unknown", "talks"], "seen": "0"})
    assert page.status_code == 400
    assert "not both" in page.content.decode()


def test_a_title_changed_by_two_shows_both(write: Write, company: Company, sign_in: SignIn) -> None:
    found = write({}, send=False)
    client, url = sign_in(company.reporter), f"/notify/{found.use_case.number}/about/"
    told = {"purpose": "P", "unit": company.cameras.pk, "once": new_key(), "version": found.use_case.version}
    assert client.post(url, {**told, "title": "First"}).status_code == 302
    page = client.post(url, {**told, "title": "Second"})
    assert page.status_code == 409
    assert "First" in page.content.decode()
    assert 'value="Second"' in page.content.decode()


def test_sending_twice_sends_once(write: Write, company: Company, sign_in: SignIn) -> None:
    found = write(MIDDLE, send=False)
    client, url = sign_in(company.reporter), f"/notify/{found.use_case.number}/check/"
    for _ in range(2):
        assert client.post(url, {"version": found.version}).headers["Location"].endswith("/receipt/")
    assert TriageRecord.objects.count() == 1


def test_a_summary_that_is_no_longer_true_is_not_sent(write: Write, company: Company, sign_in: SignIn) -> None:
    found = write(MIDDLE, send=False)
    url = f"/notify/{found.use_case.number}"
    client = sign_in(company.reporter)
    client.post(f"{url}/question/who/", {"answer": "weak", "seen": "1"})
    page = client.post(f"{url}/check/", {"version": found.version})
    assert page.status_code == 409
    assert TriageRecord.objects.count() == 0


def test_a_draft_is_not_there_for_others(write: Write, company: Company, sign_in: SignIn) -> None:
    number = write({}, send=False).use_case.number
    for who in ("stranger", "reviewer", "delegate", "head"):
        assert sign_in(company.people[who]).get(f"/notify/{number}/check/").status_code in (403, 404)
    assert sign_in(company.engineer).get(f"/notify/{number}/check/").status_code == 404


def test_colleagues_read_a_receipt_and_cannot_answer(write: Write, company: Company, sign_in: SignIn) -> None:
    number = write(OPEN).use_case.number
    client = sign_in(company.engineer)
    assert client.get(f"/notify/{number}/receipt/").status_code == 200
    assert client.get(f"/notify/{number}/question/does/").status_code == 403
    assert sign_in(company.stranger).get(f"/notify/{number}/receipt/").status_code == 404


def test_under_an_embargo_a_reader_of_the_code_name_gets_no_receipt(
    write: Write, company: Company, sign_in: SignIn
) -> None:
    case = write(LOW).use_case
    type(case).objects.update(code_name="Heron", visibility="group")
    assert sign_in(company.stranger).get(f"/notify/{case.number}/receipt/").status_code == 404


def test_the_receipt_comes_by_mail_too(write: Write, company: Company, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        number = write(LOW).use_case.number
    assert [item.to for item in mail.outbox] == [["reporter@example.com"]]
    assert f"/notify/{number}/receipt/" in mail.outbox[0].body


def test_words_that_look_like_markup_stay_words(write: Write, company: Company, sign_in: SignIn) -> None:
    number = write(LOW, title="<script>alert(1)</script>").use_case.number
    page = sign_in(company.reporter).get(f"/notify/{number}/receipt/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
