"""The example's notice as evidence: only where it is named, signed, not made twice, and verified by a stranger."""

from __future__ import annotations

from pathlib import Path

from hakari.assessment.bundle import read_bundle
from hakari.assessment.notice import is_notice, notice_in
from hakari.evidence import create_key
from hakari.workflows.verify import verify_bundle
from tests.unit.workflows._project import run
from tests.unit.workflows.notice._applicants import write_lender

NAMED = {"manifest": {"notice": "notice.yaml"}, "wording": {"example": {"row": 1}}}


def test_no_row_leaves_without_an_example(tmp_path: Path) -> None:
    made = run(write_lender(tmp_path, manifest={"notice": "notice.yaml"}))
    assert notice_in(made.case.evidence) is None


def test_no_row_leaves_unless_the_manifest_names_the_wording(tmp_path: Path) -> None:
    made = run(write_lender(tmp_path, wording={"example": {"row": 1}}))
    assert notice_in(made.case.evidence) is None


def test_the_example_is_signed_with_the_subjects_that_it_is_about(tmp_path: Path) -> None:
    key = create_key(tmp_path / "engineer.pem")
    made = run(write_lender(tmp_path, **NAMED), key=key)
    bundle = read_bundle(made.bundle.read_bytes())

    found = {identifier: record for identifier, record in bundle.evidence.items() if is_notice(record)}

    assert len(found) == 1
    (identifier, record), = found.items()  # fmt: skip
    assert bundle.signers[identifier] == key.public.id
    assert [subject.role for subject in record.subjects] == ["data.test", "model"]
    assert verify_bundle(made.bundle, rerun=tmp_path).ok


def test_a_notice_that_says_the_same_on_another_day_is_the_one_at_hand(tmp_path: Path) -> None:
    folder = write_lender(tmp_path, **NAMED)
    first, second = run(folder), run(folder, now="2026-11-25T09:00:00+00:00")

    before, after = (notice_in(made.case.evidence) for made in (first, second))
    assert before == after
    assert before is not None
    assert before.date == "2026-11-22"
