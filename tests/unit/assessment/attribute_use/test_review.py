"""What a register lacks on a day, and the sign-off without which thresholds by group are refused."""

from __future__ import annotations

from datetime import date

import pytest

from hakari.assessment.attribute_use import AttributeRegister, read_register, require_sign_off, review_register
from hakari.errors import ManifestError
from hakari.messages import render
from tests.unit.assessment.attribute_use.test_reading import WHOLE

DAY = date(2026, 11, 22)
REGISTER = read_register(WHOLE.encode())


def still_open(register: AttributeRegister = REGISTER, *, today: date = DAY, **columns: tuple[str, ...]) -> list[str]:
    sensitive, features = columns.get("sensitive", ("sex",)), columns.get("features", ())
    found = review_register(register, sensitive=sensitive, features=features, today=today)
    return [finding.message.key.removeprefix("assessment.attributes.") for finding in found if finding.open]


def test_a_register_that_covers_the_manifest_has_nothing_open() -> None:
    assert still_open() == []


def test_a_column_that_is_measured_needs_a_record() -> None:
    assert still_open(sensitive=("sex", "race")) == ["unrecorded.measure"]
    assert still_open(AttributeRegister(fairness=1)) == ["unrecorded.measure"]


def test_a_trait_that_the_model_is_given_needs_a_record_to_train_and_to_infer() -> None:
    assert still_open(features=("income", "sex")) == ["unrecorded.train"]
    assert still_open(sensitive=("sex", "race"), features=("race",)) == [
        "unrecorded.measure",
        "unrecorded.train",
        "unrecorded.infer",
    ]


def test_a_recorded_stand_in_counts_as_a_trait_when_the_model_is_given_it() -> None:
    text = WHOLE.replace("column: sex", "column: district", 1)
    assert still_open(read_register(text.encode()), sensitive=(), features=("district",)) == ["unrecorded.train"]


def test_a_use_holds_through_its_last_day() -> None:
    assert still_open(today=date(2027, 9, 30)) == ["thresholds_past"]
    assert still_open(today=date(2027, 10, 1)) == ["past", "thresholds_past"]


def test_an_empty_log_of_alternatives_is_worth_knowing_but_not_open() -> None:
    bare = AttributeRegister(fairness=1)
    found = review_register(bare, sensitive=(), today=DAY)
    assert [(finding.message.key, finding.open) for finding in found] == [
        ("assessment.attributes.no_alternatives", False)
    ]


def test_undecided_alternatives_and_columns_from_elsewhere_are_named() -> None:
    register = read_register(WHOLE.replace("outcome: rejected", "outcome: open").encode())
    found = review_register(register, sensitive=("race",), today=DAY)
    told = [render(finding.message) for finding in found if not finding.open]
    assert any("without-obligations" in text for text in told)
    assert any("sex" in text for text in told)


def test_signed_thresholds_are_allowed_for_exactly_their_columns() -> None:
    assert require_sign_off(REGISTER, ["sex"], today=DAY).id == "second-look"
    for columns in (["race"], ["sex", "race"]):
        with pytest.raises(ManifestError, match="no sign-off is recorded"):
            require_sign_off(REGISTER, columns, today=DAY)


def test_without_a_register_thresholds_by_group_are_refused() -> None:
    with pytest.raises(ManifestError, match="refused"):
        require_sign_off(None, ["sex"], today=DAY)


def test_an_unsigned_or_ended_sign_off_does_not_count() -> None:
    unsigned = read_register(WHOLE.replace("signed_off: true", "signed_off: false").encode())
    with pytest.raises(ManifestError, match="not signed off"):
        require_sign_off(unsigned, ["sex"], today=DAY)
    with pytest.raises(ManifestError, match="ended on 2026-12-31"):
        require_sign_off(REGISTER, ["sex"], today=date(2027, 1, 1))
    assert still_open(unsigned) == ["thresholds_unsigned"]
