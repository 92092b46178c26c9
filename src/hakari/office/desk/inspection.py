"""Looking at an installation before it is used in earnest: what is in place, and what refuses production."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from django.conf import settings
from django.core import checks
from django.db import OperationalError, ProgrammingError, connection
from django.utils import timezone

from hakari.errors import HakariError
from hakari.messages import Message, say

__all__ = ["Finding", "inspect"]

Status = Literal["good", "bad"]
_LOCAL: Final = {"localhost", "127.0.0.1", "::1", "[::1]"}
_SHORTEST_SECRET: Final = 50
_OLDEST_BACKUP_DAYS: Final = 7
_MOST_UNSEALED: Final = 250
_NEWEST_FILES: Final = 1_000
# Django's own checks look at these too; ours say what to do about it.
_OURS: Final = {"security.W009", "security.W018", "security.W020", "hakari.E001"}
_WITHOUT_TLS: Final = {"security.W004", "security.W008", "security.W012", "security.W016"}
"""They all follow from an address without TLS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    subject: str
    """Such as `secret`; `office.desk.subject.<subject>` names it."""
    status: Status
    told: Message
    """What was found and, if it is bad, what to do."""


def inspect() -> list[Finding]:
    """Return what was found, in the order of the guide; one `bad` finding refuses production."""
    found: list[Finding] = []
    for subject, look in _LOOKS.items():
        try:
            problems = list(look())
        except (OperationalError, ProgrammingError) as error:
            first = (str(error).strip().splitlines() or [""])[0]
            problems = [say("office.desk.check.database", problem=first)]
        except (HakariError, OSError) as error:
            told = getattr(error, "message", None)
            problems = [told if isinstance(told, Message) else say("text", text=str(error))]
        found += [Finding(subject=subject, status="bad", told=told) for told in problems]
        if not problems:
            found.append(Finding(subject=subject, status="good", told=_good(subject)))
    return found


def _good(subject: str) -> Message:
    from hakari.office.keys.own import own_terms

    if subject == "key":
        renewed = [term.ended for term in own_terms() if term.ended is not None]
        if renewed:
            last = max(renewed, key=lambda item: item.sequence)
            return say("office.keys.check.good", n=len(renewed), day=last.at[:10], sequence=last.sequence)
    return say(f"office.desk.check.good.{subject}")


def _mode() -> Iterator[Message]:
    from hakari.office.people.models import Person

    if settings.DEBUG:
        yield say("office.desk.check.debug")
    if settings.ENVIRONMENT.mode == "demo":
        yield say("office.desk.check.demo_mode")
    count = Person.objects.filter(is_demo=True).count()
    if count:
        yield say("office.desk.check.demo_accounts", n=count)


def _secret() -> Iterator[Message]:
    secret: str = settings.SECRET_KEY
    if len(secret) < _SHORTEST_SECRET or len(set(secret)) < 5 or secret.startswith("django-insecure"):
        yield say("office.desk.check.secret_short", least=_SHORTEST_SECRET)
    stated = bool(os.environ.get("HAKARI_OFFICE_SECRET"))
    path = Path(settings.ENVIRONMENT.folder) / "secret"
    if not stated and connection.vendor != "sqlite":
        yield say("office.desk.check.secret_made")
    if not stated and path.is_file() and _open_to_others(path):
        yield say("office.desk.check.permissions", path=str(path))


def _hosts() -> Iterator[Message]:
    hosts = [*settings.ALLOWED_HOSTS]
    if not hosts or "*" in hosts or not set(hosts) - _LOCAL:
        yield say("office.desk.check.hosts", hosts=hosts or ["–"])


def _address() -> Iterator[Message]:
    if not settings.ENVIRONMENT.address.startswith("https://"):
        yield say("office.desk.check.tls", address=settings.ENVIRONMENT.address)


def _mail() -> Iterator[Message]:
    from hakari.office.core.mail import undelivered

    if not settings.ENVIRONMENT.mail:
        yield say("office.desk.check.mail")
    if settings.ENVIRONMENT.sender.endswith("@localhost"):
        yield say("office.desk.check.sender", sender=settings.ENVIRONMENT.sender)
    count = undelivered().count()
    if count:
        yield say("office.desk.check.undelivered", n=count)


