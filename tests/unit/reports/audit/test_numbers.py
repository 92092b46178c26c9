"""Tables of all numbers: what is over all groups, of one group, within other columns, and what is not there."""

from __future__ import annotations

from hakari.measures import Measured
from hakari.messages import say
from hakari.reports.audit.numbers import measure_sections
from hakari.reports.audit.section import Folded
from hakari.reports.tables import MOST_ROWS
from hakari.reports.words import Words
from tests.unit.reports.audit._audited import audited, estimate, part, scores_part

_EN = Words("en")


def _folded(*estimates: object) -> tuple[Folded, ...]:
    measured = Measured(estimates=estimates)  # type: ignore[arg-type]  # estimates in each test
    return next(measure_sections(audited(part("fairness.decisions", measured)), _EN)).folded


def test_numbers_are_kept_apart_by_what_they_are_about() -> None:
    titles = [each.title for each in next(measure_sections(audited(scores_part()), _EN)).folded]
    assert titles == ["Group by group: 1 number", "Within levels of other columns: 1 number", "Not measured, and why"]


def test_what_chance_alone_shows_stands_beside_its_number_not_below_it() -> None:
    over = {"sex": "*"}
    floor = say("measures.fairness.groups.reference_figure")
    found = _folded(
        estimate("accuracy_difference", over, 0.2, n=77),
        estimate("accuracy_difference_noise_floor", over, 0.03, span=floor),
        estimate("theil_index", {}, 0.4),
    )
    assert found[0].tables[0].rows == (
        ("Accuracy, largest difference", "sex", "20.0 points", "15.0 to 25.0", "3.0 points", "77"),
        ("Theil index", "all rows", "0.400", "0.350 to 0.450", "–", "900"),
    )


def test_a_number_without_an_interval_says_why_once_for_all() -> None:
    why = say("measures.fairness.legal.test_figure")
    found = _folded(*(estimate("fisher_p", {"sex": sex}, 0.2, span=why) for sex in "ab"))
    assert [row[3] for row in found[0].tables[0].rows] == ["–", "–"]
    assert found[0].lines == (f"p of Fisher's exact test: {why}",)


def test_what_was_not_measured_is_listed_by_its_reason() -> None:
    why = say("measures.fairness.groups.no_label")
    found = _folded(*(estimate(name, {"sex": "*"}, why) for name in ("brier", "auc", "auc")))
    assert found[-1].lines == (f"Brier score, area under the ROC curve: {why}",)


def test_a_long_table_says_how_many_numbers_it_leaves_out() -> None:
    found = _folded(*(estimate("accuracy", {"sex": f"{number}"}, 0.5) for number in range(MOST_ROWS + 3)))
    assert len(found[0].tables[0].rows) == MOST_ROWS
    assert found[0].tables[0].note.startswith("3 numbers")
