"""The recorder inside a serving program: what it writes, and what happens when it cannot."""

from __future__ import annotations

import errno
import hashlib
import logging
import math
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hakari.capture import Recorder, _chain, verify_store
from hakari.errors import InputError
from tests.unit.capture.stores import SALT, filled, lines_of, only_file


def recorder_of(folder: Path, **options: Any) -> Recorder:
    return Recorder(folder, model="1", salt=SALT, **options)


def test_a_line_holds_what_was_decided_and_why(tmp_path: Path) -> None:
    with recorder_of(tmp_path / "store", model_digest="d" * 64) as recorder:
        recorder.record(
            7,
            inputs={"age": 40},
            score=0.25,
            decision="refuse",
            reasons={"age": 0.5},
            person_reason="Income could not be shown.",
            decided_at=datetime(2026, 11, 22, 9, tzinfo=UTC),
        )
    opened, line, closed = lines_of(only_file(tmp_path / "store"))
    assert {key: line[key] for key in ("id", "score", "decision", "model", "kind")} == {
        "id": "7", "score": 0.25, "decision": "refuse", "model": "1", "kind": "decision",
    }  # fmt: skip
    assert line["reasons"] == [["age", 0.5]]
    assert line["person_reason"] == "Income could not be shown."
    assert line["decided_at"] == "2026-11-22T09:00:00.000000Z"
    assert line["model_digest"] == opened["model_digest"] == "d" * 64
    assert (closed["kind"], closed["decisions"], closed["failures"]) == ("closed", 1, 0)


def test_every_line_cites_the_digest_of_the_line_before(tmp_path: Path) -> None:
    content = only_file(filled(tmp_path / "store")).read_bytes().splitlines()
    lines = lines_of(only_file(tmp_path / "store"))
    assert lines[0]["previous"] is None
    for before, line in zip(content, lines[1:], strict=False):
        assert line["previous"] == hashlib.sha256(before).hexdigest()
    assert [line["number"] for line in lines] == list(range(7))


def test_the_receipt_is_the_digest_of_the_line(tmp_path: Path) -> None:
    recorder = recorder_of(tmp_path / "store")
    receipt = recorder.record("A", inputs={})
    assert receipt == hashlib.sha256(only_file(tmp_path / "store").read_bytes().splitlines()[1]).hexdigest()
    recorder.close()


def test_a_line_is_in_the_file_before_the_recorder_is_closed(tmp_path: Path) -> None:
    recorder = recorder_of(tmp_path / "store")
    recorder.record("A", inputs={})
    assert lines_of(only_file(tmp_path / "store"))[1]["id"] == "A"
    recorder.close()


@pytest.mark.parametrize(
    "wrong",
    [
        {"inputs": {"a": math.inf}},
        {"inputs": {"a": object()}},
        {"score": [1, 2]},
        {"decision": ""},
        {"reasons": [("x", "much")]},
        {"reasons": 3},
        {"person_reason": "x" * 2001},
        {"decided_at": datetime(2026, 1, 1)},  # noqa: DTZ001  # without a zone on purpose
        {"reasons": [(f"{k:03d}" + "字" * 197, 0.1) for k in range(32)]},
    ],
)
def test_a_failure_is_counted_and_never_raised_unless_asked(tmp_path: Path, wrong: dict[str, Any]) -> None:
    arguments = {"inputs": {"a": 1}, **wrong}
    with recorder_of(tmp_path / "store") as recorder:
        assert recorder.record("A", **arguments) is None
        assert (recorder.failures, recorder.recorded) == (1, 0)
        assert recorder.record("B", inputs={}) is not None
    _, line, closed = lines_of(only_file(tmp_path / "store"))
    assert line["failures"] == closed["failures"] == 1
    with recorder_of(tmp_path / "strict", strict=True) as strict, pytest.raises((InputError, TypeError)):
        strict.record("A", **arguments)
    assert verify_store(tmp_path / "store").failures == 1


