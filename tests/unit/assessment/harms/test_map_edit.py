"""An answer goes into `harms.yaml` where it belongs; comments and other answers stay as they were written."""

from __future__ import annotations

import pytest

from hakari.assessment.harms import ExposureAnswer, HarmAnswer, read_map, with_exposure, with_harm
from hakari.errors import ManifestError
from hakari.packs.harms import load_harms
from tests.unit.assessment.harms._mapping import WRITTEN

LIBRARY = load_harms()
NEW = ExposureAnswer(who="Callers with a dialect")
HANDLED = HarmAnswer(applies="unknown", by="owner")


def test_only_the_lines_of_the_answer_change() -> None:
    found = with_exposure(WRITTEN.encode(), LIBRARY, "excluded_from", NEW).decode()
    before, after = WRITTEN.splitlines(), found.splitlines()
    assert [line for line in before if line not in after] == ["  excluded_from: {who: unknown}"]
    assert [line for line in after if line not in before] == ["  excluded_from:", "    who: Callers with a dialect"]


def test_a_new_harm_comes_after_the_others_and_before_the_last_comment() -> None:
    found = with_harm(WRITTEN.encode(), LIBRARY, "scoring-no-record", HANDLED).decode()
    added = ["  scoring-no-record:", "    applies: unknown", "    by: owner", "# The end."]
    assert found.splitlines() == [*WRITTEN.splitlines()[:-1], *added]


def test_a_section_that_is_not_there_yet_is_added() -> None:
    text = "# ours\nexposures:\n  subject_of: {who: All}\n"
    found = with_harm(text.encode(), LIBRARY, "scoring-no-record", HANDLED).decode()
    assert found == text + "harms:\n  scoring-no-record:\n    applies: unknown\n    by: owner\n"


@pytest.mark.parametrize("text", ["", "{}", "exposures: {subject_of: {who: All}}\n"])
def test_a_file_that_cannot_be_edited_is_written_anew(text: str) -> None:
    found = read_map(with_exposure(text.encode(), LIBRARY, "excluded_from", NEW), LIBRARY)
    assert found.exposures["excluded_from"] == NEW


def test_an_answer_that_does_not_fit_is_refused_for_itself_and_nothing_is_written() -> None:
    with pytest.raises(ManifestError, match=r"^“scoring-wrong-no” is said not to apply"):
        with_harm(WRITTEN.encode(), LIBRARY, "scoring-wrong-no", HarmAnswer(applies="no"))
