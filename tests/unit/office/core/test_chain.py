"""The chain as arithmetic, attacked: whatever is done to it before the last checkpoint is found, and where."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from hakari.office.core.ledger.chain import Checked, Problem, Row, body_of, follow, verify_chain

START = hashlib.sha256(b"a ledger").hexdigest()
SEALED = (20, 40)


def chain(events: int = 50, start: str = START) -> list[Row]:
    made, previous = [], start
    for sequence in range(1, events + 1):
        at, kind, about = f"2026-11-22T00:00:00.{sequence:06d}Z", "thing.done", ("thing", f"k{sequence}")
        body = body_of(kind, at=at, by="p1", about=about, data={"n": sequence}, sequence=sequence)
        digest = follow(previous, body)
        made.append(
            Row(sequence=sequence, body=body, previous=previous, digest=digest, columns=(kind, at, "p1", *about))
        )
        previous = digest
    return made


WHOLE = chain()
CHECKED = [Checked(sequence=number, digest=WHOLE[number - 1].digest) for number in SEALED]


def first_problem(rows: list[Row], *, head: tuple[int, str] | None = None, start: str = START) -> Problem | None:
    stands = head or (rows[-1].sequence, rows[-1].digest)
    report = verify_chain(rows, start=start, head=stands, checkpoints=CHECKED)
    return report.problems[0] if report.problems else None


def chained_again(rows: list[Row], place: int, previous: str | None = None) -> list[Row]:
    """Return the rows with correct numbers, links and digests from `place` on, as a careful forger would leave them."""
    made = rows[:place]
    before = previous or (made[-1].digest if made else START)
    for number, row in enumerate(rows[place:], place + 1):
        stated = json.loads(row.body)
        body = body_of(
            stated["kind"], at=stated["at"], by=stated["by"], about=tuple(stated["about"]), data=stated["data"],
            sequence=number,
        )  # fmt: skip
        digest = follow(before, body)
        columns = (stated["kind"], stated["at"], stated["by"], *stated["about"])
        made.append(Row(sequence=number, body=body, previous=before, digest=digest, columns=columns))
        before = digest
    return made


def seal_at_or_after(sequence: int) -> int:
    return min(number for number in SEALED if number >= sequence)


def other_body(row: Row) -> Row:
    stated = {**json.loads(row.body), "data": {"n": -1}}
    return replace(row, body=json.dumps(stated, sort_keys=True, separators=(",", ":")).encode())


Tampering = Callable[[list[Row], random.Random], tuple[list[Row], int]]


def edit_body(rows: list[Row], draw: random.Random) -> tuple[list[Row], int]:
    place = draw.randrange(SEALED[-1])
    at = draw.randrange(len(rows[place].body))
    body = bytearray(rows[place].body)
    body[at] ^= 1 << draw.randrange(8)
    rows[place] = replace(rows[place], body=bytes(body))
    return rows, place + 1


def edit_digest(rows: list[Row], draw: random.Random) -> tuple[list[Row], int]:
    place = draw.randrange(SEALED[-1])
    rows[place] = replace(rows[place], digest=draw.choice([f"{draw.getrandbits(256):064x}", "", "no digest", "0" * 64]))
    return rows, place + 1


def edit_previous(rows: list[Row], draw: random.Random) -> tuple[list[Row], int]:
    place = draw.randrange(SEALED[-1])
    rows[place] = replace(rows[place], previous=f"{draw.getrandbits(256):064x}")
    return rows, place + 1


def edit_number(rows: list[Row], draw: random.Random) -> tuple[list[Row], int]:
    """The row then stands elsewhere: its number is the first that is missing."""
    place = draw.randrange(SEALED[-1])
    rows[place] = replace(rows[place], sequence=draw.choice([-1, 10_000, 0]))
    return sorted(rows, key=lambda row: row.sequence), place + 1 if rows[place].sequence > 0 else 1


def edit_column(rows: list[Row], draw: random.Random) -> tuple[list[Row], int]:
    place, column = draw.randrange(SEALED[-1]), draw.randrange(5)
    columns = list(rows[place].columns)
    columns[column] = "other"
    rows[place] = replace(rows[place], columns=tuple(columns))
    return rows, place + 1


def delete(rows: list[Row], draw: random.Random) -> tuple[list[Row], int]:
    place = draw.randrange(SEALED[-1])
    many = draw.randrange(1, 6)
    return rows[:place] + rows[place + many :], place + 1


def insert(rows: list[Row], draw: random.Random) -> tuple[list[Row], int]:
    """A stranger's row, with all that follows renumbered but not chained again."""
    place = draw.randrange(SEALED[-1])
    later = [replace(row, sequence=row.sequence + 1) for row in rows[place:]]
    return [*rows[:place], replace(other_body(rows[place]), sequence=place + 1), *later], place + 1


def swap(rows: list[Row], draw: random.Random) -> tuple[list[Row], int]:
    one, two = sorted(draw.sample(range(SEALED[-1]), 2))
    rows[one], rows[two] = replace(rows[two], sequence=one + 1), replace(rows[one], sequence=two + 1)
    return rows, one + 1


def duplicate(rows: list[Row], draw: random.Random) -> tuple[list[Row], int]:
    """The same number twice: what should follow is the first that is not where it belongs."""
    place = draw.randrange(SEALED[-1])
    return [*rows[: place + 1], rows[place], *rows[place + 1 :]], place + 2


