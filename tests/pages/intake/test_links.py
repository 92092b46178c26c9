from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from hakari.errors import ConflictError, InputError, OfficeError
from hakari.office.core.models import Event
from hakari.office.intake.actions.asking import accept, answer_link, ask, set_aside, withdraw
from hakari.office.intake.actions.notifying import answer
from hakari.office.intake.models import Answer, AskLink, Notification, Step
from hakari.office.people.models import Person, new_key
from tests.pages.conftest import Company
from tests.pages.intake.conftest import OPEN, Write

pytestmark = pytest.mark.postgres
SignIn = Callable[[Person], Client]


@pytest.fixture
def asked(
    write: Write, company: Company, django_capture_on_commit_callbacks: Any
) -> Callable[..., tuple[AskLink, str]]:
    """Return a function that asks about what the system does, and returns the link with its token."""

    def one(**options: Any) -> tuple[AskLink, str]:
        found = write(OPEN)
        given = {"email": "s@supplier.example", "note": "Model 7", "shown_title": "", "language": "ja"}
        with django_capture_on_commit_callbacks(execute=True):
            link = ask(found, ["does"], once=new_key(), by=company.reporter, **{**given, **options})
        token = re.findall(r"/notify/asked/([\w-]+)/", str(mail.outbox[-1].body))[0]
        return link, token

    return one


Asked = Callable[..., tuple[AskLink, str]]


def test_the_mail_tells_no_more_of_the_case_than_was_chosen(asked: Asked) -> None:
    asked()
    sent = mail.outbox[-1]
    assert sent.to == ["s@supplier.example"]
    assert "Reply drafts" not in f"{sent.subject}\n{sent.body}"
    assert "Model 7" in sent.body


def test_the_token_is_kept_nowhere(asked: Asked) -> None:
    link, token = asked()
    assert token not in str(AskLink.objects.values().get(pk=link.pk))
    assert all(token.encode() not in bytes(event.body) for event in Event.objects.all())


def test_somebody_outside_answers_and_the_tier_narrows(asked: Asked, company: Company, client: Client) -> None:
    link, token = asked()
    page = client.get(f"/notify/asked/{token}/")
    assert page.status_code == 200
    assert 'lang="ja"' in page.content.decode()
    assert "Reply drafts" not in page.content.decode()
    told = {"q-does": ["things"], "name": "Sato", "remark": "Only parts."}
    assert client.post(f"/notify/asked/{token}/", told).headers["Location"] == "/notify/asked/thanks/"
    accept(AskLink.objects.get(), seen=link.notification.version, by=company.reporter)
    now = Notification.objects.get()
    assert (now.step, now.use_case.lowest, now.use_case.highest) == (Step.SETTLED, "low", "low")
    assert Answer.objects.latest("pk").by == f"link:{link.key}"


def test_the_event_of_an_answer_names_the_link_and_no_person(asked: Asked) -> None:
    link, token = asked()
    answer_link(token, {"does": ["things"]}, name="Sato", remark="")
    event = Event.objects.get(kind="link.answered")
    assert event.by == f"link:{link.key}"
    assert b"Sato" not in bytes(event.body)


def test_used_expired_closed_and_unknown_links_look_alike(asked: Asked, company: Company, client: Client) -> None:
    used, closed, old = asked(), asked(), asked()
    answer_link(used[1], {"does": "unknown"}, name="Sato", remark="")
    withdraw(closed[0], by=company.reporter)
    AskLink.objects.filter(pk=old[0].pk).update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    pages = [client.get(f"/notify/asked/{token}/") for token in (used[1], closed[1], old[1], "nonsense")]
    assert {page.status_code for page in pages} == {404}
    plain = {re.sub(r'value="[^"]*"', "", page.content.decode()) for page in pages}
    assert len(plain) == 1


