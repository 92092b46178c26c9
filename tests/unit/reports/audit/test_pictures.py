"""Charts of measures, read from their tables: curves at fixed thresholds, bins with enough people, both versions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hakari.measures import Context, Measured
from hakari.measures.fairness.scores import ScoresParameters, measure_scores
from hakari.reports.audit.pictures import figures_of
from hakari.reports.words import Words
from tests.unit.reports.audit._audited import NAMES, groups_part, part, scores_part, versions_part

_EN = Words("en")


def test_a_measure_without_a_chart_has_none() -> None:
    assert figures_of("m", groups_part(), _EN) == ()


def test_groups_with_too_few_rows_have_neither_bins_nor_a_line() -> None:
    calibration, thresholds = figures_of("m", scores_part(), _EN)
    assert {row[0] for row in calibration.tables[0].rows} == set(NAMES[:2])
    assert thresholds.tables[0].headers[1:] == NAMES[:2]


def test_a_curve_is_the_share_of_scores_at_or_above_each_threshold() -> None:
    """Recomputed from the scores themselves, through the measure's own table."""
    import pandas as pd

    from hakari.inputs import Columns, Inputs, open_data

    rng = np.random.default_rng(5)
    frame = pd.DataFrame({"g": np.repeat(["a", "b"], 120), "s": rng.beta(2, 2, 240).round(3)})
    frame["y"] = (rng.random(240) < frame["s"]).astype(int)
    columns = Columns(label="y", score="s", sensitive=("g",))
    inputs = Inputs(data=open_data(frame, role="data.test", name="t"), train=None, columns=columns)
    context = Context(seed=0, measure="fairness.scores", progress=lambda *_: None)
    measured = measure_scores(inputs, ScoresParameters(), context=context)
    thresholds = figures_of("m", part("fairness.scores", measured), _EN)[-1]
    selection = thresholds.tables[0]
    own = frame.loc[frame["g"] == "a", "s"].to_numpy()
    for row in selection.rows:
        assert row[1] == f"{(own >= float(row[0]) - 1e-12).mean():.1%}"


def test_a_rate_of_few_people_is_left_out_of_its_line() -> None:
    scores = scores_part()
    tables = tuple(
        replace(table, rows=tuple((*row[:5], 40, 40, row[7], 0.5, 0.5, 0.5) for row in table.rows))
        if table.name == "curves"
        else table
        for table in scores.measured.tables
    )
    found = figures_of("m", replace(scores, measured=replace(scores.measured, tables=tables)), _EN)
    tested = {table.caption.split(" at ")[0]: table for table in found[-1].tables}
    precision = {row[0]: row[1] for row in tested["Positive predictive value"].rows}
    assert precision["0.90"] == "50.0%"  # 90 of 900 selected
    assert precision["1.00"] == "–"  # nobody


def test_the_change_of_both_versions_is_read_with_its_margin_on_the_worse_side() -> None:
    figure = figures_of("m", versions_part(), _EN)[0]
    assert NAMES[1] in figure.sentence
    assert figure.tables[0].rows[1][2:5] == ("50.0%", "40.0%", "−10.0")


@pytest.mark.parametrize("measure", ["fairness.legal", "fairness.scores", "fairness.versions"])
def test_a_measure_that_found_nothing_has_no_chart(measure: str) -> None:
    assert figures_of("m", part(measure, Measured(estimates=()), metrics=["accuracy"]), _EN) == ()
