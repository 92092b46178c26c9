"""The example of the documentation is a register that the program reads and finds nothing open in."""

from __future__ import annotations

from datetime import date

from hakari.assessment.attribute_use import read_register, review_register
from tests.repository.tree import DOCS, fenced


def test_the_documented_register_is_complete() -> None:
    (text,) = [block for block in fenced(DOCS / "legal-tests.md", "yaml") if block.startswith("fairness: 1")]
    register = read_register(text.encode())
    found = review_register(register, sensitive=("sex",), today=date(2026, 11, 22))
    assert [finding for finding in found if finding.open] == []
    assert [alternative.outcome for alternative in register.alternatives] == ["rejected"]
