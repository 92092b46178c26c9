"""The arithmetic of verify.html against scipy, numpy, PyYAML and CEL."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
import yaml
from playwright.sync_api import Browser
from scipy import special

from hakari.errors import PackError
from hakari.packs import list_packs
from hakari.packs.expression import compile_expression, evaluate
from hakari.packs.loader import pack_files
from hakari.statistics import stream
from tests.browser._verify_page import Opened, opened
from tests.contract import good_cases

pytestmark = [pytest.mark.browser]


@pytest.fixture(scope="module")
def shown(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    with opened(chromium, tmp_path_factory.mktemp("figures")) as found:
        yield found


def tool(shown: Opened, expression: str, value: Any) -> Any:
    """Return `expression` of `value` for the tools `t` of the page."""
    return shown.page.evaluate(f"value => {{ const t = hakariVerify.tools; return ({expression})(value) }}", value)


def counts(draws: int) -> Iterator[tuple[float, float, float]]:
    """Yield (successes, trials, error) up to 10⁸ trials: whole and broken numbers, few successes, few failures, all."""
    rng = Random(5)
    for number in range(draws):
        n = float(int(10 ** rng.uniform(0, 8)))
        few = min(float(int(10 ** rng.uniform(0, 4))), n)
        x = [float(rng.randint(0, int(n))), few, n - few, rng.choice((0.0, n)), rng.random() * n][number % 5]
        yield x, n, 10 ** rng.uniform(-15, np.log10(0.5))


def test_exact_limits_agree_with_scipy(shown: Opened) -> None:
    cases = list(counts(1500))
    x, n, error = np.array(cases).T
    lower = np.where(x > 0, special.betaincinv(np.maximum(x, 1e-300), n - x + 1, error), 0.0)
    upper = np.where(x < n, special.betainccinv(x + 1, np.where(x < n, n - x, 1.0), error), 1.0)

    found = np.array(tool(shown, "cases => cases.map(each => t.clopperPearson(...each))", cases))

    assert np.max(np.abs(found[:, 0] - lower)) < 1e-11
    assert np.max(np.abs(found[:, 1] - upper)) < 1e-11


def test_normal_and_t_quantiles_agree_with_scipy(shown: Opened) -> None:
    rng = Random(6)
    cases = [
        (rng.choice((1.0, 2.0, 14.0, rng.uniform(1, 400), 1e6)), 10 ** rng.uniform(-15, -0.31)) for _ in range(800)
    ]
    freedom, error = np.array(cases).T

    normal = np.array(tool(shown, "cases => cases.map(([, error]) => t.normalTail(error))", cases))
    student = np.array(tool(shown, "cases => cases.map(each => t.studentTail(...each))", cases))

    assert normal == pytest.approx(-special.ndtri(error), rel=1e-11, abs=1e-12)
    assert student == pytest.approx(-special.stdtrit(freedom, error), rel=1e-9)


@pytest.mark.parametrize("cells", [2, 7, 60])
@pytest.mark.parametrize("rows", [5, 300, 40_000, 10**7])
@pytest.mark.parametrize("seed", [0, 7, 2**40 + 3])
def test_draws_are_those_of_numpy(shown: Opened, seed: int, rows: int, cells: int) -> None:
    """Small and large means, shares above one half and empty cells: every branch of the two binomial methods."""
    rng = Random(f"{seed} {rows} {cells}")
    weights = [rng.random() ** 4 * (rng.random() > 0.2) for _ in range(cells - 1)] + [1.0]
    shares = [weight / sum(weights) for weight in weights]
    names = ["check", "gaps/gap[性別]"]

    expected = stream(seed, *names).multinomial(rows, np.array(shares), size=80)
    found = tool(shown, "given => t.draws(...given)", [seed, names, rows, shares, 80])

    assert np.array_equal(np.array(found), expected)


def shipped() -> list[bytes]:
    library = Path(str(files("hakari.packs"))) / "library"
    return [path.read_bytes() for path in sorted(library.rglob("*.yaml"))]


FOLDED = r"""
a: |1-
  x

   y
b: >+
  one
  two

    three

c: "x \
  y\u3042\n"
d: 'it''s
  so'
e: [f, {g: h}]
"""
NESTED = """
- a: b
  c:
  - d
  - - e
    - f
-
  g: # comment
    h
- plain # comment
- over
  two lines
