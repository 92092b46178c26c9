"""The log of all decisions laid beside a store."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hakari.capture import Joined, Recorder, export
from hakari.errors import InputError
from tests.unit.capture.stores import SALT, edit, filled, lines_of, only_file, rewrite


def served(folder: Path, rows: int = 7, **columns: Any) -> Path:
    """A log of decisions A-0 … with their incomes."""
    path = folder / "served.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "income", *columns])
        for number in range(rows):
            writer.writerow([f"A-{number}", number, *(column[number] for column in columns.values())])
    return path


def joined(folder: Path, store: Path, log: Path, **options: Any) -> tuple[Joined, list[dict[str, str]]]:
    target = folder / "captured.csv"
    done = export(store, target, served=log, **{"id_column": "id", **options})
    with target.open(newline="", encoding="utf-8") as file:
        return done, list(csv.DictReader(file))


def test_every_decision_made_has_one_row(tmp_path: Path) -> None:
    store = filled(tmp_path / "store", 5)
    done, rows = joined(tmp_path, store, served(tmp_path, 7))
    assert (done.rows, done.captured, done.not_made) == (7, 5, 0)
    assert [row["captured"] for row in rows] == [*"1111100"]
    assert [row["has_reasons"] for row in rows] == [*"1111100"]
    assert rows[6]["line_whole"] == rows[6]["captured_model"] == ""
    assert rows[0]["captured_model"] == "2026.11"
    assert {row["store_faults"] for row in rows} == {"0"}


def test_captured_decisions_that_the_log_does_not_know_are_counted(tmp_path: Path) -> None:
    done, rows = joined(tmp_path, filled(tmp_path / "store", 5), served(tmp_path, 2))
    assert (len(rows), done.not_made) == (2, 3)


def test_a_broken_line_is_marked(tmp_path: Path) -> None:
    store = filled(tmp_path / "store", 5)
    edit(only_file(store), 3, decision="approve")
    _, rows = joined(tmp_path, store, served(tmp_path, 5))
    assert [row["line_whole"] for row in rows] == [*"10111"]
    assert rows[0]["store_faults"] == "1"


def test_no_line_of_a_chain_written_anew_counts_as_whole(tmp_path: Path) -> None:
    store = filled(tmp_path / "store", 3)
    first = only_file(store)
    filled(store, 2, first=3)
    rewrite(first, 2, decision="approve")
    _, rows = joined(tmp_path, store, served(tmp_path, 5))
    assert [row["line_whole"] for row in rows] == [*"00011"]


def test_the_line_after_a_gap_is_whole(tmp_path: Path) -> None:
    store = filled(tmp_path / "store", 5)
    content = only_file(store).read_bytes().splitlines(keepends=True)
    only_file(store).write_bytes(b"".join([*content[:2], *content[3:]]))
    _, rows = joined(tmp_path, store, served(tmp_path, 5))
    assert [row["captured"] for row in rows] == [*"10111"]
    assert [row["line_whole"] for row in rows] == ["1", "", "1", "1", "1"]


def test_inputs_of_the_log_are_compared_with_the_digests(tmp_path: Path) -> None:
    store = filled(tmp_path / "store", 3)
    log = served(tmp_path, 3)
    log.write_text(log.read_text().replace("A-1,1", "A-1,1.5").replace("A-2,2", "A-2,2.0"))
    _, rows = joined(tmp_path, store, log, inputs=["income"], salt=SALT)
    assert [row["inputs_match"] for row in rows] == ["1", "0", "1"]


def test_another_salt_cannot_compare_inputs(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not the one"):
        joined(tmp_path, filled(tmp_path / "store"), served(tmp_path), inputs=["income"], salt=b"o" * 32)


def test_lateness_is_from_the_decision_to_its_line(tmp_path: Path) -> None:
    store = filled(tmp_path / "store", 2)
    at = [datetime.fromisoformat(line["at"]) for line in lines_of(only_file(store))[1:3]]
    times = [(at[0] - timedelta(seconds=90)).isoformat(), ""]
    _, rows = joined(tmp_path, store, served(tmp_path, 2, when=times), decided_column="when")
    assert [row["seconds_late"] for row in rows] == ["90.0", ""]


def test_without_a_column_the_time_in_the_line_counts(tmp_path: Path) -> None:
    with Recorder(tmp_path / "store", model="1", salt=SALT) as recorder:
        recorder.record("A-0", inputs={}, decided_at=datetime(2020, 1, 1, tzinfo=UTC), person_reason="why")
    (line,) = lines_of(only_file(tmp_path / "store"))[1:2]
    _, rows = joined(tmp_path, tmp_path / "store", served(tmp_path, 1))
    late = (datetime.fromisoformat(line["at"]) - datetime(2020, 1, 1, tzinfo=UTC)).total_seconds()
    assert float(rows[0]["seconds_late"]) == pytest.approx(late)
    assert rows[0]["has_reasons"] == "1"


def test_of_a_decision_recorded_twice_the_first_line_counts(tmp_path: Path) -> None:
    with Recorder(tmp_path / "store", model="1", salt=SALT) as recorder:
        recorder.record("A-0", inputs={}, score=0.1)
        recorder.record("A-0", inputs={}, score=0.9, reasons=["afterthought"])
    _, rows = joined(tmp_path, tmp_path / "store", served(tmp_path, 1))
    assert (rows[0]["captured_score"], rows[0]["captured_times"], rows[0]["has_reasons"]) == ("0.1", "2", "0")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "first row"),
        ("id,id\n", "first row"),
        ("name\nA\n", "no column “id”"),
        ("id,captured\nA,1\n", "already"),
        ("id\nA\nA\n", "second time"),
        ("id,x\nA\n", "row 1"),
        ("id,when\nA-0,yesterday\n", "“yesterday”"),
        ("id,when\nA-0,2026-01-01T00:00:00\n", "with its zone"),
    ],
)
def test_a_log_that_cannot_be_used_is_one_line_and_leaves_nothing(tmp_path: Path, content: str, told: str) -> None:
    log = tmp_path / "served.csv"
    log.write_text(content)
    column = "when" if "when" in content else None
    with pytest.raises(InputError, match=told):
        joined(tmp_path, filled(tmp_path / "store"), log, decided_column=column)
    assert not (tmp_path / "captured.csv").exists()


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    store, log = filled(tmp_path / "store"), served(tmp_path)
    joined(tmp_path, store, log)
    with pytest.raises(InputError, match="cannot be written"):
        joined(tmp_path, store, log)
    with pytest.raises(InputError, match="no readable file"):
        export(store, tmp_path / "other.csv", served=tmp_path / "none.csv", id_column="id")
