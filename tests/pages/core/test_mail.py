"""Mail: what goes out, to whom, in which language, and what happens when it cannot."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.core import mail as outbox
from django.utils import timezone

from hakari.errors import InputError
from hakari.messages import say
from hakari.office.core import mail
from hakari.office.core.models import MailItem
from tests.pages.conftest import Company

pytestmark = pytest.mark.postgres

Commit = Callable[..., AbstractContextManager[Any]]
SUBJECT = say("office.home.title")
BODY = say("office.home.nothing")


class Broken:
    """A mail server that refuses, and tells an address and a secret while it does."""

    def __init__(self, *_: object, **__: object) -> None: ...

    def send_messages(self, *_: object) -> int:
        raise ConnectionRefusedError("owner@example.com with secret-word")


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Any) -> Commit:
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_mail_speaks_the_readers_language_and_says_why_it_came(company: Company, commit: Commit) -> None:
    company.owner.language = "ja"
    with commit():
        mail.send(company.owner, subject=SUBJECT, body=BODY, link="/information/")
    [sent] = outbox.outbox
    assert (sent.to, sent.subject) == (["owner@example.com"], "あなたの対応が必要なもの")
    assert "http://testserver/information/" in sent.body
    assert "アカウントがあり" in sent.body
    assert sent.content_subtype == "plain"


def test_mail_waits_for_the_commit(company: Company, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        mail.send(company.owner, subject=SUBJECT, body=BODY)
    assert outbox.outbox == []
    assert len(callbacks) == 1


def test_the_words_of_a_mail_are_wiped_when_it_has_gone(commit: Commit, db: None) -> None:
    with commit():
        mail.send("supplier@example.com", subject=SUBJECT, body=BODY, link="/notify/link/secret-word/")
    assert "secret-word" in outbox.outbox[0].body
    item = MailItem.objects.get()
    assert item.sent_at is not None
    assert {item.body, item.link, item.address, item.subject, item.why} == {""}


def test_an_erased_or_closed_account_gets_no_mail(company: Company, commit: Commit) -> None:
    company.owner.is_active = False
    company.engineer.erased_at = timezone.now()
    with commit():
        assert mail.send(company.owner, subject=SUBJECT, body=BODY) is None
        assert mail.send(company.engineer, subject=SUBJECT, body=BODY) is None
    assert outbox.outbox == []


def test_mail_to_somebody_erased_before_it_goes_is_dropped(company: Company) -> None:
    item = mail.send(company.owner, subject=SUBJECT, body=BODY)
    type(company.owner).objects.filter(pk=company.owner.pk).update(is_active=False)
    assert item is not None
    assert mail.deliver.call(item.pk) is False
    assert not MailItem.objects.exists()


@pytest.mark.parametrize("bad", ["a@example.com\nBcc: b@example.com", "a@example.com, b@example.com", "", "nobody"])
def test_an_address_that_could_bend_the_header_is_refused(bad: str, db: None) -> None:
    with pytest.raises(InputError):
        mail.send(bad, subject=SUBJECT, body=BODY)


@pytest.mark.parametrize("mark", ["\n", "\r", "\u2028", "\x0b"])
def test_a_subject_with_a_line_break_is_refused(mark: str, company: Company) -> None:
    title = say("office.home.lead", name=f"title{mark}Bcc: b@example.com")
    with pytest.raises(InputError):
        mail.send(company.owner, subject=title, body=BODY)


@pytest.mark.parametrize("link", ["https://elsewhere.example/", "//elsewhere.example/", "/a\nb", "/\\elsewhere", "a"])
def test_a_link_that_leads_off_the_site_is_refused(link: str, company: Company) -> None:
    with pytest.raises(InputError):
        mail.send(company.owner, subject=SUBJECT, body=BODY, link=link)


def test_a_failure_is_logged_without_secrets_and_tried_again(
    company: Company, commit: Commit, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    with commit(), caplog.at_level(logging.ERROR):
        mail.send(company.owner, subject=SUBJECT, body=BODY)
    assert "ConnectionRefusedError" in caplog.text
    assert "secret-word" not in caplog.text
    assert "example.com" not in caplog.text
    assert mail.undelivered().get().failure == "ConnectionRefusedError"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert mail.send_digests(timezone.now()) == 0
    assert mail.send_digests(timezone.now() + datetime.timedelta(minutes=6)) == 1
    assert not mail.undelivered().exists()


def test_mail_is_given_up_after_the_last_attempt(company: Company, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    item = mail.send(company.owner, subject=SUBJECT, body=BODY)
    assert item is not None
    for _ in range(mail.ATTEMPTS + 2):
        MailItem.objects.update(due_at=timezone.now())
        mail.deliver.call(item.pk)
    assert mail.undelivered().get().attempts == mail.ATTEMPTS


def test_one_mail_is_sent_once_however_often_its_task_runs(company: Company) -> None:
    item = mail.send(company.owner, subject=SUBJECT, body=BODY)
    assert item is not None
    assert [mail.deliver.call(item.pk) for _ in range(3)] == [True, False, False]
    assert len(outbox.outbox) == 1


def test_what_can_wait_is_one_mail_for_each_person_and_day(company: Company, commit: Commit) -> None:
    with commit():
        for person in (company.owner, company.owner, company.engineer):
            mail.send(person, subject=SUBJECT, body=BODY, link="/information/", digest=True)
    assert outbox.outbox == []
    now = timezone.now()
    assert mail.send_digests(now) == 2
    texts = {sent.to[0]: sent for sent in outbox.outbox}
    assert texts["owner@example.com"].subject == "AI ethics office: 2 notices for you"
    assert texts["owner@example.com"].body.count("http://testserver/information/") == 2
    mail.send(company.owner, subject=SUBJECT, body=BODY, digest=True)
    assert mail.send_digests(now + datetime.timedelta(seconds=1)) == 0
    assert mail.send_digests(now + datetime.timedelta(days=1)) == 1


def test_a_digest_that_failed_goes_with_the_next(company: Company, settings: Any) -> None:
    mail.send(company.owner, subject=SUBJECT, body=BODY, digest=True)
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    assert mail.send_digests() == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert mail.send_digests(timezone.now() + datetime.timedelta(minutes=6)) == 1


def test_an_address_without_an_account_never_waits_for_a_digest(commit: Commit, db: None) -> None:
    with commit():
        mail.send("supplier@example.com", subject=SUBJECT, body=BODY, digest=True)
    assert len(outbox.outbox) == 1


def test_a_mail_whose_reader_may_not_be_told_any_more_is_dropped(company: Company) -> None:
    from hakari.office.registry.models import UseCase

    case = UseCase.objects.create(
        number="UC-9", title="Hidden later", unit=company.cameras, reporter=company.owner, owner=company.owner,
        state="triaged", lowest="low", highest="low",
    )  # fmt: skip
    for person in (company.member, company.owner):
        mail.send(person, subject=SUBJECT, body=BODY, digest=True, guard=f"use_case:{case.key}")
    UseCase.objects.update(visibility="restricted")
    assert mail.send_digests() == 1
    assert [found.to for found in outbox.outbox] == [[company.owner.email]]
