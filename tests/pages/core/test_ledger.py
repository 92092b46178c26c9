"""The stored ledger: what is appended stays in order, and what is bent past the triggers is found in the database."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction

from hakari.errors import OfficeError
from hakari.evidence import create_key
from hakari.office.core.ledger import store, triggers
from hakari.office.core.ledger.chain import Checked, Problem
from hakari.office.core.ledger.checkpoints import checkpoint_folder, read_checkpoints, write_checkpoint
from hakari.office.core.models import Event, Head

pytestmark = pytest.mark.postgres
SEALED, EVENTS = 30, 40


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """Give the office an empty folder: no checkpoint, and a key that is made on first use."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, folder=tmp_path, key=tmp_path / "keys" / "office.pem")
    return tmp_path


@pytest.fixture
def filled(db: None, folder: Path) -> None:
    """Forty events, the first thirty sealed."""
    for number in range(1, EVENTS + 1):
        event = store.append("test.happened", by="p1", about=("thing", f"k{number}"), data={"n": number})
        if number == SEALED:
            write_checkpoint(number, event.digest, ledger=store.ledger_name())


def run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def switch_off_triggers() -> None:
    for name in triggers.expected_triggers(connection.vendor)["core_event"]:
        run(f'DROP TRIGGER "{name}"' + ("" if connection.vendor == "sqlite" else " ON core_event"))


def test_appended_events_hold_and_say_how_far_they_are_sealed(filled: None) -> None:
    report = store.verify()
    assert (report.holds, report.events, report.sealed) == (True, EVENTS, SEALED)


def test_an_empty_office_has_an_empty_ledger_that_holds(db: None, folder: Path) -> None:
    report = store.verify()
    assert (report.holds, report.events, report.sealed) == (True, 0, 0)


def test_what_is_rolled_back_leaves_no_gap(filled: None) -> None:
    mark = transaction.savepoint()
    store.append("test.happened", by="p1", about=("thing", "never"))
    transaction.savepoint_rollback(mark)
    assert store.append("test.happened", by="p1", about=("thing", "next")).sequence == EVENTS + 1
    assert store.verify().holds


def _edited_and_chained_again(place: int) -> int:
    """Bend an event and every digest after it, and the head: the work of somebody who knows how it is made."""
    from hakari.office.core.ledger.chain import follow

    rows = list(store.rows(place))
    previous = rows[0].previous
    for row in rows:
        body = row.body.replace(b'"n":', b'"m":') if row.sequence == place else row.body
        digest = follow(previous, body)
        run(
            "UPDATE core_event SET body = %s, previous = %s, digest = %s WHERE sequence = %s",
            body, previous, digest, row.sequence,
        )  # fmt: skip
        previous = digest
    run("UPDATE core_head SET digest = %s", previous)
    return SEALED


def _swap(one: int, two: int) -> int:
    for old, new in ((one, -1), (two, one), (-1, two)):
        run("UPDATE core_event SET sequence = %s WHERE sequence = %s", new, old)
    return min(one, two)


def _renumber(place: int) -> int:
    run("UPDATE core_event SET sequence = %s WHERE sequence = %s", EVENTS + 100, place)
    return place


def _delete(place: int, many: int) -> int:
    run("DELETE FROM core_event WHERE sequence >= %s AND sequence < %s", place, place + many)
    return place


def _insert(place: int) -> int:
    run("UPDATE core_event SET sequence = -sequence WHERE sequence > %s", place)
    run("UPDATE core_event SET sequence = 1 - sequence WHERE sequence < 0")
    names = 'body, previous, kind, at, "by", object_kind, object_key'
    copied = f"SELECT sequence + 1, %s, {names} FROM core_event WHERE sequence = %s"
    run(f"INSERT INTO core_event (sequence, digest, {names}) {copied}", "f" * 64, place)
    return place + 1


