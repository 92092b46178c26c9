"""What each metric of amounts is the mean of, against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from hakari.statistics.metrics.regression import DEFINITIONS, LOSSES, QUANTILES, loss_metric, row_values

Y = np.array([1.0, 2.5, -3.0, 10.0])
P = np.array([0.5, 3.0, -1.0, 12.0])


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("mean_absolute_error", metrics.mean_absolute_error(Y, P)),
        ("mean_squared_error", metrics.mean_squared_error(Y, P)),
        ("residual_mean", float((Y - P).mean())),
        ("mean_prediction", float(P.mean())),
        ("mean_target", float(Y.mean())),
    ],
)
def test_rows_average_to_the_metric(metric: str, expected: float) -> None:
    assert row_values(Y, P)[metric].mean() == pytest.approx(expected)


def test_a_loss_names_its_metric() -> None:
    assert {loss: loss_metric(loss) for loss in ("absolute", "square")} == dict(LOSSES)


def test_every_value_and_quantile_is_defined_once() -> None:
    names = [definition.name for definition in DEFINITIONS]
    assert len(set(names)) == len(names)
    assert {*row_values(Y, P), *QUANTILES, "bounded_group_loss"} <= set(names)
