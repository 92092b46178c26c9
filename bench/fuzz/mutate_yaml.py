"""Mutators of YAML as people write it: lines, values, layout, anchors, and CEL expressions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

from bench.fuzz.mutate_bytes import LONGEST, bent_bytes, bent_text, number_text, odd_text

__all__ = ["bent_yaml", "cel_expression"]

_VALUE = re.compile(r"^(\s*(?:- )?\{?[\w.\"'-]+:\s+)(\S.*)$")
_TRICKS = (
    "&a", "*a", "!!python/object:os.system", "!!binary", "!t", "%YAML 1.1", "---", "...", "? x", "- - - -", "|",
    ">-", "|2", "<<: *a", "{", "[", "}", "]", "# c", "\t", "'", '"', "@", "`", "key: [a, b]", "null", "~", "on",
    "0o17", "2026-13-45", ".inf", "\ufeff", "\x85", "\u2028", "''", '""',
)  # fmt: skip
_OPERATORS = (
    "==",
    "!=",
    "<",
    ">=",
    "&&",
    "||",
    "+",
    "-",
    "*",
    "/",
    "%",
    "in",
    "?",
    ":",
    "!",
    ".",
    ",",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    " ",
)
_OPERANDS = (
    "true", "false", "null", "0", "1", "1.5", "1e308", "9223372036854775807", "9223372036854775808u", "'x'", '"yes"',
    "b'x'", "r'\\d'", "[]", "[1, 2]", "{}", "size(", "int(", "double(", "string(",
    "timestamp('2026-01-01T00:00:00Z')", "duration('1h')", "matches(", "has(a.b)", "answers", "answers.sure",
    "answers.how", "people", "domain", "in_operation", "x", "[1].all(x, x > 0)", "[1].map(x, [x])",
    "'a'.contains('a')", "''.startsWith(", ".exists(y, y == 1)", "dyn(1)", "type(1)", "1/0", "1%0", "__import__",
    "\\x00", "日本", "//", "'\\u0000'", '"""', "'" + "a" * 520 + "'",
)  # fmt: skip


def cel_expression(rng: Random, known: Sequence[str] = ()) -> str:
    """Return something like a CEL expression."""
    words = (*_OPERANDS, *known)
    return "".join(
        rng.choice(words if rng.random() < 0.5 else _OPERATORS) for _ in range(rng.choice((1, 2, 3, 5, 9, 25)))
    )


def bent_yaml(content: bytes, rng: Random) -> bytes:
    """Return a YAML file with one change."""
    if rng.random() < 0.08:
        return bent_bytes(content, rng)
    try:
        lines = content.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        return bent_bytes(content, rng)
    if not lines:
        return odd_text(rng).encode("utf-8")
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        _bend(lines, rng)
        if not lines:
            break
    ending = "\r\n" if rng.random() < 0.03 else "\n"
    return ending.join([*lines, ""]).encode("utf-8", "surrogatepass")


def _bend(lines: list[str], rng: Random) -> None:
    at = rng.randrange(len(lines))
    to = min(len(lines), at + rng.choice((1, 1, 1, 2, 8)))
    way = rng.randrange(14)
    if way <= 5:
        _bend_value(lines, rng)
    elif way == 6:
        del lines[at:to]
    elif way == 7:
        block = lines[at:to]
        lines[at:at] = block * min(rng.choice((1, 1, 2, 400)), LONGEST // (sum(map(len, block)) + 1))
    elif way == 8:
        block = lines[at:to]
        del lines[at:to]
        where = rng.randrange(len(lines) + 1)
        lines[where:where] = block
    elif way == 9:
        lines[at] = rng.choice((" ", "  ", "\t", "- ")) + lines[at]
    elif way == 10:
        lines[at] = lines[at][rng.choice((1, 2)) :]
    elif way == 11:
        lines[at] = bent_text(lines[at], rng)
    elif way == 12:
        lines.insert(at, rng.choice(_TRICKS))
    else:
        lines[at] += " " + rng.choice(
            (rng.choice(_TRICKS), "[" * rng.choice((10, 30, 2000)), "{a: " * rng.choice((10, 30, 2000)))
        )


def _bend_value(lines: list[str], rng: Random) -> None:
    """Change the value behind a key; expressions get expressions more often than chance would give them."""
    places = [index for index, line in enumerate(lines) if _VALUE.match(line)]
    rules = [index for index in places if re.match(r"\s*(- )?(applies_when|when):", lines[index])]
    if not places:
        return
    index = rng.choice(rules) if rules and rng.random() < 0.4 else rng.choice(places)
    found = _VALUE.match(lines[index])
    assert found is not None
    key, value = found[1], found[2]
    if index in rules and rng.random() < 0.85:
        known = re.findall(r"[a-z_]{3,}", value)
        fresh = cel_expression(rng, known)
        fresh = fresh if rng.random() < 0.5 else value.strip("\"'") + rng.choice((" && ", " || ", " == ")) + fresh
        lines[index] = key + ('"' + fresh.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"')
        return
    way = rng.randrange(7)
    if way == 0:
        value = number_text(rng)
    elif way == 1:
        value = '"' + odd_text(rng).replace("\\", "\\\\").replace('"', '\\"') + '"'
    elif way == 2:
        value = rng.choice(_TRICKS)
    elif way == 3:
        value = bent_text(value, rng)
    elif way == 4:
        other = _VALUE.match(lines[rng.choice(places)])
        value = other[2] if other else value
    elif way == 5:
        value = rng.choice(
            (
                "[]",
                "{}",
                "[a, b, a]",
                "{en: x}",
                "{en: x, ja: y, de: z}",
                "[{}]",
                '"\\u0000"',
                '"\\e[31m"',
                '"a\\nb"',
                "x" * 21_000,
                "yes",
            )
        )
    else:
        value = odd_text(rng)
    lines[index] = key + value
