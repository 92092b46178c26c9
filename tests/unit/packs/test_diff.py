from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from hakari.messages import render
from hakari.packs import FieldChange, diff_packs, read_pack
from tests.unit.packs.example import FILES, changed

PACK = read_pack(FILES, name="lending")


def test_a_pack_does_not_differ_from_itself() -> None:
    diff = diff_packs(PACK, PACK)
    assert not diff
    assert [str(line) for line in diff.lines()] == ["lending@1.2.0 and lending@1.2.0 say the same."]


def test_a_changed_threshold_is_named_with_both_values() -> None:
    other = read_pack(changed("requirements/all.yaml", "threshold: 0.10", "threshold: 0.08"), name="lending")
    (change,) = diff_packs(PACK, other).changed
    assert change.fields == (FieldChange("checks.rate-gap.threshold", 0.1, 0.08),)
    assert change.same_version
    lines = [str(line) for line in diff_packs(PACK, other).lines()]
    assert "~ rates: checks.rate-gap.threshold: 0.1 → 0.08" in lines
    assert any(line.startswith("! rates") for line in lines)


def test_a_change_under_a_new_version_is_not_held_against_it() -> None:
    files = changed("requirements/all.yaml", "version: 3\n", "version: 4\n")
    (change,) = diff_packs(PACK, read_pack(files, name="lending")).changed
    assert not change.same_version


def test_texts_choices_and_questions_are_followed_to_the_word() -> None:
    other = read_pack(changed("requirements/all.yaml", "ja: 専門家}", "ja: 有識者}"), name="lending")
    (change,) = diff_packs(PACK, other).changed
    assert change.fields == (FieldChange("questions.whom.choices.experts.text.ja", "専門家", "有識者"),)
    assert "専門家 → 有識者" in render(diff_packs(PACK, other).lines()[-1], "ja")


def test_requirements_facts_groups_and_the_header_are_told_apart() -> None:
    other = replace(
        PACK, version="2.0.0", requirements=PACK.requirements[:1], facts=PACK.facts[1:], groups=PACK.groups[::-1]
    )
    diff = diff_packs(PACK, other)
    assert [item.slug for item in diff.removed] == ["watch"]
    assert [change.path for change in diff.facts] == ["decides"]
    assert diff.groups == (FieldChange("order", ["fairness", "care"], ["care", "fairness"]),)
    assert diff.metadata == (FieldChange("version", "1.2.0", "2.0.0"),)
    assert "(none)" in str(diff.lines()[2])


@given(st.permutations([*PACK.requirements]), st.sets(st.sampled_from([0, 1])))
def test_the_difference_backwards_exchanges_added_and_removed(order: list[object], kept: set[int]) -> None:
    other = replace(PACK, requirements=tuple(order[place] for place in sorted(kept)))  # type: ignore[misc]  # on purpose
    there, back = diff_packs(PACK, other), diff_packs(other, PACK)
    assert {r.urn for r in there.removed} == {r.urn for r in back.added}
    assert there.added == back.removed == ()
