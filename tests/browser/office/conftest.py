"""The office served on loopback, with the demo company in it, and people who are signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from hakari.office.people.models import Person
from tests.pages.conftest import drop_triggers


@dataclass
class Site:
    """The site with its demo company."""

    url: str
    opened: ExitStack = field(default_factory=ExitStack)

    def context(self, chromium: Browser, person: Person | None = None, **options: object) -> BrowserContext:
        """Return a fresh browser, signed in as `person` if one is named."""
        context = chromium.new_context(**options)  # type: ignore[arg-type]  # handed on as they are
        if person is not None:
            self.sign_in(context, person)
        self.opened.callback(context.close)
        return context

    def sign_in(self, context: BrowserContext, person: Person) -> None:
        """Give a browser the session of `person`, in place of any other's."""
        client = Client()
        client.force_login(person)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.url}])


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Make the test database for the server's threads: a file, where the plugin's own lives in one thread's memory."""
    # Playwright's driver runs an event loop in this thread, in which Django would refuse to ask the database.
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield from _database(django_db_blocker, tmp_path_factory)


def _database(django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("office") / "test.sqlite3")
        made = setup_databases(verbosity=0, interactive=False, aliases={"default": None})
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker, chromium: Browser) -> Iterator[Site]:
    """Serve the demo company to one module of tests; afterwards the database is empty again."""
    from hakari.office.desk.demo import seed

    with django_db_blocker.unblock():
        seed(lambda told: None)
        yield from _served()


@pytest.fixture(scope="module")
def small_site(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    chromium: Browser,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """Serve an office with a folder of its own, in which nobody and nothing is yet, to one module of tests."""
    folder = tmp_path_factory.mktemp("small")
    own = replace(settings.ENVIRONMENT, folder=folder, key=folder / "keys" / "office.pem")
    with pytest.MonkeyPatch.context() as environment, django_db_blocker.unblock():
        environment.setattr(settings, "ENVIRONMENT", own)
        yield from _served()


def _served() -> Iterator[Site]:
    server = LiveServer("127.0.0.1")
    found = Site(url=server.url)
    try:
        yield found
    finally:
        found.opened.close()
        server.stop()
        drop_triggers()
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def open_page(site: Site, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens the site as a person, in a language, with or without JavaScript."""
    yield from _opening(site, chromium)


@pytest.fixture
def open_small(small_site: Site, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Return the same function for the small office."""
    yield from _opening(small_site, chromium)


def _opening(site: Site, chromium: Browser) -> Iterator[Callable[..., Page]]:
    with ExitStack() as stack:

        def make(person: Person | None = None, *, language: str = "en", **options: object) -> Page:
            options.setdefault("viewport", {"width": 1280, "height": 900})
            context = site.context(chromium, person, **options)
            stack.callback(context.close)
            context.add_cookies([{"name": "language", "value": language, "url": site.url}])
            return context.new_page()

        yield make