def _cut(left: int) -> int:
    run("DELETE FROM core_event WHERE sequence > %s", left)
    run("UPDATE core_head SET sequence = %s, digest = (SELECT digest FROM core_event WHERE sequence = %s)", left, left)
    return left + 1


def _set(column: str, value: Any) -> Callable[[int, random.Random], int]:
    def edit(place: int, draw: random.Random) -> int:
        run(f'UPDATE core_event SET "{column}" = %s WHERE sequence = %s', value, place)
        return place

    return edit


_WAYS: dict[str, Callable[[int, random.Random], int]] = {
    "body": _set("body", b'{"kind":"other"}'),
    "empty body": _set("body", b""),
    "previous": _set("previous", "0" * 64),
    "kind": _set("kind", "test.other"),
    "at": _set("at", "2020-01-01 00:00:00+00:00"),
    "by": _set("by", "p2"),
    "object kind": _set("object_kind", "other"),
    "object key": _set("object_key", ""),
    "digest": _set("digest", "z" * 64),
    "delete": lambda place, draw: _delete(place, draw.randrange(1, 4)),
    "insert": lambda place, draw: _insert(place),
    "swap": lambda place, draw: _swap(place, place % SEALED + 1),
    "renumber": lambda place, draw: _renumber(place),
    "cut": lambda place, draw: _cut(place - 1) if place > 1 else _delete(1, 1),
    "chain again": lambda place, draw: _edited_and_chained_again(place),
}


def test_three_hundred_random_tamperings_of_the_stored_ledger_are_found_and_placed(filled: None) -> None:
    draw = random.Random(7)
    switch_off_triggers()
    sealed = read_checkpoints(store.ledger_name())
    for number in range(300):
        name = list(_WAYS)[number % len(_WAYS)]
        mark = transaction.savepoint()
        place = _WAYS[name](draw.randrange(1, SEALED + 1), draw)
        report = store.verify(sealed)
        assert report.problems, name
        assert report.problems[0].sequence == place, (name, report.problems[0], place)
        transaction.savepoint_rollback(mark)
    assert store.verify().holds


