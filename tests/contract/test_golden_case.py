"""What an earlier release sealed stays readable, genuine and recomputable."""

from __future__ import annotations

from hakari.assessment.archive import unpack_archive
from hakari.assessment.bundle import read_bundle
from hakari.workflows.verify import verify_bytes
from tests.contract.golden_case import GOLDEN, golden_case


def test_the_stored_case_is_read_without_a_fault() -> None:
    bundle = read_bundle(GOLDEN.read_bytes())
    assert bundle.faults == ()
    assert bundle.assessment is not None
    assert {item.requirement.rsplit(":", 1)[-1]: item.status for item in bundle.assessment.findings} == {
        "gaps@1": "inconclusive",
        "asked@2": "not_met",
    }


def test_the_stored_case_is_genuine_and_its_verdicts_are_derived_again() -> None:
    levels = {level.name: level.status for level in verify_bytes(GOLDEN.read_bytes()).levels}
    assert levels == {"genuine": "yes", "recomputed": "yes", "re-run": "not_done"}


def test_this_release_seals_the_same_records_into_the_same_bytes() -> None:
    """If this fails, a stored digest would mean something else: raise the schema version and keep the old reader.

    Not the assessment: its last digits may differ between machines.
    """
    stored, made = (unpack_archive(content)[0] for content in (GOLDEN.read_bytes(), golden_case()))
    same = [name for name in stored if name.startswith(("evidence/", "packs/", "plan.json", "keys.json"))]
    assert len(same) == 6
    assert [made[name] for name in same] == [stored[name] for name in same]
