"""The limits of the AUC that verify.html finds, against the product's own."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from random import Random
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser

from hakari.statistics import Limits, Tally, smooth_limits
from hakari.statistics.contrasts import Contrasts
from tests.browser._verify_page import Opened, opened

pytestmark = [pytest.mark.browser]

ERRORS = [0.5, 0.499, 0.3, 0.025, 0.00025, 1e-8, 1e-15]
_PARTS = ("special", "limits", "contrasts", "scores", "bootstrap")
_MADE = "groups => new RankingLimits(groups.map(([n, p]) => rankingOf(n, p)))"
Group = tuple[list[int], list[int]]
"""Rows of label 0 and of label 1 at each score, in rising order."""


@pytest.fixture(scope="module")
def shown(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    with opened(chromium, tmp_path_factory.mktemp("ranking")) as found:
        yield found


def run(shown: Opened, expression: str, value: Any) -> Any:
    """Return `expression` of `value`, in which the page's own arithmetic is known by its names."""
    numbers = files("hakari.standalone.page").joinpath("numbers")
    parts = "\n".join(numbers.joinpath(f"{name}.js").read_text("utf-8") for name in _PARTS)
    return shown.page.evaluate(
        f"value => {{ const ANYTHING = null;\n{parts}\nconst made = {_MADE};\nreturn ({expression})(value) }}", value
    )


def of_product(groups: list[Group]) -> Limits:
    rows = [
        (place, label, score, count)
        for place, group in enumerate(groups)
        for label, counts in enumerate(group)
        for score, count in enumerate(counts)
    ]
    tally = Tally.from_rows(("g", "label", "score"), rows)
    return smooth_limits(tally, "auc", by=("g",), rng=np.random.default_rng(1))


def drawn(rng: Random) -> Group:
    """Any sizes: also a class without rows, one row, all in order, and one score for all."""
    scores, most = rng.choice((1, 2, 3, 10)), rng.choice((1, 2, 30, 4_000, 2_000_000))
    below, above = (
        [rng.randint(0, most) if rng.random() < keep else 0 for _ in range(scores)]
        for keep in (0.8, rng.choice((0.2, 0.9)))
    )
    return rng.choice(((below, above), ([*below, 0], [*([0] * scores), 1 + most]), (below, [0] * scores)))


def test_limits_of_the_auc_are_the_products(shown: Opened) -> None:
    rng = Random(5)
    groups = [drawn(rng) for _ in range(300)]
    theirs = of_product(groups)

    ends = "({groups, errors}) => errors.map(error => [made(groups).lower(error), made(groups).upper(error)])"
    found = run(shown, ends, {"groups": groups, "errors": ERRORS})
    values = run(shown, "groups => made(groups).values.map(value => Number.isNaN(value) ? null : value)", groups)

    expected = [[theirs.lower(error), theirs.upper(error)] for error in ERRORS]
    assert np.max(np.abs(np.array(found) - np.array(expected))) < 1e-9
    assert [np.nan if value is None else value for value in values] == pytest.approx(
        theirs.values.tolist(), rel=1e-12, nan_ok=True
    )
    assert run(shown, "groups => made(groups).method", groups) == theirs.method


def test_contrasts_of_the_auc_are_the_products(shown: Opened) -> None:
    rng = Random(6)
    cases: list[tuple[list[Group], float, list[float]]] = []
    while len(cases) < 60:
        groups = [drawn(rng) for _ in range(rng.choice((2, 3, 8)))]
        if np.all(np.isfinite(of_product(groups).values)):
            cases.append((groups, rng.choice((0.5, 0.025, 0.00125)), [1.0, 0.8, 0.0]))

    both = """cases => cases.map(([groups, error, lines]) => {
      const found = new Contrasts(made(groups), null, 'mover');
      const [upper, lower] = [found.upper(error), found.lower(error)];
      return lines.map(line => [upper(line), lower(line)]);
    })"""
    found = np.array(run(shown, both, cases))

    for (groups, error, lines), mine in zip(cases, found, strict=True):
        contrasts = Contrasts.of(of_product(groups))
        upper, lower = contrasts.upper(error), contrasts.lower(error)
        assert np.max(np.abs(mine - np.array([[upper(line), lower(line)] for line in lines]))) < 1e-9