def test_failures_are_logged_at_the_first_the_tenth_the_hundredth(tmp_path: Path) -> None:
    told: list[str] = []
    listening = logging.Handler()
    listening.emit = lambda record: told.append(record.getMessage().split(".")[0])  # type: ignore[method-assign]
    logging.getLogger("hakari.capture").addHandler(listening)
    try:
        with recorder_of(tmp_path / "store") as recorder:
            for _ in range(120):
                recorder.record("", inputs={})
    finally:
        logging.getLogger("hakari.capture").removeHandler(listening)
    assert told == [f"Not recorded so far: {n} decision{'s' if n > 1 else ''}" for n in (1, 10, 100)]


def test_a_full_disk_leaves_a_torn_line_and_the_chain_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, sizes = os.write, [20]

    def write(file: int, content: Any) -> int:
        if not sizes:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(file, bytes(content)[: sizes.pop()])

    recorder = recorder_of(tmp_path / "store")
    recorder.record("A", inputs={})
    monkeypatch.setattr(os, "write", write)
    assert recorder.record("B", inputs={}) is None
    monkeypatch.setattr(os, "write", real)
    recorder.record("C", inputs={})
    recorder.close()
    check = verify_store(tmp_path / "store")
    assert [(fault.kind, fault.row) for fault in check.faults] == [("torn", 3)]
    assert check.whole
    assert (check.decisions, check.failures) == (2, 1)


def test_a_day_and_a_full_file_begin_a_new_file_of_the_same_chain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_chain, "LARGEST_FILE", 1000)
    filled(tmp_path / "store", 8)
    first = verify_store(tmp_path / "store")
    files = sorted(path.name.split(".")[1] for path in (tmp_path / "store").glob("*/*.jsonl"))
    assert files == [f"{k:04d}" for k in range(1, len(files) + 1)]
    assert len(files) > 2
    recorder = recorder_of(tmp_path / "store")
    now = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: now + 86_400 * 10**9)
    recorder.record("next day", inputs={})
    recorder.close()
    assert len({path.parent.name for path in (tmp_path / "store").glob("*/*.jsonl")}) == 2
    check = verify_store(tmp_path / "store")
    assert (first.faults, check.faults, len(check.chains)) == ((), (), 2)


def test_further_reasons_are_counted_not_kept(tmp_path: Path) -> None:
    with recorder_of(tmp_path / "store") as recorder:
        recorder.record("A", inputs={}, reasons=[f"r{k}" for k in range(40)])
    line = lines_of(only_file(tmp_path / "store"))[1]
    assert line["reasons"] == [[f"r{k}", None] for k in range(32)]
    assert line["reasons_in_all"] == 40


def test_after_closing_nothing_is_recorded(tmp_path: Path) -> None:
    recorder = recorder_of(tmp_path / "store")
    recorder.close()
    recorder.close()
    assert recorder.record("A", inputs={}) is None
    assert recorder.failures == 1


@pytest.mark.parametrize(("sync", "calls"), [("never", 1), ("line", 6)])
def test_lines_are_forced_to_the_disk_as_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sync: str, calls: int
) -> None:
    """Opened, three decisions and closed are five lines; closing forces once more. New folders are not counted."""
    asked: list[int] = []
    monkeypatch.setattr(os, "fsync", asked.append)
    monkeypatch.setattr(_chain, "_sync_folder", lambda path: None)
    filled(tmp_path / "store", 3, sync=sync)
    assert len(asked) == calls


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"sync": "often"}, "sync is “often”"),
        ({"salt": b"short"}, "5 bytes"),
        ({"model": ""}, "model is “”"),
        ({"by": "x" * 300}, "by is"),
    ],
)
def test_what_is_wrong_from_the_start_is_told_at_once(tmp_path: Path, options: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=told):
        Recorder(tmp_path / "store", **{"model": "1", "salt": SALT, **options})


def test_a_store_that_cannot_be_written_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot be written"):
        recorder_of(tmp_path / "file")
