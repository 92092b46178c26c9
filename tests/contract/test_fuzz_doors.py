"""The five doors under bent inputs: mutators and oracle of `bench/fuzz`, with few examples drawn by hypothesis."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import pytest
from bench.fuzz.doors import DOORS
from bench.fuzz.failures import known
from bench.fuzz.guard import peak_megabytes
from bench.fuzz.oracle import Verdict, judge
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

_ROOM = 300.0
"""Megabytes that one input may take beyond what the test process holds already."""
_QUICK = {"bundle": 12, "envelope": 60, "pack": 40, "manifest": 40, "table": 15}
_HEALTH = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def judged(name: str, data: bytes, folder: Path) -> Verdict:
    """Put an input through a door, in a room that is empty before and after."""
    try:
        return judge(DOORS[name], data, folder, most_megabytes=peak_megabytes() + _ROOM)
    finally:
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def bent(name: str, which: int, seed: int, times: int) -> bytes:
    """Return a seed of a door after some changes; equal arguments give equal bytes."""
    door = DOORS[name]
    rng = Random(seed)
    data = door.seeds()[which % len(door.seeds())]
    for _ in range(times):
        data = door.bend(data, rng)
    return data


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the one folder in which something may be written."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def holds(name: str, data: bytes, room: Path) -> None:
    found = judged(name, data, room)
    if found.kind == "slow":
        found = judged(name, data, room)
    assert found.fine or known(name, found), f"{found.kind}: {found.where}\n{found.detail}"


@pytest.mark.parametrize("name", sorted(DOORS))
def test_every_seed_is_read_without_a_word_against_it(name: str, room: Path) -> None:
    for number, data in enumerate(DOORS[name].seeds()):
        found = judged(name, data, room)
        if found.kind == "slow":
            # What is imported on first use is counted too.
            found = judged(name, data, room)
        assert found.kind == "read", (number, found)


@pytest.mark.parametrize("name", sorted(DOORS))
def test_a_bent_input_is_read_or_refused_in_one_line(name: str, room: Path) -> None:
    @settings(max_examples=_QUICK[name], suppress_health_check=_HEALTH, deadline=None)
    @given(which=st.integers(0, 50), seed=st.integers(0, 2**32), times=st.integers(1, 3))
    def check(which: int, seed: int, times: int) -> None:
        holds(name, bent(name, which, seed, times), room)

    check()


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", sorted(DOORS))
def test_many_bent_inputs_are_read_or_refused_in_one_line(name: str, room: Path) -> None:
    @settings(max_examples=_QUICK[name] * 25, suppress_health_check=_HEALTH, deadline=None)
    @given(which=st.integers(0, 50), seed=st.integers(0, 2**32), times=st.integers(1, 4))
    def check(which: int, seed: int, times: int) -> None:
        holds(name, bent(name, which, seed, times), room)

    check()


@settings(max_examples=30, suppress_health_check=_HEALTH, deadline=None)
@given(name=st.sampled_from(sorted(DOORS)), data=st.binary(max_size=400))
def test_bytes_without_any_form_are_refused_in_one_line(name: str, data: bytes, room: Path) -> None:
    holds(name, data, room)