@pytest.mark.parametrize("column", ["sequence", "body", "at", "digest"])
def test_a_value_of_the_wrong_kind_is_found_and_never_a_crash(filled: None, column: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps values of the wrong kind out by itself")
    switch_off_triggers()
    run(f"UPDATE core_event SET {column} = 'no such thing' WHERE sequence = 20")
    assert store.verify().problems[0].sequence == 20


def test_an_edited_head_and_another_ledgers_name_are_found(filled: None) -> None:
    Head.objects.update(digest="0" * 64)
    assert store.verify().problems == (Problem(kind="head", sequence=EVENTS),)
    Head.objects.update(digest=Event.objects.get(sequence=EVENTS).digest, ledger="1" * 64)
    with pytest.raises(OfficeError, match=r"000000000030\.json cannot be used: another ledger"):
        store.verify()
    assert store.verify([]).problems == (Problem(kind="link", sequence=1),)


def test_an_emptied_database_is_found_by_what_stands_outside_of_it(filled: None) -> None:
    switch_off_triggers()
    run("DELETE FROM core_event")
    run("DELETE FROM core_head")
    assert store.verify().problems == (Problem(kind="beyond", sequence=1),)


def test_after_the_last_checkpoint_a_careful_change_is_not_found(filled: None) -> None:
    switch_off_triggers()
    _edited_and_chained_again(SEALED + 1)
    assert store.verify().holds


@pytest.mark.parametrize(
    "bend",
    [
        lambda content: content.replace(b"payload", b"Payload"),
        lambda content: content[:-1],
        lambda content: content + b"\n",
        lambda content: b"",
        lambda content: b"{}",
    ],
)
def test_a_bent_checkpoint_is_refused_by_its_name(filled: None, bend: Callable[[bytes], bytes]) -> None:
    path = checkpoint_folder() / f"{SEALED:012d}.json"
    path.write_bytes(bend(path.read_bytes()))
    with pytest.raises(OfficeError, match=r"000000000030\.json cannot be used"):
        store.verify()


def test_a_renamed_checkpoint_and_one_of_another_key_are_refused(filled: None, folder: Path) -> None:
    path = checkpoint_folder() / f"{SEALED:012d}.json"
    other = path.rename(path.with_name(f"{20:012d}.json"))
    with pytest.raises(OfficeError, match="another ledger or number"):
        store.verify()
    other.rename(path)
    (folder / "keys" / "office.pem").unlink()
    create_key(folder / "keys" / "office.pem")
    with pytest.raises(OfficeError, match="cannot be used"):
        store.verify()


def test_a_key_that_has_signed_and_is_gone_is_not_made_anew(filled: None, folder: Path) -> None:
    (folder / "keys" / "office.pem").unlink()
    with pytest.raises(OfficeError, match="is gone, though it has signed"):
        write_checkpoint(31, "0" * 64, ledger=store.ledger_name())
    assert not (folder / "keys" / "office.pem").exists()


def test_a_checkpoint_that_cannot_be_written_does_not_undo_what_is_stored(folder: Path, transactional_db: None) -> None:
    (folder / "checkpoints").write_text("a file where the folder should be", "utf-8")
    for number in range(101):
        store.append("test.happened", by="p1", about=("thing", str(number)))
    assert Event.objects.count() == 101


def test_every_hundredth_event_is_sealed_once_it_is_stored(folder: Path, transactional_db: None) -> None:
    for number in range(205):
        store.append("test.happened", by="p1", about=("thing", str(number)))
    found = read_checkpoints(store.ledger_name())
    digests = dict(Event.objects.values_list("sequence", "digest"))
    assert found == [Checked(sequence=number, digest=digests[number]) for number in (100, 200)]
    assert store.verify().sealed == 200


def _append_many(number: int) -> None:
    for turn in range(25):
        store.append("test.happened", by=f"p{number}", about=("thing", f"{number}.{turn}"))
    connections.close_all()


def test_eight_threads_leave_no_gap(folder: Path, transactional_db: None) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("the tests' SQLite lives in memory, where threads cannot wait for each other; see the next test")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(_append_many, range(8)))
    assert list(Event.objects.order_by("sequence").values_list("sequence", flat=True)) == list(range(1, 201))
    assert store.verify().holds


_SCRIPT = """
import sys, django
from concurrent.futures import ThreadPoolExecutor
django.setup()
from django.core.management import call_command
from django.db import connections
from hakari.office.core.ledger import store
if sys.argv[1] == "migrate":
    call_command("migrate", verbosity=0)
elif sys.argv[1] == "verify":
    report = store.verify()
    print(report.events, report.sealed, report.holds)
else:
    def work(number):
        for turn in range(25):
            store.append("test.happened", by=f"p{number}", about=("thing", f"{number}.{turn}"))
        connections.close_all()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
"""


@pytest.fixture
def script(tmp_path: Path) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Return a function that runs a part of the script in a process of its own, on one SQLite file."""
    import os

    path = tmp_path / "script.py"
    path.write_text(_SCRIPT, "utf-8")
    unset = {name: value for name, value in os.environ.items() if not name.startswith(("HAKARI_", "DATABASE_URL"))}
    env = {
        **unset,
        "HAKARI_OFFICE_FOLDER": str(tmp_path / "office"),
        "DJANGO_SETTINGS_MODULE": "hakari.office.settings",
    }
    started: list[subprocess.Popen[str]] = []

    def start(part: str) -> subprocess.Popen[str]:
        command = [sys.executable, str(path), part]
        started.append(subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_two_processes_of_four_threads_leave_no_gap_in_one_sqlite_file(
    script: Callable[[str], subprocess.Popen[str]],
) -> None:
    assert script("migrate").wait(60) == 0
    writers = [script("write"), script("write")]
    assert [writer.communicate(timeout=90)[1] for writer in writers] == ["", ""]
    assert script("verify").communicate(timeout=60) == ("200 200 True\n", "")
