"""The limits of contrasts that verify.html finds, against the product's own."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from random import Random
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser
from scipy import special

from hakari.statistics.contrasts import Contrasts
from hakari.statistics.limits import ClopperPearson
from hakari.statistics.studentised import StudentisedBootstrap
from tests.browser._verify_page import Opened, opened

pytestmark = [pytest.mark.browser]

ERRORS = (0.5, 0.49, 0.3, 0.0125, 0.00025, 1e-8, 1e-12, 1e-15)
LINES = [1.0, 0.8, 0.35, 0.0]
_PARTS = ("special", "limits", "contrasts", "bootstrap")


@pytest.fixture(scope="module")
def shown(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    with opened(chromium, tmp_path_factory.mktemp("contrasts")) as found:
        yield found


def run(shown: Opened, expression: str, value: Any) -> Any:
    """Return `expression` of `value`, in which the page's own arithmetic is known by its names."""
    numbers = files("hakari.standalone.page").joinpath("numbers")
    parts = "\n".join(numbers.joinpath(f"{name}.js").read_text("utf-8") for name in _PARTS)
    return shown.page.evaluate(f"value => {{ const ANYTHING = null;\n{parts}\nreturn ({expression})(value) }}", value)


def counted(rng: Random, groups: int, most: int) -> tuple[list[int], list[int]]:
    """Return successes and trials: also none, all, and very few of them."""
    trials = [rng.randint(1, most) for _ in range(groups)]
    return [rng.choice((0, n, rng.randint(0, n), rng.randint(0, min(n, 4)))) for n in trials], trials


_LIMITS = """cases => cases.map(([x, n, reference, method, error, lines]) => {
  const found = new Contrasts(new ClopperPearson(x, n), reference, method);
  const [upper, lower, plain] = [found.upper(error), found.lower(error), found.plain()];
  return lines.map(line => [upper(line), lower(line), plain(line)]);
})"""


def of_product(case: tuple[Any, ...]) -> list[list[float]]:
    x, n, reference, method, error, lines = case
    limits = ClopperPearson(np.array(x, dtype=float), np.array(n, dtype=float))
    found = Contrasts.of(limits, reference=reference, method=method)
    upper, lower = found.upper(error), found.lower(error)
    return [[upper(line), lower(line), found.gap(line)] for line in lines]


def test_limits_of_contrasts_are_the_products(shown: Opened) -> None:
    rng, cases = Random(12), []
    for _ in range(300):
        x, n = counted(rng, rng.choice((2, 3, 5, 12)), rng.choice((4, 40, 400, 30_000)))
        reference, method = rng.choice((None, None, 0, len(n) - 1, "rest")), rng.choice(("mover", "mover", "box"))
        cases.append((x, n, reference, method, rng.choice(ERRORS), LINES))

    found = np.array(run(shown, _LIMITS, cases))

    assert np.max(np.abs(found - np.array([of_product(case) for case in cases]))) < 1e-9


@pytest.mark.parametrize("reference", [None, 0, "rest"])
def test_a_thousand_groups_are_compared(shown: Opened, reference: int | str | None) -> None:
    """Spread and alike: in the second nearly every group may be in the largest contrast."""
    rng = Random(3)
    spread = counted(rng, 1_000, 1_600)
    alike = [rng.randint(195, 205) for _ in range(1_000)], [400] * 1_000
    cases = [(*groups, reference, "mover", 0.0125, [1.0, 0.7]) for groups in (spread, alike)]

    found = np.array(run(shown, _LIMITS, cases))

    assert np.max(np.abs(found - np.array([of_product(case) for case in cases]))) < 1e-9


def test_only_groups_that_may_decide_get_limits_at_every_angle(shown: Opened) -> None:
    made = """([x, n]) => {
      let made = 0;
      const counts = limits => Object.assign(limits, {
        lower: error => (made += limits.values.length, ClopperPearson.prototype.lower.call(limits, error)),
        upper: error => (made += limits.values.length, ClopperPearson.prototype.upper.call(limits, error)),
        take: places => counts(ClopperPearson.prototype.take.call(limits, places)),
      });
      new Contrasts(counts(new ClopperPearson(x, n)), null, 'mover').upper(0.0125)(1);
      return made;
    }"""
    rng = Random(4)
    n = [rng.randint(30, 1_600) for _ in range(1_000)]
    x = [sum(rng.random() < 0.5 for _ in range(each)) for each in n]

    assert 2_000 < run(shown, made, [x, n]) < 2_400


def test_bootstrapped_limits_are_followed_alike(shown: Opened) -> None:
    rng = np.random.default_rng(2)
    values, spreads = np.array([0.3, 0.42, 0.5]), np.array([0.05, 0.1, 0.2])
    pivots = np.sort(rng.standard_t(9, (2000, 3)), axis=0)
    centres = special.logit(values)
    limits = StudentisedBootstrap(values, centres, spreads, pivots, logit=True)
    groups = [
        {"point": point, "centre": centre, "spread": spread, "pivots": row.tolist()}
        for point, centre, spread, row in zip(
            values.tolist(), centres.tolist(), spreads.tolist(), pivots.T, strict=True
        )
    ]  # fmt: skip

    found = run(
        shown,
        "([groups, errors]) => errors.map(error =>"
        " new Contrasts(new StudentisedBootstrap(groups, true, ''), null, 'mover').upper(error)(0.8))",
        [groups, ERRORS],
    )

    assert found == pytest.approx([Contrasts.of(limits).upper(error)(0.8) for error in ERRORS], rel=0, abs=1e-9)


def test_the_errors_of_two_sides_are_those_of_a_tangent(shown: Opened) -> None:
    found = np.array(run(shown, "errors => errors.map(jointErrors)", [*ERRORS, 0.6]))

    z = np.maximum(-special.ndtri(np.array([*ERRORS, 0.6])), 0.0)
    expected = special.ndtr(-z[:, None] * np.sin(np.linspace(0, np.pi / 2, 17)))
    assert found == pytest.approx(expected, rel=1e-11)
