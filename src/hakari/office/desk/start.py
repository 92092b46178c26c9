"""Starting the office: its environment, its database, and what must be installed first.

This module is read before Django knows its settings; nothing here imports a model at the top.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from hakari.errors import OfficeError
from hakari.messages import Message, say
from hakari.office.environment import Mode

__all__ = ["DEMO_FOLDER", "FOLDER", "Tell", "migrate", "prepare"]

FOLDER: Final = "hakari-office"
DEMO_FOLDER: Final = "hakari-office-demo"
Tell = Callable[[Message], None]
_NEEDED: Final = (
    "django", "allauth", "argon2", "django_cotton", "csp", "django_htmx", "ninja", "django_tasks", "django_tasks_db",
    "dj_database_url", "icalendar", "whitenoise",
)  # fmt: skip


def prepare(folder: Path | None = None, *, mode: Mode | None = None, address: str | None = None) -> Path:
    """Set up Django for the office in a folder and return the folder.

    What is not stated here comes from the environment (`HAKARI_OFFICE_*`, `DATABASE_URL`).

    Raises:
        OfficeError: the packages of the office are not installed, or the folder cannot be written.
    """
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise OfficeError(say("office.desk.not_installed", packages=missing[:3]))
    if folder is not None:
        os.environ["HAKARI_OFFICE_FOLDER"] = str(folder)
    if mode is not None:
        os.environ["HAKARI_OFFICE_MODE"] = mode
    if address is not None:
        os.environ["HAKARI_OFFICE_ADDRESS"] = address
    where = Path(os.environ.get("HAKARI_OFFICE_FOLDER", FOLDER)).resolve()
    try:
        where.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OfficeError(say("office.desk.folder", folder=str(where), problem=error.strerror or str(error))) from None
    if not os.access(where, os.W_OK):
        raise OfficeError(say("office.desk.folder", folder=str(where), problem=os.strerror(13)))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hakari.office.settings")
    import django

    try:
        django.setup()
    except ValueError as error:  # dj_database_url and the ports of addresses
        raise OfficeError(say("office.desk.environment", problem=str(error))) from None
    return where


def migrate(tell: Tell) -> int:
    """Bring the database to this version, triggers among it, and return how many migrations were applied.

    Raises:
        OfficeError: the database cannot be reached.
    """
    from django.core.management import call_command
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if waiting:
            tell(say("office.desk.migrating", n=waiting))
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
    except OperationalError as error:
        problem = (str(error).strip().splitlines() or [""])[0]
        raise OfficeError(say("office.desk.database", problem=problem)) from None
    return waiting