def test_a_second_click_of_the_same_answer_is_thanked_and_another_answer_is_not(asked: Asked, client: Client) -> None:
    _, token = asked()
    told = {"q-does": ["things"], "name": "Sato", "remark": ""}
    for _ in range(2):
        assert client.post(f"/notify/asked/{token}/", told).status_code == 302
    assert client.post(f"/notify/asked/{token}/", {**told, "q-does": ["talks"]}).status_code == 404
    assert AskLink.objects.get().answers == {"does": ["things"]}
    assert Event.objects.filter(kind="link.answered").count() == 1


def test_a_link_serves_its_questions_only(asked: Asked) -> None:
    _, token = asked()
    answer_link(token, {"does": ["things"], "who": "nobody"}, name="Sato", remark="")
    assert AskLink.objects.get().answers == {"does": ["things"]}


def test_an_answer_that_does_not_fit_is_refused(asked: Asked) -> None:
    _, token = asked()
    with pytest.raises(InputError):
        answer_link(token, {"does": ["nonsense"]}, name="Sato", remark="")
    assert AskLink.objects.get().state == "open"


def test_an_answer_is_kept_out_on_request(asked: Asked, company: Company) -> None:
    link, token = asked()
    answer_link(token, {"does": ["things"]}, name="Sato", remark="")
    set_aside(link, by=company.reporter)
    assert (AskLink.objects.get().state, Notification.objects.get().answers["does"]) == ("closed", "unknown")


def test_taking_over_on_an_old_page_is_refused(asked: Asked, company: Company) -> None:
    link, token = asked()
    answer_link(token, {"does": ["things"]}, name="Sato", remark="")
    seen = link.notification.version
    answer(link.notification, "data", "personal", seen=1, by=company.reporter)
    with pytest.raises(ConflictError):
        accept(AskLink.objects.get(), seen=seen, by=company.reporter)


def test_taking_over_twice_takes_over_once(asked: Asked, company: Company, sign_in: SignIn) -> None:
    link, token = asked()
    answer_link(token, {"does": ["things"]}, name="Sato", remark="")
    url = f"/notify/{link.notification.use_case.number}/links/{link.key}"
    client = sign_in(company.reporter)
    assert "Sato answered" in client.get(f"{url}/").content.decode()
    version = Notification.objects.get().version
    for _ in range(2):
        assert client.post(f"{url}/accept/", {"version": version}).status_code == 302
    assert Answer.objects.filter(question="does").count() == 2


def test_a_link_of_another_notification_is_not_there(
    asked: Asked, write: Write, company: Company, sign_in: SignIn
) -> None:
    link, _ = asked()
    other = write(OPEN).use_case.number
    assert sign_in(company.reporter).get(f"/notify/{other}/links/{link.key}/").status_code == 404


def test_the_form_sends_one_link_however_often_it_is_pressed(write: Write, company: Company, sign_in: SignIn) -> None:
    number = write(OPEN).use_case.number
    told = {"which": "this", "email": "a@b.example", "language": "en", "shown_title": "", "note": "", "once": new_key()}
    for _ in range(2):
        assert sign_in(company.reporter).post(f"/notify/{number}/question/does/ask/", told).status_code == 302
    assert AskLink.objects.count() == 1


def test_a_notification_is_no_machine_for_sending_mail(asked: Asked, write: Write, company: Company) -> None:
    found = write(OPEN)
    given: dict[str, Any] = {
        "email": "a@b.example",
        "note": "",
        "shown_title": "",
        "language": "en",
        "by": company.reporter,
    }
    for _ in range(10):
        ask(found, ["does"], once=new_key(), **given)
    with pytest.raises(OfficeError, match="open already"):
        ask(found, ["does"], once=new_key(), **given)


@pytest.mark.parametrize("address", ["a@b.example\nBcc: c@d.example", "a@b.example, c@d.example"])
def test_an_address_cannot_bend_the_mail(write: Write, company: Company, sign_in: SignIn, address: str) -> None:
    number = write(OPEN).use_case.number
    told = {"which": "this", "email": address, "language": "en", "once": new_key()}
    assert sign_in(company.reporter).post(f"/notify/{number}/question/does/ask/", told).status_code == 400
    assert AskLink.objects.count() == 0
