"""The answer of `hakari ledger verify`: every problem with its place, also where a checkpoint cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from hakari.errors import OfficeError
from hakari.messages import render
from hakari.office.core.ledger.chain import ProblemKind
from hakari.office.core.ledger.checkpoints import checkpoint_folder
from hakari.office.core.ledger.store import append
from hakari.office.core.models import Head
from hakari.office.desk.ledger_check import first_problem, problem_text, seal_ledger, verify_ledger

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


@pytest.fixture
def five(folder: Path) -> None:
    for number in range(5):
        append("test.happened", by="p1", about=("thing", str(number)))


def test_sealing_brings_the_limit_up_to_now(five: None) -> None:
    assert verify_ledger().report.sealed == 0
    assert seal_ledger() == 5
    assert seal_ledger() == 5
    assert verify_ledger().report.sealed == 5


def test_nothing_is_sealed_that_does_not_hold(five: None) -> None:
    Head.objects.update(digest="0" * 64)
    with pytest.raises(OfficeError, match="head row says something else"):
        seal_ledger()
    assert not list(checkpoint_folder().glob("*"))


def test_a_checkpoint_that_cannot_be_read_is_a_problem_beside_those_of_the_chain(five: None) -> None:
    seal_ledger()
    (checkpoint_folder() / f"{5:012d}.json").write_bytes(b"{}")
    answer = verify_ledger()
    assert not answer.holds
    assert answer.report.holds
    assert "000000000005.json" in render(first_problem(answer), "en")


@pytest.mark.parametrize("kind", ProblemKind.__args__)  # type: ignore[attr-defined]  # a Literal
@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_kind_of_problem_is_told_with_its_place(kind: ProblemKind, language: str) -> None:
    from hakari.office.core.ledger.chain import Problem

    assert "1,234" in render(problem_text(Problem(kind=kind, sequence=1234)), "ja" if language == "ja" else "en")
