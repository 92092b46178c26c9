"""An installation is refused for each thing that must not go into production, and told what to do about it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from hakari.messages import render, say
from hakari.office.core.ledger.checkpoints import office_key
from hakari.office.core.ledger.store import append
from hakari.office.desk.inspection import inspect
from hakari.office.keys.own import site_key
from hakari.office.people.models import Assignment, Person

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


@pytest.fixture
def sound(settings: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make an installation with which nothing is wrong."""
    secret = "0123456789abcdefghijklmnopqrstuvwxyz-0123456789abcdefghijklmnopqrstuvwxyz"
    monkeypatch.setenv("HAKARI_OFFICE_SECRET", secret)
    settings.SECRET_KEY = secret
    settings.ENVIRONMENT = replace(
        settings.ENVIRONMENT,
        mode="production",
        address="https://office.example",
        mail="smtp://mail.example:587",
        sender="office@company.example",
    )
    settings.ALLOWED_HOSTS = ["office.example"]
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    admin = Person.objects.create_user("admin@company.example", None, name="Admin")
    Assignment.objects.create(person=admin, role="admin", starts=timezone.localdate())
    office_key()
    note = {"at": timezone.now().isoformat(), "events": 0, "file": "x.zip"}
    (folder / "last-backup.json").write_text(json.dumps(note), "utf-8")
    return folder


def bad() -> dict[str, str]:
    return {item.subject: render(item.told, "en") for item in inspect() if item.status == "bad"}


def test_a_sound_installation_is_not_refused(sound: Path) -> None:
    assert bad() == {}


def _environment(**values: Any) -> Callable[[Any, Path], None]:
    def change(settings: Any, folder: Path) -> None:
        settings.ENVIRONMENT = replace(settings.ENVIRONMENT, **values)

    return change


def _setting(name: str, value: Any) -> Callable[[Any, Path], None]:
    return lambda settings, folder: setattr(settings, name, value)


def _old_backup(settings: Any, folder: Path) -> None:
    (folder / "last-backup.json").write_text('{"at": "2026-01-01T00:00:00+00:00"}', "utf-8")


def _no_trigger(settings: Any, folder: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TRIGGER core_event_no_update" + ("" if connection.vendor == "sqlite" else " ON core_event")
        )


def _late_checkpoint(settings: Any, folder: Path) -> None:
    for number in range(251):
        append("test.happened", by="p1", about=("thing", str(number)))


def _site_key(folder: Path) -> Path:
    site_key()
    return folder / "keys" / "site.pem"


CASES: dict[str, tuple[Callable[[Any, Path], Any], str, str]] = {
    "demonstration": (_environment(mode="demo"), "mode", "HAKARI_OFFICE_MODE"),
    "debug": (_setting("DEBUG", True), "mode", "Debug pages are on"),
    "demo account": (lambda *_: Person.objects.update(is_demo=True), "mode", "1 demonstration account"),
    "short secret": (_setting("SECRET_KEY", "short"), "secret", "Shorter than 50"),
    "same letters": (_setting("SECRET_KEY", "a" * 80), "secret", "Shorter than 50"),
    "any host": (_setting("ALLOWED_HOSTS", ["*"]), "hosts", "Answers to *"),
    "own host only": (_setting("ALLOWED_HOSTS", ["127.0.0.1"]), "hosts", "127.0.0.1"),
    "no TLS": (_environment(address="http://office.example"), "address", "not over TLS"),
    "no mail": (_environment(mail=""), "mail", "No mail server"),
    "no sender": (_environment(sender="office@localhost"), "mail", "office@localhost"),
    "open key": (lambda _, folder: (folder / "keys" / "office.pem").chmod(0o644), "key", "office.pem"),
    "broken key": (lambda _, folder: (folder / "keys" / "office.pem").write_text("no"), "key", "office.pem"),
    "open key of the site": (lambda _, folder: _site_key(folder).chmod(0o640), "key", "site.pem"),
    "broken key of the site": (lambda _, folder: _site_key(folder).write_text("no"), "key", "site.pem"),
    "one key for both": (
        lambda _, folder: _site_key(folder).write_bytes((folder / "keys" / "office.pem").read_bytes()),
        "key",
        "holds the office's own key",
    ),
    "a name for both": (
        lambda settings, folder: _environment(key=folder / "keys" / "site.pem")(settings, folder),
        "key",
        "Rename it",
    ),
    "dropped trigger": (_no_trigger, "triggers", "core_event_no_update is missing"),
    "late checkpoint": (_late_checkpoint, "checkpoints", "251 events are not sealed"),
    "old backup": (_old_backup, "backup", "days old"),
    "no backup": (lambda _, folder: (folder / "last-backup.json").unlink(), "backup", "There is none"),
    "no administrator": (lambda *_: Assignment.objects.all().delete(), "administrator", "Nobody can make accounts"),
    "Django's own": (_setting("SESSION_COOKIE_SECURE", False), "django", "security.W012"),
}


@pytest.mark.parametrize("case", CASES)
def test_each_defect_is_named_with_what_to_do(sound: Path, settings: Any, case: str) -> None:
    change, subject, words = CASES[case]
    change(settings, sound)
    assert words in bad()[subject]


def test_both_keys_are_told_at_once(sound: Path) -> None:
    _site_key(sound).chmod(0o644)
    (sound / "keys" / "office.pem").chmod(0o644)
    told = [render(item.told, "en") for item in inspect() if item.subject == "key"]
    assert ["office.pem" in told[0], "site.pem" in told[1]] == [True, True]


def test_a_secret_that_one_host_made_for_itself_is_refused_where_several_may_work(
    sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HAKARI_OFFICE_SECRET")
    assert ("secret" in bad()) == (connection.vendor != "sqlite")


def test_a_secret_that_others_can_read_is_refused(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HAKARI_OFFICE_SECRET")
    (sound / "secret").write_text("x", "utf-8")
    (sound / "secret").chmod(0o644)
    assert "chmod 600" in " ".join(render(item.told, "en") for item in inspect() if item.subject == "secret")


def test_votes_that_nobody_can_open_are_told_while_their_ballot_is_open(sound: Path, monkeypatch: Any) -> None:
    assert "key" not in bad()
    told = say("office.committee.seal.no_key", file="votes.key")
    monkeypatch.setattr("hakari.office.committee.models.Ballot.objects.filter", lambda **_: ["an open ballot"])
    monkeypatch.setattr("hakari.office.committee.votes.box.problem_of", lambda ballot: told)
    assert "votes.key" in bad()["key"]
