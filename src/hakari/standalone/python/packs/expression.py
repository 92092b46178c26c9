"""Expression: the part of CEL in which packs say when something applies, in three values: yes, no, open.

It reads names, `answers.question`, texts, numbers, true, false, lists, `in`, comparisons, `!`, `&&`, `||` and
parentheses. A fact that nobody stated never reads as "no": every value that it can take is tried, as far as there are
few, and the result is open unless all of them agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

from hakari.standalone.python.words import Refused, say

__all__ = ["Expression", "Name", "NoValue", "compiled", "decided"]

_LONGEST = 500
_MOST_TRIES = 1_024
_LONGEST_LIST = 1_000
_DEEPEST_EXPRESSION = 60
_TOKEN = re.compile(
    r"(?P<space>\s+|//[^\n]*)|(?P<text>\"[^\"\\\n]*\"|'[^'\\\n]*')|(?P<number>[0-9]+(?:\.[0-9]+)?(?![0-9A-Za-z_.]))"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<sign>==|!=|<=|>=|&&|\|\||[-!<>()\[\],.])"
)
_RESERVED_BY_CEL = {
    "as", "break", "const", "continue", "else", "for", "function", "has", "if", "import", "let", "loop", "namespace",
    "package", "return", "var", "void", "while",
}  # fmt: skip
_COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": lambda left, right: bool(left < right),
    "<=": lambda left, right: bool(left <= right),
    ">": lambda left, right: bool(left > right),
    ">=": lambda left, right: bool(left >= right),
}

Name = tuple[str, ...]
"""`("domain",)` for a fact, `("answers", "heard")` for the answer to a question."""
Tree = tuple[Any, ...]
"""(kind, parts): value, name, list, not, and, or, or a comparison."""


class NoValue(Exception):
    """An expression has no value; `types` if its operands do not fit each other."""

    def __init__(self, *, types: bool) -> None:
        super().__init__("no value")
        self.types = types


@dataclass(frozen=True)
class Expression:
    """An expression and the names that it reads."""

    source: str
    tree: Tree
    names: tuple[Name, ...]

    def value(self, values: Mapping[Name, Any]) -> Any:
        """Return what the expression is for these values; NoValue if it is nothing."""
        return _value(self.tree, {name: _as_cel(value) for name, value in values.items()})

    def truth(self, values: Mapping[Name, Any]) -> bool | None:
        """Return true or false, or None where the expression is neither."""
        try:
            result = self.value(values)
        except NoValue:
            return None
        return result if isinstance(result, bool) else None

    def comparisons(self) -> Iterator[tuple[Name, Any]]:
        """Yield names with the written values that they stand beside."""
        yield from _comparisons(self.tree)


@lru_cache(maxsize=4096)
def compiled(source: str) -> Expression:
    """Return `source` read as an expression.

    Raises:
        Refused: too long, or not in the part of CEL that is read here.
    """
    if len(source) > _LONGEST:
        raise Refused(say("packs.cel.too_long", length=len(source), limit=_LONGEST, source=source[:40] + "…"))
    reader = _ExpressionReader(source)
    tree = reader.either()
    if reader.kind:
        raise reader.unread()
    return Expression(source, tree, tuple(dict.fromkeys(_names_in(tree))))


def decided(
    expression: Expression, values: Mapping[Name, Any], domains: Mapping[Name, Sequence[Any]]
) -> tuple[bool | None, tuple[Name, ...]]:
    """Return what an expression is for every value of what is not stated, or None with the names on which it hangs.

    Raises:
        Refused: everything is stated and the expression still is neither true nor false.
    """
    values = {name: values[name] for name in expression.names if name in values}
    open_names = [name for name in expression.names if name not in values]
    if not open_names:
        result = expression.truth(values)
        if result is None:
            raise Refused(say("packs.cel.failed", source=expression.source, problem="no value"))
        return result, ()
    tried: list[Name] = []
    tries = 1
    for name in sorted((name for name in open_names if domains.get(name)), key=lambda name: len(domains[name])):
        tries *= len(domains[name])
        if tries > _MOST_TRIES:
            break
        tried.append(name)
    results = {
        choice: expression.truth({**values, **dict(zip(tried, choice, strict=True))})
        for choice in product(*(domains[name] for name in tried))
    }
    found = set(results.values())
    if len(found) == 1 and None not in found:
        return found.pop(), ()
    hangs_on = {name for place, name in enumerate(tried) if _matters(results, place)}
    if None in found:
        hangs_on |= {name for name in open_names if name not in tried}
    return None, tuple(name for name in open_names if name in hangs_on)


def _matters(results: Mapping[tuple[Any, ...], bool | None], place: int) -> bool:
    seen: dict[tuple[Any, ...], bool | None] = {}
    return any(
        seen.setdefault((*choice[:place], *choice[place + 1 :]), result) != result for choice, result in results.items()
    )


def _as_cel(value: Any) -> Any:
    """Every number is a double; lists are bounded."""
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, list):
        if len(value) > _LONGEST_LIST:
            raise Refused(say("packs.cel.list_too_long", length=len(value), limit=_LONGEST_LIST))
        return [_as_cel(item) for item in value]
    return value


class _ExpressionReader:
    """Reads tokens from left to right; `kind` is empty at the end."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = self.depth = 0
        self.kind = self.text = ""
        self.step()

    def unread(self) -> Refused:
        return Refused(say("standalone.expression.unread", source=self.source))

    def step(self) -> str:
        """Go to the next token and return the one that was."""
        was, self.kind = self.text, ""
        self.text = ""
        while self.at < len(self.source) and not self.kind:
            found = _TOKEN.match(self.source, self.at)
            if found is None:
                raise self.unread()
            self.at = found.end()
            if found.lastgroup != "space":
                self.kind, self.text = str(found.lastgroup), found.group()
        return was

    def sign(self, *signs: str) -> bool:
        return self.kind == "sign" and self.text in signs

    def expect(self, sign: str) -> None:
        if not self.sign(sign):
            raise self.unread()
        self.step()

    def either(self) -> Tree:
        parts = [self.both()]
        while self.sign("||"):
            self.step()
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else ("or", *parts)

    def both(self) -> Tree:
        parts = [self.relation()]
        while self.sign("&&"):
            self.step()
            parts.append(self.relation())
        return parts[0] if len(parts) == 1 else ("and", *parts)

    def relation(self) -> Tree:
        left = self.single()
        while self.sign("==", "!=", "<", "<=", ">", ">=") or (self.kind == "name" and self.text == "in"):
            operator = self.step()
            left = (operator, left, self.single())
        return left

    def single(self) -> Tree:
        if not self.sign("!", "(", "["):
            return self.leaf()
        self.depth += 1
        if self.depth > _DEEPEST_EXPRESSION:
            raise self.unread()
        opened = self.step()
        if opened == "!":
            found: Tree = ("not", self.single())
        elif opened == "(":
            found = self.either()
            self.expect(")")
        else:
            found = self.list()
        self.depth -= 1
        return found

    def list(self) -> Tree:
        items: list[Tree] = []
        while not self.sign("]"):
            items.append(self.either())
            if not self.sign(","):
                break
            self.step()
        self.expect("]")
        return ("list", *items)

    def leaf(self) -> Tree:
        negative = self.sign("-")
        if negative:
            self.step()
        kind, text = self.kind, self.step()
        if kind == "number":
            if "." not in text and int(text) >= 2**63:
                raise self.unread()
            number = float(text) if "." in text else int(text)
            return ("value", -number if negative else number, text)
        if negative or kind not in ("text", "name") or (self.sign(".", "(", "[") and text != "answers"):
            raise self.unread()
        if kind == "text":
            return ("value", text[1:-1], text)
        if text in ("true", "false", "null"):
            return ("value", {"true": True, "false": False, "null": None}[text], text)
        if text in _RESERVED_BY_CEL or text == "in":
            raise self.unread()
        if text != "answers":
            return ("name", (text,))
        self.expect(".")
        if self.kind != "name":
            raise self.unread()
        name = ("answers", self.step())
        if self.sign(".", "(", "["):
            raise self.unread()
        return ("name", name)


