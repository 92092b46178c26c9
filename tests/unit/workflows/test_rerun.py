"""The third level: the same subjects measured again, and every estimate that differs named."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hakari.assessment.bundle import Bundle, read_bundle
from hakari.evidence import Estimate, Interval, Unmeasured, encode
from hakari.messages import say
from hakari.workflows.agreement import ROUNDING, agree
from hakari.workflows.rerun import rerun_level
from hakari.workflows.verification import Level
from hakari.workflows.verify import verify_bundle
from tests.unit.workflows._project import check, csv_of, manifest, requirement, rows, run, write_manifest, write_project


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository")
    write_project(folder, requirement("gaps", checks=[check(margin=0.25)]))
    run(folder)
    return folder


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "copy"))


@pytest.fixture(scope="module")
def bundle(folder: Path) -> Bundle:
    return read_bundle((folder / "case" / "loans-release.zip").read_bytes())


def _with(bundle: Bundle, change: Callable[[Estimate], Estimate]) -> Bundle:
    evidence = {
        name: replace(record, estimates=tuple(map(change, record.estimates)))
        for name, record in bundle.evidence.items()
    }
    return replace(bundle, evidence=evidence)


def _named(level: Level) -> list[tuple[Any, Any]]:
    return [(item.problem.arguments.get("metric"), item.problem.arguments.get("slice")) for item in level.problems]


def test_without_the_folder_it_was_not_done(bundle: Bundle) -> None:
    assert rerun_level(bundle, None).status == "not_done"
    assert rerun_level(replace(bundle, plan=None), Path()).status == "not_done"


def test_equal_rows_give_equal_estimates(folder: Path, bundle: Bundle) -> None:
    level = rerun_level(bundle, folder)
    (record,) = bundle.evidence.values()
    assert (level.status, level.problems) == ("yes", ())
    assert level.summary.arguments["estimates"] == len(record.estimates) > 0


def test_it_is_the_third_answer_of_verify(folder: Path) -> None:
    found = verify_bundle(folder / "case" / "loans-release.zip", rerun=folder)
    assert [level.status for level in found.levels] == ["partly", "yes", "yes"]


def test_changed_rows_are_named_and_nothing_is_compared(copy: Path, bundle: Bundle) -> None:
    (copy / "test.csv").write_text(csv_of(rows(399)), encoding="utf-8")
    level = rerun_level(bundle, copy)
    assert (level.status, level.summary.arguments["estimates"]) == ("no", 0)
    assert [item.problem.arguments["subject"] for item in level.problems] == ["data.test"]


def test_a_subject_that_is_no_longer_named_is_a_change(copy: Path, bundle: Bundle) -> None:
    write_manifest(copy, subjects={}, columns={})
    named = [item.problem.arguments.get("subject") for item in rerun_level(bundle, copy).problems]
    assert named == ["data.test", None]


def test_a_folder_that_cannot_be_opened_is_a_problem(copy: Path, bundle: Bundle) -> None:
    (copy / "hakari.yaml").unlink()
    level = rerun_level(bundle, copy)
    assert (level.status, len(level.problems)) == ("no", 1)


def test_a_changed_estimate_is_named_with_its_slice(folder: Path, bundle: Bundle) -> None:
    def bent(item: Estimate) -> Estimate:
        if item.metric == "selection_rate" and dict(item.slice) == {"sex": "f"} and isinstance(item.value, float):
            return replace(item, value=item.value + 1e-6)
        return item

    level = rerun_level(_with(bundle, bent), folder)
    assert level.status == "no"
    assert _named(level) == [("selection_rate", {"sex": "f"})]
    assert level.problems[0].member.startswith("evidence/")


def test_an_estimate_that_only_one_side_has_is_named(folder: Path, bundle: Bundle) -> None:
    (record,) = bundle.evidence.values()
    extra = replace(record.estimates[0], metric="invented")
    changed = replace(record, estimates=(*record.estimates[1:], extra))
    names = [name for name, _ in _named(rerun_level(replace(bundle, evidence={"e": changed}), folder))]
    assert sorted(names) == sorted(["invented", record.estimates[0].metric])


def test_other_columns_over_the_same_rows_give_other_estimates(copy: Path, bundle: Bundle) -> None:
    write_manifest(copy, columns={**manifest()["columns"], "prediction": "repaid"})
    assert rerun_level(bundle, copy).status == "no"


def test_a_bundle_without_a_measurement_was_not_run_again(folder: Path, bundle: Bundle) -> None:
    assert rerun_level(replace(bundle, evidence={}), folder).status != "yes"


def _estimate(
    value: Any, low: float = 0.2, high: float = 0.4, n: int = 9, drawn: tuple[float, float] | None = None
) -> Estimate:
    interval = Interval(low=low, high=high, level=0.95, method="m", monte_carlo_error=drawn)
    return Estimate(metric="m", value=value, interval=interval, n=n)


NOTHING = Unmeasured(unmeasured=say("measures.estimates.stopped", measure="m"))
DRAWN = (0.0005, 0.0005)
# Five standard errors of a difference are 5 · √2 · .0005 = .00354.


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        (_estimate(0.3), _estimate(0.3), True),
        (_estimate(0.3), _estimate(0.3 * (1 + ROUNDING / 2)), True),
        (_estimate(0.3), _estimate(0.3 * (1 + ROUNDING * 3)), False),
        (_estimate(0.0), _estimate(1e-13), True),
        (_estimate(0.3), _estimate(0.3, n=10), False),
        (_estimate(0.3), _estimate(0.3, low=0.2001), False),
        (_estimate(0.3), _estimate(0.3, high=0.4001), False),
        (_estimate(0.3, drawn=DRAWN), _estimate(0.3, low=0.2035, drawn=DRAWN), True),
        (_estimate(0.3, drawn=DRAWN), _estimate(0.3, low=0.2036, drawn=DRAWN), False),
        (_estimate(0.3, drawn=DRAWN), _estimate(0.3, high=0.25, drawn=DRAWN), False),
        (_estimate(NOTHING), _estimate(NOTHING), True),
        (_estimate(NOTHING), _estimate(0.0), False),
        (_estimate(0.3), replace(_estimate(0.3), interval=NOTHING), False),
    ],
)
def test_points_agree_to_a_billionth_and_simulated_ends_within_their_error(
    first: Estimate, second: Estimate, alike: bool
) -> None:
    assert agree(encode(first), encode(second)) is alike
    assert agree(encode(second), encode(first)) is alike