- ''
"""
_TEXTS = (good_cases.PACK, good_cases.FAIR, good_cases.TOLD, good_cases.OVERLAY, FOLDED, NESTED)
SMALL = [text.encode() for text in _TEXTS]

_PLAIN = """node => node.kind === 'map' ? Object.fromEntries(Array.from(node.entries, ([k, e]) => [k, plain(e.node)]))
  : node.kind === 'list' ? node.items.map(plain) : node.text"""


def test_yaml_is_read_as_by_the_library(shown: Opened) -> None:
    documents = [*shipped(), *SMALL]

    found = tool(
        shown,
        f"all => {{ const plain = {_PLAIN}; return all.map(each => plain(t.yaml(new Uint8Array(each), 'f'))) }}",
        [list(each) for each in documents],
    )

    assert len(documents) > 7
    for document, read in zip(documents, found, strict=True):
        assert read == yaml.load(document, Loader=yaml.BaseLoader)


@pytest.mark.parametrize(
    "text",
    ["a: &x b", "a: *x", "a: !t b", "a: b\na: c", "a: b\n---\nc: d", "a: [b", "a:\n\tb: c", "a: b: c", "? a\n: b", "",
     "a: \"\\e\"", "[" * 40, "a: {b\n: c}", "- a\nb: c", "a: 'b", "a: @b", "%YAML 1.1\n---\na: b", "\x07"],
)  # fmt: skip
def test_what_a_pack_may_not_hold_is_refused(shown: Opened, text: str) -> None:
    attempt = "each => { try { t.yaml(new Uint8Array(each), 'f'); return 'read' } catch (e) { return e.said.key } }"

    assert tool(shown, attempt, list(text.encode())) == "packs.at"


def test_shipped_packs_are_read_whole_with_their_digests(shown: Opened) -> None:
    for pack in list_packs():
        content = {name: list(part) for name, part in pack_files(pack.reference).items()}

        found = tool(
            shown,
            "async files => { const all = Object.entries(files).map(([name, part]) => [name, new Uint8Array(part)]);"
            " const pack = await t.pack(Object.fromEntries(all), 'p');"
            " return [pack.reference, pack.digest, pack.requirements.map(each => each.reference)] }",
            content,
        )

        assert found == [pack.reference, pack.digest, [requirement.reference for requirement in pack.requirements]]


DOMAINS: dict[tuple[str, ...], tuple[Any, ...]] = {
    ("a",): (False, True),
    ("b",): (False, True),
    ("kind",): ("x", "y", "z"),
    ("answers", "q"): ("yes", "no"),
}
STATED: list[dict[str, Any]] = [
    {}, {"a": True}, {"a": False, "n": 3.0}, {"kind": "x", "answers.q": "no"}, {"n": 5.0, "b": True},
    {"a": True, "b": False, "kind": "z", "n": 1.0, "answers.q": "yes"},
]  # fmt: skip
PARTS = [
    "a", "b", "!a", "kind == 'x'", "kind in ['x', 'y']", "answers.q == 'yes'", "n >= 2", "n < 4.5", "'x' != kind",
    "n + 1.0 == 4.0", "true", "kind.startsWith('x')", "size(kind) > 0", "[1, 2].exists(v, v == 2)", "n / 0.0 > 1",
]  # fmt: skip


def test_expressions_come_out_as_by_the_library_in_three_values(shown: Opened) -> None:
    rng = Random(8)
    sources = list(PARTS)
    for _ in range(250):
        first, second = rng.choice(sources), rng.choice(PARTS)
        sources.append(
            rng.choice((f"({first}) && {second}", f"{second} || ({first})", f"!({first})", f"{second} ? ({first}) : a"))
        )
    sources = [source for source in sources if len(source) <= 500]
    domains = {".".join(name): list(values) for name, values in DOMAINS.items()}

    found = tool(
        shown,
        "([sources, all, domains]) => sources.map(source => all.map(stated => { try {"
        " const { value, open } = t.expression(source, stated, domains); return [value, open.sort()] }"
        " catch { return 'refused' } }))",
        [sources, STATED, domains],
    )

    assert found == [[_evaluated(source, stated) for stated in STATED] for source in sources]


def _evaluated(source: str, stated: dict[str, Any]) -> Any:
    values = {tuple(name.split(".")): value for name, value in stated.items()}
    try:
        outcome = evaluate(compile_expression(source), values, DOMAINS)
    except PackError:
        return "refused"
    return [outcome.value, sorted(".".join(name) for name in outcome.open_names)]
