"""What every test may rely on: the same draws in CI, and no setting of the person who runs the tests."""

from __future__ import annotations

import os
import shutil
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Bytecode is kept even where a container's environment forbids it: else each worker would rewrite and compile every
# test again, and each process that a test starts would compile the whole package.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# No deadline: two busy cores make any limit in milliseconds a coin toss.
# In CI the examples follow from the test alone, so that a red run can be repeated and a green commit stays green;
# at a desk they are drawn anew each time, which is where new counterexamples are found.
settings.register_profile("desk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("desk"), derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that ask for the longest time; those of the contract take up to a minute without asking.

    Workers are given a file at a time, whose fixtures are then made once. One of minutes that begins last would leave
    the others with nothing to do.
    """
    asks: dict[Path, float] = defaultdict(float)
    for item in items:
        marker = item.get_closest_marker("timeout")
        asked = marker.args[0] if marker else 60 * ("contract" in item.path.parts)
        asks[item.path] = max(asks[item.path], asked)
    items.sort(key=lambda item: -asks[item.path])


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a home folder of its own and no `HAKARI_*` setting: no test reads or writes a person's keys."""
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith("HAKARI_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
    return home


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the installed Chromium."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert found, "browser tests need Chromium: make test installs it, or apt-get install chromium"
    return found
