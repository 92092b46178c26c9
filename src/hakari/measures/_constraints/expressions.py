"""Expressions: a column as arithmetic of other columns, read by a small parser and never handed to `eval`.

    sum    = term {("+" | "-") term}
    term   = factor {("*" | "/") factor}
    factor = "-" factor | number | column | "(" sum ")" | ("min" | "max") "(" sum {"," sum} ")" | "was" "(" column ")"

A column is a word or stands between backticks; `was(column)` is its value before the change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn

import numpy as np

from hakari.errors import InputError
from hakari.messages import Message, say

if TYPE_CHECKING:
    import numpy.typing as npt

    from hakari.statistics._arrays import FloatArray

__all__ = ["Expression"]

Rows = Mapping[str, "npt.NDArray[Any]"]
_Value = Callable[[Rows, Rows], "FloatArray"]

_LONGEST: Final = 500
"""Characters of an expression."""
_DEEPEST: Final = 20
"""Levels of brackets and signs."""
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)|(?P<name>[^\W\d]\w*|`[^`]+`)|(?P<sign>[-+*/(),]))"
)


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """Arithmetic of columns; a division by 0 gives nan."""

    text: str
    """As it was written."""
    columns: frozenset[str]
    """Columns whose value after the change it reads."""
    columns_before: frozenset[str]
    """Columns whose value before the change it reads."""
    _value: _Value

    @classmethod
    def parse(cls, text: str, *, place: str) -> Expression:
        """Return the expression; `place` is how messages call where it stands.

        Raises:
            InputError: it is too long, nested too deeply, or no such arithmetic.
        """
        return _Parser(text, place).parse()

    def __call__(self, before: Rows, after: Rows) -> FloatArray:
        """Return one number per row."""
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            value = self._value(before, after)
        rows = len(next(iter(after.values())))
        return np.array(np.broadcast_to(np.where(np.isfinite(value), value, np.nan), (rows,)), dtype=np.float64)


class _Parser:
    """Reads one expression from left to right."""

    def __init__(self, text: str, place: str) -> None:
        self.text, self.place = text, place
        self.after: set[str] = set()
        self.before: set[str] = set()
        self.depth = 0
        if len(text) > _LONGEST:
            self.refuse(say("measures.constraints.expression.long", length=len(text), limit=_LONGEST))
        self.tokens: list[tuple[str, str]] = []
        position = 0
        while position < len(text.rstrip()):
            match = _TOKEN.match(text, position)
            if match is None:
                self.refuse(say("measures.constraints.expression.sign", sign=text[position:].strip()[:10]))
            kind = match.lastgroup or ""
            self.tokens.append((kind, match[kind]))
            position = match.end()
        self.next = 0

    def refuse(self, problem: Message) -> NoReturn:
        raise InputError(say("measures.constraints.expression.at", place=self.place, text=self.text, problem=problem))

    def parse(self) -> Expression:
        value = self.sum()
        if self.next < len(self.tokens):
            self.refuse(say("measures.constraints.expression.left", word=self.tokens[self.next][1]))
        return Expression(self.text, frozenset(self.after), frozenset(self.before), value)

    def taken(self, *signs: str) -> str | None:
        """Take the next token if it is one of these signs."""
        if self.next < len(self.tokens) and self.tokens[self.next] in {("sign", sign) for sign in signs}:
            self.next += 1
            return self.tokens[self.next - 1][1]
        return None

    def expect(self, sign: str) -> None:
        if self.taken(sign) is None:
            self.refuse(say("measures.constraints.expression.expected", sign=sign))

    def sum(self) -> _Value:
        value = self.term()
        while sign := self.taken("+", "-"):
            value = _joined(np.add if sign == "+" else np.subtract, value, self.term())
        return value

    def term(self) -> _Value:
        value = self.factor()
        while sign := self.taken("*", "/"):
            value = _joined(np.multiply if sign == "*" else np.divide, value, self.factor())
        return value

    def factor(self) -> _Value:
        self.depth += 1
        if self.depth > _DEEPEST:
            self.refuse(say("measures.constraints.expression.deep", limit=_DEEPEST))
        value = self.inner()
        self.depth -= 1
        return value

    def inner(self) -> _Value:
        if self.taken("-"):
            inside = self.factor()
            return lambda before, after: -inside(before, after)
        if self.taken("("):
            value = self.sum()
            self.expect(")")
            return value
        if self.next >= len(self.tokens):
            self.refuse(say("measures.constraints.expression.ends"))
        kind, word = self.tokens[self.next]
        self.next += 1
        if kind == "number":
            number = float(word)
            return lambda before, after: np.asarray(number)
        if kind == "sign":
            self.refuse(say("measures.constraints.expression.left", word=word))
        if word in ("min", "max", "was") and self.taken("("):
            return self.was() if word == "was" else self.extreme(np.minimum if word == "min" else np.maximum)
        name = word.strip("`")
        self.after.add(name)
        return lambda before, after: np.asarray(after[name], dtype=np.float64)

    def was(self) -> _Value:
        kind, word = self.tokens[self.next] if self.next < len(self.tokens) else ("", "")
        if kind != "name":
            self.refuse(say("measures.constraints.expression.was"))
        self.next += 1
        self.expect(")")
        name = word.strip("`")
        self.before.add(name)
        return lambda before, after: np.asarray(before[name], dtype=np.float64)

    def extreme(self, which: np.ufunc) -> _Value:
        value = self.sum()
        while self.taken(","):
            value = _joined(which, value, self.sum())
        self.expect(")")
        return value


def _joined(operation: np.ufunc, left: _Value, right: _Value) -> _Value:
    return lambda before, after: np.asarray(operation(left(before, after), right(before, after)), dtype=np.float64)