def _names_in(tree: Tree) -> Iterator[Name]:
    if tree[0] == "name":
        yield tree[1]
    elif tree[0] != "value":
        for part in tree[1:]:
            yield from _names_in(part)


def _value(tree: Tree, values: Mapping[Name, Any]) -> Any:
    kind = tree[0]
    if kind == "value":
        return tree[1]
    if kind == "name":
        if tree[1] not in values:
            raise NoValue(types=False)
        return values[tree[1]]
    if kind == "list":
        return [_value(item, values) for item in tree[1:]]
    if kind in ("and", "or"):
        return _joined(tree[1:], kind == "or", values)
    if kind == "not":
        inner = _value(tree[1], values)
        if not isinstance(inner, bool):
            raise NoValue(types=True)
        return not inner
    return _related(kind, _value(tree[1], values), _value(tree[2], values))


def _joined(parts: Sequence[Tree], deciding: bool, values: Mapping[Name, Any]) -> bool:
    """A part that decides makes up for another that has no value, whichever comes first."""
    problem: NoValue | None = None
    for part in parts:
        try:
            value = _value(part, values)
            if not isinstance(value, bool):
                raise NoValue(types=True)
        except NoValue as error:
            problem = problem or error
            continue
        if value is deciding:
            return deciding
    if problem is not None:
        raise problem
    return not deciding


def _related(operator: str, left: Any, right: Any) -> bool:
    if operator == "==":
        return _equal(left, right)
    if operator == "!=":
        return not _equal(left, right)
    if operator == "in":
        if not isinstance(right, list):
            raise NoValue(types=True)
        return any(_equal(left, item) for item in right)
    kinds = {_kind(left), _kind(right)}
    if len(kinds) > 1 or not kinds <= {"number", "text", "truth"}:
        raise NoValue(types=True)
    return _COMPARED[operator](left, right)


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "truth"
    return {int: "number", float: "number", str: "text", list: "list", type(None): "null"}.get(type(value), "other")


def _equal(left: Any, right: Any) -> bool:
    if _kind(left) != _kind(right):
        return False
    if isinstance(left, list):
        return len(left) == len(right) and all(_equal(a, b) for a, b in zip(left, right, strict=True))
    return bool(left == right)


def _comparisons(tree: Tree) -> Iterator[tuple[Name, Any]]:
    kind = tree[0]
    if kind in ("value", "name"):
        return
    if kind in ("==", "!="):
        yield from _pair(tree[1], tree[2])
        yield from _pair(tree[2], tree[1])
    elif kind == "in":
        for item in tree[2][1:] if tree[2][0] == "list" else ():
            yield from _pair(tree[1], item)
        yield from _pair(tree[2], tree[1])
    for part in tree[1:]:
        yield from _comparisons(part)


def _pair(left: Tree, right: Tree) -> Iterator[tuple[Name, Any]]:
    if left[0] == "name" and right[0] == "value" and right[1] is not None:
        yield left[1], right[1]
