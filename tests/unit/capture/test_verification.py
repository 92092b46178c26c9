"""What a later change leaves in a store, and what it does not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hakari.capture import verify_store, write_head
from hakari.errors import InputError
from tests.unit.capture.stores import edit, filled, lines_of, only_file, rewrite


def kinds(store: Path, **options: object) -> list[tuple[str, int]]:
    return [(fault.kind, fault.row) for fault in verify_store(store, **options).faults]  # type: ignore[arg-type]


def day_of(store: Path) -> str:
    return only_file(store).parent.name


def remove_rows(path: Path, *rows: int) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(line for row, line in enumerate(lines, start=1) if row not in rows))


def test_an_untouched_store_is_whole(tmp_path: Path) -> None:
    check = verify_store(filled(tmp_path / "store"))
    assert (check.whole, check.faults, check.lines, check.decisions) == (True, (), 7, 5)
    assert [(chain.decisions, chain.failures, chain.closed) for chain in check.chains] == [(5, 0, True)]


@pytest.mark.parametrize("row", [1, 3, 6])
def test_a_changed_line_is_named(tmp_path: Path, row: int) -> None:
    store = filled(tmp_path / "store")
    edit(only_file(store), row, decision="approve")
    assert kinds(store) == [("changed", row)]


def test_a_line_taken_out_is_missed(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    remove_rows(only_file(store), 3)
    assert kinds(store) == [("missing", 3)]


def test_a_line_made_unreadable_is_torn_and_missed(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    content = only_file(store).read_bytes().splitlines(keepends=True)
    content[2] = content[2][:30] + b"\n"
    only_file(store).write_bytes(b"".join(content))
    assert kinds(store) == [("missing", 4), ("torn", 3)]


def test_a_repeated_line_is_out_of_place(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    content = only_file(store).read_bytes().splitlines(keepends=True)
    only_file(store).write_bytes(b"".join([*content[:3], content[2], *content[3:]]))
    assert kinds(store) == [("out_of_place", 4)]


def test_a_torn_last_line_is_no_trace_of_a_change(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    only_file(store).write_bytes(only_file(store).read_bytes()[:-20])
    check = verify_store(store)
    assert [fault.kind for fault in check.faults] == ["torn"]
    assert check.whole
    assert not check.chains[0].closed


def test_a_later_chain_notices_that_an_earlier_one_was_cut_changed_or_taken_away(tmp_path: Path) -> None:
    store = filled(tmp_path / "store", 3)
    first = only_file(store)
    whole = first.read_bytes()
    filled(store, 3, first=3)
    assert kinds(store) == []
    remove_rows(first, 4, 5)
    assert kinds(store) == [("cut", 0)]
    first.write_bytes(whole)
    rewrite(first, 3, decision="approve")
    assert kinds(store) == [("rewritten", 0)]
    first.unlink()
    assert kinds(store) == [("cut", 0)]


def test_without_a_head_a_chain_written_anew_does_not_show(tmp_path: Path) -> None:
    """Said in the documentation; this is what heads are for."""
    store = filled(tmp_path / "store")
    rewrite(only_file(store), 3, decision="approve")
    assert kinds(store) == []


def test_a_head_shows_a_chain_written_anew(tmp_path: Path) -> None:
    from datetime import date

    store = filled(tmp_path / "store")
    head = write_head(store, date.fromisoformat(day_of(store)))
    assert kinds(store, kept=[head.digest]) == []
    rewrite(only_file(store), 3, decision="approve")
    assert kinds(store, kept=[head.digest]) == [("rewritten", 0)]
    # Whoever rewrites the store can rewrite the head as well, but not the digest that somebody else keeps.
    shutil.rmtree(store / "heads")
    write_head(store, date.fromisoformat(day_of(store)))
    assert kinds(store) == []
    assert kinds(store, kept=[head.digest]) == [("head", 0)]


def test_a_line_from_nowhere_is_a_torn_line(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    with only_file(store).open("ab") as file:
        file.write(b"[1, 2]\n" + b"x" * 40_000 + b'\n{"number": "1"}\n')
    assert kinds(store) == [("torn", 8), ("torn", 9), ("torn", 10)]


def test_lines_say_where_they_stand(tmp_path: Path) -> None:
    store = filled(tmp_path / "store", 1)
    seen: list[tuple[int, int]] = []
    verify_store(store, each=lambda line: seen.append((line.row, line.number)))
    assert seen == [(1, 0), (2, 1), (3, 2)]
    assert [line["kind"] for line in lines_of(only_file(store))] == ["opened", "decision", "closed"]


def test_no_store_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no store"):
        verify_store(tmp_path / "none")