def _key() -> Iterator[Message]:
    from hakari.office.core.ledger.checkpoints import office_key
    from hakari.office.core.ledger.custody import former_path
    from hakari.office.desk.key_check import key_notes
    from hakari.office.keys.own import own_terms, site_key, site_key_path

    found = []
    for make, path in ((office_key, Path(settings.ENVIRONMENT.key)), (site_key, site_key_path())):
        try:
            found.append(make().public)  # a new office makes its own; unreadable or open to others is told by the error
        except HakariError as error:
            yield say("text", text=str(error))
        else:
            if _open_to_others(path):
                yield say("office.desk.check.permissions", path=str(path))
    if len(found) == 2 and found[0] == found[1]:
        yield say("office.keys.own.equal", path=str(site_key_path()))
    if len(found) == 2:
        yield from key_notes()
        for term in own_terms():  # a statement that does not hold is told by the error
            former = None if term.ended is None else former_path(term.role, term.ended.at)
            if former is not None and former.is_file() and _open_to_others(former):
                yield say("office.desk.check.permissions", path=str(former))
    yield from _open_votes()


def _open_votes() -> Iterator[Message]:
    from hakari.office.committee.models import Ballot
    from hakari.office.committee.votes.box import problem_of

    for ballot in Ballot.objects.filter(closed_at=None):
        problem = problem_of(ballot)
        if problem is not None:
            yield problem


def _migrations() -> Iterator[Message]:
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield say("office.desk.check.migrations", n=len(waiting))


def _triggers() -> Iterator[Message]:
    from hakari.office.core.ledger.triggers import missing_triggers

    for name in missing_triggers(connection):
        yield say("office.desk.check.trigger", name=name)


def _files() -> Iterator[Message]:
    from hakari.office.desk.file_check import bent_files

    # The newest of each kind, so that the look stays short; `hakari ledger verify` reads all of them.
    for table, digest in bent_files(newest=_NEWEST_FILES):
        yield say("office.desk.row.file", table=table, digest=digest[:16])


def _checkpoints() -> Iterator[Message]:
    from hakari.office.core.ledger.checkpoints import checkpoint_folder, read_checkpoints
    from hakari.office.core.models import Head

    folder = checkpoint_folder()
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        yield say("office.desk.check.checkpoint_folder", folder=str(folder))
    head = Head.objects.filter(id=1).first()
    if head is None:
        return
    sealed = max((item.sequence for item in read_checkpoints(head.ledger)), default=0)
    if head.sequence - sealed > _MOST_UNSEALED:
        yield say("office.desk.check.checkpoint_late", n=head.sequence - sealed)


def _backup() -> Iterator[Message]:
    from hakari.office.desk.saving import last_backup

    at = last_backup()
    if at is None:
        yield say("office.desk.check.backup_none")
    elif (days := (timezone.now() - at).days) >= _OLDEST_BACKUP_DAYS:
        yield say("office.desk.check.backup_old", n=days)


def _administrator() -> Iterator[Message]:
    from hakari.office.people.models import Assignment

    today = timezone.localdate()
    held = Assignment.objects.filter(role="admin", person__is_active=True, starts__lte=today, ended_at=None)
    if not any(item.ends is None or item.ends >= today for item in held):
        yield say("office.desk.check.administrator")


def _django() -> Iterator[Message]:
    found = checks.run_checks(include_deployment_checks=True, databases=["default"])
    told = _OURS if settings.ENVIRONMENT.address.startswith("https://") else _OURS | _WITHOUT_TLS
    for item in found:
        if item.level >= checks.WARNING and item.id not in told:
            yield say("office.desk.check.django", id=str(item.id), problem=" ".join(str(item.msg).split()))


def _open_to_others(path: Path) -> bool:
    return os.name == "posix" and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


_LOOKS: Final[dict[str, Callable[[], Any]]] = {
    "mode": _mode,
    "secret": _secret,
    "hosts": _hosts,
    "address": _address,
    "mail": _mail,
    "key": _key,
    "migrations": _migrations,
    "triggers": _triggers,
    "files": _files,
    "checkpoints": _checkpoints,
    "backup": _backup,
    "administrator": _administrator,
    "django": _django,
}
