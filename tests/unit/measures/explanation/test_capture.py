"""`explanation.capture` against counts by hand and intervals of scipy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from scipy.stats import binomtest

from hakari.capture import Recorder, export
from hakari.errors import InputError, InterruptedRun
from hakari.evidence import Unmeasured
from hakari.inputs import Columns, Inputs, open_data
from hakari.measures import Context, Measured
from hakari.measures.explanation.capture import CaptureParameters, measure_capture
from tests.unit.measures.lending import bounds, find, said, value, why


def log(rows: int = 40) -> pd.DataFrame:
    """40 decisions: 36 captured, of these 30 with reasons, one of them broken; three late."""
    return pd.DataFrame(
        {
            "id": [f"A-{k}" for k in range(rows)],
            "sex": ["f", "m"] * (rows // 2),
            "prediction": ["approve", "refuse"] * (rows // 2),
            "captured": [1] * 36 + [0] * 4,
            "has_reasons": [1] * 30 + [0] * 10,
            "line_whole": [0.0] + [1.0] * 35 + [None] * 4,
            "inputs_match": [1.0] * 34 + [0.0] * 2 + [None] * 4,
            "seconds_late": [0.5] * 10 + [100.0] * 3 + [0.1] * 22 + [None] * 5,
            "captured_times": [2] * 2 + [1] * 34 + [None] * 4,
            "store_faults": [1] * rows,
            "store_failures": [4] * rows,
        }
    )


def measured(frame: pd.DataFrame | None = None, *, context: Context | None = None, **parameters: Any) -> Measured:
    rows = log() if frame is None else frame
    meaning = Columns(prediction="prediction" if "prediction" in rows else None, sensitive=("sex",))
    inputs = Inputs(open_data(rows, role="data.test"), None, meaning)
    return measure_capture(inputs, CaptureParameters(**parameters), context=context or Context())


@pytest.mark.parametrize(
    ("metric", "successes", "trials"),
    [
        ("captured_share", 35, 40),
        ("reasons_captured_share", 29, 40),
        ("late_share", 3, 34),
        ("inputs_match_share", 33, 35),
    ],
)
def test_shares_are_counts_with_exact_intervals(metric: str, successes: int, trials: int) -> None:
    found = measured()
    exact = binomtest(successes, trials).proportion_ci(0.95, "exact")
    assert value(found, metric) == pytest.approx(successes / trials)
    assert bounds(found, metric) == pytest.approx((exact.low, exact.high))


def test_groups_are_measured_alone() -> None:
    frame = log()
    held = (frame["captured"] == 1) & (frame["line_whole"] == 1)
    for sex, rows in held.groupby(frame["sex"]):
        assert value(measured(), "captured_share", sex=str(sex)) == pytest.approx(rows.mean())


def test_the_tables_give_the_shares_again() -> None:
    found = measured()
    names = {"captured_lines": "captured_share", "captured": "reasons_captured_share", "late": "late_share"}
    for table in found.tables:
        assert table.columns == ("sex", "prediction", "n")
        if table.name in names:
            ones = sum(row[2] for row in table.rows if row[1] == 1)  # type: ignore[misc]
            share = ones / sum(row[2] for row in table.rows)  # type: ignore[misc]
            assert value(found, names[table.name]) == pytest.approx(share)


def test_what_the_store_said_is_exact() -> None:
    found = measured()
    assert (value(found, "chain_faults"), value(found, "capture_failures")) == (1, 4)
    assert bounds(found, "chain_faults") == (1, 1)


def test_how_late_is_late_is_a_parameter() -> None:
    assert value(measured(late_after=0.2), "late_share") == pytest.approx(12 / 34)


def test_without_times_store_or_comparison_nothing_is_made_up() -> None:
    found = measured(log()[["sex", "captured", "has_reasons"]])
    for metric in ("late_share", "inputs_match_share", "chain_faults", "capture_failures"):
        assert isinstance(find(found, metric).value, Unmeasured)
    assert value(found, "captured_share") == 36 / 40
    empty = measured(log().assign(seconds_late=None, inputs_match=None))
    assert isinstance(find(empty, "late_share").value, Unmeasured)
    assert isinstance(find(empty, "inputs_match_share").value, Unmeasured)


def test_one_row_and_nothing_captured_are_shares_too() -> None:
    one = log()[-1:]
    found = measured(one)
    assert (value(found, "captured_share"), find(found, "captured_share").n) == (0, 1)
    assert isinstance(find(found, "late_share").value, Unmeasured)


def test_limits_say_what_the_shares_rest_on() -> None:
    keys = said(measured())
    for name in ("log", "genuine", "reasons", "late", "twice"):
        assert f"measures.explanation.capture.limit.{name}" in keys


@pytest.mark.parametrize(
    ("frame", "parameters", "told"),
    [
        (log().assign(captured="perhaps"), {}, "“perhaps”"),
        (log().assign(captured=[float("nan"), *[1.0] * 39]), {}, "Expected 0 or 1"),
        (log(), {"late_after": -1.0}, "late_after is -1"),
        (log(), {"confidence": 1.0}, "onfidence"),
        (log()[:0], {}, "no rows"),
    ],
)
def test_what_cannot_be_measured_is_one_line(frame: pd.DataFrame, parameters: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=told):
        measured(frame, **parameters)


def test_a_table_that_was_not_joined_with_a_store_has_no_figure_and_says_why() -> None:
    found = measured(log().drop(columns="has_reasons"))
    for metric in ("captured_share", "reasons_captured_share", "chain_faults"):
        assert why(found, metric) == "measures.explanation.capture.no_column"


def test_a_person_can_stop_it() -> None:
    with pytest.raises(InterruptedRun):
        measured(context=Context(cancelled=lambda: True))


def test_flags_of_any_reader_are_understood() -> None:
    frame = log().assign(captured=[True] * 36 + [False] * 4, has_reasons=["1"] * 30 + ["0"] * 10)
    assert value(measured(frame), "reasons_captured_share") == 29 / 40


def test_a_store_a_log_and_the_measure_work_together(tmp_path: Path) -> None:
    with Recorder(tmp_path / "store", model="1", salt=b"s" * 32) as recorder:
        for k in range(18):
            recorder.record(f"A-{k}", inputs={"income": k}, reasons=["income"] if k < 15 else None)
    rows = pd.DataFrame({"id": [f"A-{k}" for k in range(20)], "income": range(20), "sex": ["f", "m"] * 10})
    rows.to_csv(tmp_path / "served.csv", index=False)
    target = tmp_path / "captured.csv"
    export(
        tmp_path / "store", target, served=tmp_path / "served.csv", id_column="id", inputs=["income"], salt=b"s" * 32
    )
    inputs = Inputs(open_data("captured.csv", role="data.test", base=tmp_path), None, Columns(sensitive=("sex",)))
    found = measure_capture(inputs, CaptureParameters(), context=Context())
    assert value(found, "captured_share") == 18 / 20
    assert value(found, "reasons_captured_share") == 15 / 20
    assert value(found, "inputs_match_share") == 1
    assert value(found, "chain_faults") == 0
