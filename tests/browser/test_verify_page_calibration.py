"""The lower limit of a calibration error that verify.html finds, against the product's own."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from random import Random
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser

from hakari.statistics import StudentisedBootstrap, Tally, smooth_limits
from tests.browser._verify_page import Opened, opened

pytestmark = [pytest.mark.browser]

ERRORS = [0.9, 0.5, 0.3, 0.025, 0.00417, 1e-8, 1e-15]
_PARTS = ("special", "limits", "scores", "bootstrap")


@pytest.fixture(scope="module")
def shown(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    with opened(chromium, tmp_path_factory.mktemp("calibration")) as found:
        yield found


def run(shown: Opened, expression: str, value: Any) -> Any:
    """Return `expression` of `value`, in which the page's own arithmetic is known by its names."""
    numbers = files("hakari.standalone.page").joinpath("numbers")
    parts = "\n".join(numbers.joinpath(f"{name}.js").read_text("utf-8") for name in _PARTS)
    return shown.page.evaluate(f"value => {{ const ANYTHING = null;\n{parts}\nreturn ({expression})(value) }}", value)


def test_lower_limits_stay_below_the_value_by_the_noise_of_the_bins(shown: Opened) -> None:
    """The page is given the product's replicates; value, noise and limits it finds by itself."""
    rng = Random(3)
    rows, scores = [], [0, 0.05, 0.1, 0.3, 0.55, 0.7, 0.999, 1]
    for group in range(40):
        most = rng.choice((1, 3, 40, 5_000))
        rows += [(group, label, score, rng.randint(0, most)) for score in scores for label in (0, 1)]
        rows.append((group, 0, 0.3, 1))
    tally = Tally.from_rows(("g", "label", "score"), rows)
    theirs = smooth_limits(tally, "calibration_error", by=("g",), rng=np.random.default_rng(1), replicates=300)
    assert isinstance(theirs, StudentisedBootstrap)
    groups = []
    for group in range(40):
        counts = [[sum(row[3] for row in rows if row[:3] == (group, y, s)) for s in scores] for y in (0, 1)]
        drawn = {
            "centre": float(theirs.centres[group]), "spread": float(theirs.spreads[group]),
            "pivots": theirs.pivots[:, group].tolist(),
        }  # fmt: skip
        groups.append([scores, *counts, drawn])

    found = run(
        shown,
        """([groups, errors]) => {
          const made = groups.map(([scores, n, p, drawn]) => ({
            ...drawn, point: calibrationOf(scores, n, p)[0], noise: SCORE_METRICS.calibration_error.noise(scores, n, p),
          }));
          const limits = new StudentisedBootstrap(made, false, "");
          return errors.map(error => [limits.lower(error), limits.upper(error), limits.shifted(1).lower(error)]);
        }""",
        [groups, ERRORS],
    )

    moved = theirs.shifted(1.0)
    expected = [[theirs.lower(error), theirs.upper(error), moved.lower(error)] for error in ERRORS]
    assert np.max(np.abs(np.array(found) - np.array(expected))) < 1e-12
    binding = theirs.values - theirs.noise.reach(0.025) if theirs.noise is not None else theirs.values
    assert 0 < np.sum(np.isclose(theirs.lower(0.025), binding)) < 40
