"""Reading `fairness.yaml`: what it holds, and faults told with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from hakari.assessment.attribute_use import load_register, read_register
from hakari.errors import ManifestError

WHOLE = """
fairness: 1
attributes:
  - column: sex
    title: Sex as stated
    uses:
      - use: measure
        purpose: To see how applicants of each sex fare.
        legal_basis: Consent given with the application.
        decided_by: data protection officer
        decided_on: 2026-10-01
        until: 2027-09-30
        source: asked of the applicants
        kept_apart: a table that only the test team reads
      - {use: infer, purpose: Sign-on forms., legal_basis: Contract., decided_by: owner, decided_on: 2026-10-02}
thresholds:
  - id: second-look
    columns: [sex]
    why: Scores of women are lower at equal repayment.
    legal_basis: Opinion of counsel of 2026-10-05.
    signed_off: true
    signed_by: head of lending
    signed_on: 2026-10-06
    until: 2026-12-31
alternatives:
  - id: without-obligations
    what: The score without the share of income that goes into debt.
    outcome: rejected
    why: Losses rose by a third.
    considered_by: model owner
    considered_on: 2026-09-20
    effect: Impact ratio from .78 to .84.
    evidence: [aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]
""".lstrip()


def fault(text: str) -> str:
    with pytest.raises(ManifestError) as caught:
        read_register(text.encode())
    told = str(caught.value)
    assert "\n" not in told
    return told


def test_the_whole_file_is_read() -> None:
    register = read_register(WHOLE.encode())
    sex = register.attribute("sex")
    assert sex is not None
    measured, inferred = sex.use("measure"), sex.use("infer")
    assert measured is not None
    assert inferred is not None
    assert (measured.until, inferred.until, sex.use("train")) == ("2027-09-30", None, None)
    assert register.thresholds[0].signed_off
    assert register.alternatives[0].outcome == "rejected"
    assert register.attribute("race") is None


def test_an_empty_register_is_one() -> None:
    assert read_register(b"fairness: 1\n").attributes == ()


def test_a_missing_file_is_told_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"fairness\.yaml"):
        load_register(tmp_path / "fairness.yaml")
    with pytest.raises(ManifestError, match="cannot be read"):
        load_register(tmp_path)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("fairness: 1", "fairness: 2", "fairness.yaml:1: version 2"),
        ("decided_on: 2026-10-01", "decided_on: 1 October 2026", "decided_on is 1 October 2026"),
        ("until: 2027-09-30", "until: 20270930", "until is 20270930"),
        ("signed_on: 2026-10-06", "signed_on: 2026-13-06", "signed_on is 2026-13-06"),
        ("    signed_by: head of lending\n", "", "without signed_by"),
        ("use: infer,", "use: measure,", "sex/measure stands twice"),
        ("use: infer,", "use: guess,", "use"),
        ("columns: [sex]", "columns: []", "name no column"),
        ("why: Losses rose by a third.", "reason: Losses rose by a third.", "reason"),
        ("outcome: rejected", "outcome: maybe", "outcome"),
        ("evidence: [a", "evidence: [b", ""),
        ("evidence: [aaaa", "evidence: [AAAA", "64 lower-case"),
    ],
)
def test_a_fault_is_told_with_file_and_line(before: str, after: str, told: str) -> None:
    assert before in WHOLE
    changed = WHOLE.replace(before, after, 1)
    if not told:
        assert read_register(changed.encode()).alternatives
        return
    found = fault(changed)
    assert told in found
    assert "fairness.yaml:" in found


def test_a_column_that_stands_twice_or_has_no_use_is_refused() -> None:
    use = "{use: measure, purpose: p, legal_basis: b, decided_by: d, decided_on: 2026-10-01}"
    one = f"  - column: sex\n    uses: [{use}]\n"
    assert "stands twice" in fault(f"fairness: 1\nattributes:\n{one}{one}")
    assert "has no use" in fault("fairness: 1\nattributes:\n  - {column: sex, uses: []}\n")
