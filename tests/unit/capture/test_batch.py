"""A batch predict with capture around it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from hakari.capture import Recorder, inputs_match, wrap
from hakari.errors import InputError
from tests.unit.capture.stores import SALT, lines_of, only_file

ROWS = [{"id": "A", "income": 1.5}, {"id": "B", "income": 3}]
COLUMNS = {"id": ["A", "B"], "income": [1.5, 3]}


def decisions(store: Path) -> list[dict[str, Any]]:
    return [line for line in lines_of(only_file(store)) if line["kind"] == "decision"]


@pytest.mark.parametrize(
    "rows",
    [ROWS, COLUMNS, {"id": np.array(["A", "B"]), "income": np.array([1.5, 3])}, pd.DataFrame(COLUMNS),
     pl.DataFrame(COLUMNS, strict=False)],
    ids=["rows", "columns", "arrays", "pandas", "polars"],
)  # fmt: skip
@pytest.mark.parametrize("answers", [[0.25, 0.75], np.array([0.25, 0.75]), np.array([[0.75, 0.25], [0.25, 0.75]])])
def test_rows_and_answers_may_come_in_any_form(tmp_path: Path, rows: Any, answers: Any) -> None:
    with Recorder(tmp_path / "store", model="1", salt=SALT) as recorder:

        @wrap(recorder, ids="id", decide=lambda score: "approve" if score >= 0.5 else "refuse")
        def predict(batch: Any) -> Any:
            """Predict."""
            return answers

        assert predict(rows) is answers
        assert predict.__doc__ == "Predict."
    found = decisions(tmp_path / "store")
    assert [(line["id"], line["score"], line["decision"]) for line in found] == [
        ("A", 0.25, "refuse"),
        ("B", 0.75, "approve"),
    ]
    assert inputs_match(found[1], {"income": 3}, salt=SALT)


def test_labels_are_decisions_and_reasons_come_with_their_rows(tmp_path: Path) -> None:
    with Recorder(tmp_path / "store", model="1", salt=SALT) as recorder:
        explained = wrap(
            recorder,
            ids=lambda row: f"no. {row['id']}",
            explain=lambda rows, _: [{"income": row["income"]} for row in rows],
        )
        assert explained(lambda rows: ["yes", "no"])(ROWS) == ["yes", "no"]
    first, second = decisions(tmp_path / "store")
    assert (first["decision"], second["reasons"], second["id"]) == ("yes", [["income", 3]], "no. B")
    assert "score" not in first
    assert inputs_match(first, ROWS[0], salt=SALT)


def fails(*_: Any) -> Any:
    raise KeyError("inside")


@pytest.mark.parametrize(
    ("options", "rows", "answers", "recorded", "failures"),
    [
        ({"explain": fails}, ROWS, [0.1, 0.2], 2, 1),
        ({"explain": lambda rows, _: []}, ROWS, [0.1, 0.2], 2, 1),
        ({"decide": fails}, ROWS, [0.1, 0.2], 0, 2),
        ({"ids": "name"}, ROWS, [0.1, 0.2], 0, 2),
        ({}, ROWS, [0.1], 0, 1),
        ({}, "rows", [0.1, 0.2, 0.3], 0, 3),
        ({}, ROWS, None, 0, 1),
    ],
)
def test_what_fails_here_is_counted_and_the_answer_returned(
    tmp_path: Path, options: dict[str, Any], rows: Any, answers: Any, recorded: int, failures: int
) -> None:
    with Recorder(tmp_path / "store", model="1", salt=SALT) as recorder:
        around = wrap(recorder, **{"ids": "id", **options})
        assert around(lambda batch: answers)(rows) is answers
        assert (recorder.recorded, recorder.failures) == (recorded, failures)


def test_a_strict_recorder_raises_and_a_failing_model_always_does(tmp_path: Path) -> None:
    with Recorder(tmp_path / "store", model="1", salt=SALT, strict=True) as recorder:
        with pytest.raises(InputError, match="has no value in “name”"):
            wrap(recorder, ids="name")(lambda rows: [1, 2])(ROWS)
        with pytest.raises(KeyError, match="inside"):
            wrap(recorder, ids="id")(fails)(ROWS)
