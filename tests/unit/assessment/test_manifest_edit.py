from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hakari.assessment.manifest_edit import with_facts
from hakari.errors import ManifestError
from hakari.packs import read_record
from hakari.workflows.triage import PreScan

TEXT = """\
# First line
stage: plan
facts:
  # what we know
  affects_people: false  # for now
  domain: lending

  # vulnerable_people: not settled
# A remark
people:
  owner: "A"
"""


def test_known_facts_are_replaced_and_others_added_and_nothing_else_moves() -> None:
    expected = TEXT.replace("affects_people: false  # for now", "affects_people: true  # for now")
    settled = "  # vulnerable_people: not settled\n"
    expected = expected.replace(settled, settled + "  tier: high\n  people_affected_per_year: 20\n")
    assert with_facts(TEXT, {"affects_people": True, "tier": "high", "people_affected_per_year": 20}) == expected


@pytest.mark.parametrize("before", ["stage: plan\n", "stage: plan\nfacts: {}\n", "stage: plan\nfacts:\n"])
def test_a_manifest_without_facts_gets_them(before: str) -> None:
    found = with_facts(before, {"tier": "low"})
    assert found.startswith("stage: plan\n")
    assert found.rstrip().endswith("facts:\n  tier: low")


def test_facts_on_one_line_are_left_to_the_person() -> None:
    with pytest.raises(ManifestError, match="line 2"):
        with_facts("stage: plan\nfacts: {tier: low}\n", {"tier": "high"})


NAMES = st.sampled_from(["affects_people", "domain", "tier", "other_fact"])
VALUES = st.one_of(
    st.booleans(), st.integers(0, 10**6), st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1)
)


@given(st.dictionaries(NAMES, VALUES))
@example({"tier": "null"})
@example({"tier": "true"})
def test_what_is_written_is_read_again(facts: dict[str, object]) -> None:
    kept = TEXT.splitlines()[2:-2]
    found = read_record(PreScan, with_facts("\n".join(kept) + "\n", facts).encode(), file="f")
    assert found.facts == {"affects_people": False, "domain": "lending", **facts}