def truncate(rows: list[Row], draw: random.Random) -> tuple[list[Row], int]:
    """The head says what is left: only the last checkpoint knows that there was more."""
    left = draw.randrange(1, SEALED[-1])
    return rows[:left], left + 1


def edit_and_chain_again(rows: list[Row], draw: random.Random) -> tuple[list[Row], int]:
    """Every digest is right again: the first checkpoint at or after the change says otherwise."""
    place = draw.randrange(SEALED[-1])
    rows[place] = other_body(rows[place])
    return chained_again(rows, place), seal_at_or_after(place + 1)


def delete_and_chain_again(rows: list[Row], draw: random.Random) -> tuple[list[Row], int]:
    place = draw.randrange(SEALED[-1])
    return chained_again(rows[:place] + rows[place + 1 :], place), seal_at_or_after(place + 1)


def insert_and_chain_again(rows: list[Row], draw: random.Random) -> tuple[list[Row], int]:
    place = draw.randrange(SEALED[-1])
    return chained_again([*rows[:place], other_body(rows[place]), *rows[place:]], place), seal_at_or_after(place + 1)


def swap_and_chain_again(rows: list[Row], draw: random.Random) -> tuple[list[Row], int]:
    one, two = sorted(draw.sample(range(SEALED[-1]), 2))
    rows[one], rows[two] = rows[two], rows[one]
    return chained_again(rows, one), seal_at_or_after(one + 1)


TAMPERINGS: list[Tampering] = [
    edit_body, edit_digest, edit_previous, edit_number, edit_column, delete, insert, swap, duplicate, truncate,
    edit_and_chain_again, delete_and_chain_again, insert_and_chain_again, swap_and_chain_again,
]  # fmt: skip


def test_a_whole_chain_holds_and_says_how_far_it_is_sealed() -> None:
    report = verify_chain(WHOLE, start=START, head=(50, WHOLE[-1].digest), checkpoints=CHECKED)
    assert (report.holds, report.events, report.sealed) == (True, 50, 40)


def test_a_thousand_random_tamperings_before_the_last_checkpoint_are_found_and_placed() -> None:
    draw = random.Random(20261122)
    for number in range(1000):
        tampering = TAMPERINGS[number % len(TAMPERINGS)]
        rows, place = tampering(list(WHOLE), draw)
        found = first_problem(rows)
        assert found is not None, tampering.__name__
        assert found.sequence == place, (tampering.__name__, found, place)


@pytest.mark.parametrize("tampering", [edit_body, edit_digest, edit_column, delete, swap, duplicate, truncate])
def test_it_is_found_also_where_the_head_was_left_as_it_was(tampering: Tampering) -> None:
    rows, place = tampering(list(WHOLE), random.Random(1))
    found = first_problem(rows, head=(50, WHOLE[-1].digest))
    assert found is not None
    assert found.sequence == place


@pytest.mark.parametrize("head", [(49, WHOLE[48].digest), (50, WHOLE[48].digest), (51, WHOLE[49].digest), (0, START)])
def test_an_edited_head_is_found_at_the_last_event(head: tuple[int, str]) -> None:
    assert first_problem(WHOLE, head=head) == Problem(kind="head", sequence=50)


def test_another_name_of_the_ledger_is_found_at_the_first_event() -> None:
    other = hashlib.sha256(b"another").hexdigest()
    assert first_problem(WHOLE, start=other) == Problem(kind="link", sequence=1)
    again = chained_again(WHOLE, 0, previous=other)
    assert first_problem(again, start=other) == Problem(kind="checkpoint", sequence=20)


def test_an_emptied_ledger_is_found_by_its_checkpoints() -> None:
    report = verify_chain([], start=START, head=(0, START), checkpoints=CHECKED)
    assert report.problems == (Problem(kind="beyond", sequence=1),)


def test_after_the_last_checkpoint_a_careless_change_is_found_and_a_careful_one_is_not() -> None:
    """The limit: who may write the database can end its story differently, from the last checkpoint on."""
    careless = list(WHOLE)
    careless[44] = other_body(careless[44])
    assert first_problem(careless) == Problem(kind="digest", sequence=45)
    for careful in (chained_again(careless, 44), WHOLE[:44], WHOLE[:40], chained_again([*WHOLE, WHOLE[-1]], 50)):
        assert first_problem(careful) is None


@pytest.mark.parametrize("body", [b"[" * 100_000, b"\xff", b"7", b"null", b"[]", b"{}", b'{"about":7}', b"1" * 9999])
def test_a_body_that_says_nothing_is_a_problem_and_never_a_crash(body: bytes) -> None:
    previous = WHOLE[29].digest
    row = Row(sequence=31, body=body, previous=previous, digest=follow(previous, body), columns=WHOLE[30].columns)
    assert first_problem([*WHOLE[:30], row, *WHOLE[31:]]) == Problem(kind="body", sequence=31)


def test_after_twenty_problems_the_rest_is_not_looked_at() -> None:
    report = verify_chain([replace(row, columns=()) for row in WHOLE], start=START, head=(50, WHOLE[-1].digest))
    assert [item.sequence for item in report.problems] == list(range(1, 21))
