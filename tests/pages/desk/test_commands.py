"""`hakari office` and `hakari ledger` as a person runs them, on a demonstration of their own."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.xdist_group("office commands"), pytest.mark.timeout(300)]


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HAKARI_", "DATABASE_URL"))}
    return {**kept, "HAKARI_LANG": "en", "COLUMNS": "200", "DJANGO_SETTINGS_MODULE": "hakari.office.settings", **more}


def hakari(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hakari.cli", *words]
    return subprocess.run(command, env=environment(**more), capture_output=True, text=True, check=False, timeout=170)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Seed a demonstration once for all tests of this file."""
    folder = tmp_path_factory.mktemp("demo") / "office"
    done = hakari("office", "--folder", str(folder), "--no-serve", "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = {"told": done.stderr, **json.loads(done.stdout)}
    return found


@pytest.fixture
def copy(demo: dict[str, Any], tmp_path: Path) -> Path:
    """Return a copy of the demonstration that a test may bend."""
    import shutil

    return Path(shutil.copytree(demo["folder"], tmp_path / "office"))


def bend(folder: Path, statement: str) -> None:
    with sqlite3.connect(folder / "office.sqlite3") as database:
        database.execute('DROP TRIGGER "core_event_no_update"')
        database.execute(statement)
    database.close()


def test_the_demonstration_prints_its_sign_ins_and_tells_what_it_does(demo: dict[str, Any]) -> None:
    roles = {role for person in demo["people"] for role in person["roles"]}
    assert roles == {
        "admin", "auditor", "chair", "delegate", "engineer", "head", "member", "owner", "publisher", "reporter",
        "reviewer",
    }  # fmt: skip
    assert len(demo["password"]) >= 12
    assert "15 of 15" in demo["told"]
    assert "mortgage example" in demo["told"]
    assert "before the committee" in demo["told"]


def test_a_second_start_adds_nothing_and_prints_the_same_sign_ins(demo: dict[str, Any], copy: Path) -> None:
    before = json.loads(hakari("ledger", "verify", "--json", "--folder", str(copy)).stdout)["events"]
    again = json.loads(hakari("office", "--folder", str(copy), "--no-serve", "--json").stdout)
    assert (again["people"], again["password"]) == (demo["people"], demo["password"])
    assert json.loads(hakari("ledger", "verify", "--json", "--folder", str(copy)).stdout)["events"] == before


def test_a_bent_event_is_found_by_verify_and_the_dropped_trigger_by_check(copy: Path) -> None:
    assert hakari("ledger", "verify", "--folder", str(copy)).returncode == 0
    bend(copy, "UPDATE core_event SET kind = 'other' WHERE sequence = 7")
    done = hakari("ledger", "verify", "--json", "--folder", str(copy))
    assert done.returncode == 1
    assert [(item["kind"], item["sequence"]) for item in json.loads(done.stdout)["problems"]] == [("column", 7)]
    told = hakari("ledger", "verify", "--folder", str(copy), "--lang", "ja")
    assert "7 件目" in told.stdout
    check = hakari("office", "check", "--folder", str(copy))
    assert check.returncode == 1
    assert "core_event_no_update is missing" in check.stdout


def test_check_refuses_a_demonstration_in_production(copy: Path) -> None:
    done = hakari("office", "check", "--json", "--folder", str(copy))
    bad = {item["subject"]: item["told"] for item in json.loads(done.stdout)["findings"] if item["status"] == "bad"}
    assert done.returncode == 1
    assert {"mode", "hosts", "address", "mail", "backup"} <= set(bad)
    assert "19 demonstration accounts" in bad["mode"]


def test_a_demonstration_is_saved_and_restored_with_its_ledger(copy: Path, tmp_path: Path) -> None:
    file, other = str(tmp_path / "office.zip"), str(tmp_path / "other")
    assert hakari("office", "backup", file, "--with-keys", "--folder", str(copy)).returncode == 0
    assert hakari("office", "migrate", "--folder", other).returncode == 0
    restored = hakari("office", "restore", file, "--folder", other, "--json")
    assert restored.returncode == 0, restored.stderr
    verified = json.loads(hakari("ledger", "verify", "--json", "--folder", other).stdout)
    assert verified["holds"]
    assert verified["events"] == verified["sealed"] == json.loads(restored.stdout)["events"]
    again = hakari("office", "restore", file, "--folder", other)
    assert again.returncode == 2
    assert "holds something already" in again.stderr


def test_the_first_administrator_is_made_once(tmp_path: Path) -> None:
    folder = str(tmp_path / "new")
    assert hakari("office", "migrate", "--folder", folder).returncode == 0
    first = hakari("office", "administrator", "a@company.example", "Ada", "--folder", folder)
    assert "/accounts/password/reset/key/" in first.stdout
    second = hakari("office", "administrator", "b@company.example", "Ben", "--folder", folder)
    assert (second.returncode, "administrator already" in second.stderr) == (2, True)


@pytest.mark.parametrize("words", [("office", "check"), ("ledger", "verify"), ("office", "backup", "x.zip")])
def test_a_folder_without_an_installation_is_told_in_one_line(words: tuple[str, ...], tmp_path: Path) -> None:
    done = hakari(*words, "--folder", str(tmp_path / "nothing"))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "There is no installation" in done.stderr


def test_without_its_packages_the_office_says_which_command_brings_them(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util as u\nreal = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'django' else real(name, *a)\n",
        "utf-8",
    )
    done = hakari("office", "--folder", str(tmp_path / "x"), "--no-serve", PYTHONPATH=str(tmp_path))
    assert done.returncode == 2
    assert "pip install 'hakari[office]'" in done.stderr


def test_it_serves_and_stops_cleanly_when_interrupted(copy: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "hakari.cli", "office", "--folder", str(copy), "--port", str(port)]
    process = subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert _answers(f"http://127.0.0.1:{port}/accounts/login/", process) == 200
    finally:
        process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=40)
    assert process.returncode == 0
    assert "Traceback" not in told


def _answers(address: str, process: subprocess.Popen[str]) -> int | None:
    for _ in range(300):
        if process.poll() is not None:
            return None
        try:
            with urllib.request.urlopen(address, timeout=20) as response:
                return int(response.status)
        except OSError:
            time.sleep(0.2)
    return None
