"""The single file decides expressions of packs as the product does, in three values."""

from __future__ import annotations

import random
from typing import Any

import pytest

from hakari.errors import PackError
from hakari.packs import expression as product
from hakari.standalone.python.packs.expression import Name, compiled, decided
from hakari.standalone.python.words import Refused

DOMAINS: dict[Name, tuple[Any, ...]] = {
    ("b1",): (False, True),
    ("b2",): (False, True),
    ("c",): ("x", "y", "z"),
    ("answers", "q"): ("yes", "no"),
}
VALUES: dict[Name, tuple[Any, ...]] = {
    **DOMAINS,
    ("n",): (3, 3.5, -1, 100),
    ("t",): ("x", "hello", ""),
    ("answers", "m"): (["x"], ["x", "y"], []),
}
LEAVES = ["b1", "b2", "c", "n", "t", "answers.q", "answers.m", "'x'", "'yes'", "3", "3.5", "-1", "true", "false",
          "['x', 'y']", "[1, 2.0]", "[c, 'x']", "100", "null", '"z"', "[]"]  # fmt: skip


def written(rng: random.Random, depth: int) -> str:
    kind = rng.random()
    if depth == 0 or kind < 0.2:
        return rng.choice(LEAVES)
    if kind < 0.45:
        return f"{written(rng, depth - 1)} {rng.choice(('&&', '||'))} {written(rng, depth - 1)}"
    if kind < 0.8:
        operator = rng.choice(("==", "!=", "<", "<=", ">", ">=", "in"))
        return f"{rng.choice(LEAVES)} {operator} {rng.choice(LEAVES)}"
    return f"!({written(rng, depth - 1)})" if kind < 0.9 else f"({written(rng, depth - 1)})"


@pytest.mark.parametrize("seed", range(4))
def test_expressions_come_out_as_in_the_product(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(400):
        source = written(rng, rng.randint(0, 3))
        theirs, mine = product.compile_expression(source), compiled(source)
        assert set(theirs.names) == set(mine.names)
        for _ in range(3):
            values = {name: rng.choice(each) for name, each in VALUES.items() if rng.random() < 0.6}
            assert _mine(mine, values) == _theirs(theirs, values), (source, values)


def _theirs(expression: Any, values: dict[Name, Any]) -> Any:
    try:
        outcome = product.evaluate(expression, values, DOMAINS)
    except PackError:
        return "no value"
    return outcome.value, set(outcome.open_names)


def _mine(expression: Any, values: dict[Name, Any]) -> Any:
    try:
        value, open_names = decided(expression, values, DOMAINS)
    except Refused:
        return "no value"
    return value, set(open_names)


@pytest.mark.parametrize("source", ["b1 || !b1", "c in ['x', 'y', 'z']", "answers.q == 'yes' || answers.q != 'yes'"])
def test_what_holds_whatever_is_true_is_not_open(source: str) -> None:
    assert decided(compiled(source), {}, DOMAINS) == (True, ())


def test_only_the_names_that_matter_are_open() -> None:
    assert decided(compiled("b1 && (b2 || true)"), {}, DOMAINS) == (None, (("b1",),))


@pytest.mark.parametrize(
    "source",
    ["", "a ?", "a.b", "size(a)", "a.size()", "a + 1", "a[0]", "a ? b : c", "'a", "'a\\n'", "1u", "0x10", "1e3", "a b",
     "[1, 2", "(a", "!", "in", "as", "answers", "answers['x']", "a !in b", "x" * 501, "9223372036854775808 > 1",
     "(" * 70 + "a" + ")" * 70, "!" * 70 + "a", "a.all(x, x)", "has(a.b)", "answers.q.size()"],
)  # fmt: skip
def test_what_is_not_read_is_said_to_be_so(source: str) -> None:
    with pytest.raises(Refused) as error:
        compiled(source)
    assert error.value.message.key in ("standalone.expression.unread", "packs.cel.too_long")
