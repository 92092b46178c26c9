"""CEL expressions of packs: compiled once, bounded, and evaluated in three values.

A fact that nobody has stated must never read as "no". An expression over unstated names is therefore evaluated for
every value that they can take, as far as these are finite and few (booleans, choices); all other unstated names are
left undefined, which CEL absorbs in `&&` and `||` only where the rest decides (`true || undefined` is true). The result
is true or false only if every evaluation agrees; otherwise it is open, and the names on which it hangs are given.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from itertools import pairwise, product
from typing import Any

from hakari.errors import PackError
from hakari.messages import say

__all__ = [
    "LONGEST_EXPRESSION",
    "LONGEST_LIST",
    "Comparison",
    "Expression",
    "Outcome",
    "compile_expression",
    "evaluate",
    "try_all",
]

LONGEST_EXPRESSION = 500
LONGEST_LIST = 1_000
_MOST_TRIES = 1_024
_MOST_TRIES_OF_LOOPS = 16
"""With a comprehension, whose single evaluation may already take a millisecond or more."""
_MACROS = {"all", "exists", "exists_one", "map", "filter"}
_FUNCTIONS = {
    "contains",
    "startsWith",
    "endsWith",
    "size",
    "int",
    "double",
    "string",
    "timestamp",
    "duration",
}
_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*)
    |(?P<string>[rRbB]{0,2}(?:\"\"\"[\s\S]*?\"\"\"|'''[\s\S]*?'''|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'))
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<number>[0-9][0-9a-zA-Z.]*)
    |(?P<sign>==|!=|<=|>=|&&|\|\||.)""",
    re.VERBOSE,
)

Name = tuple[str, ...]
"""`("domain",)` for a fact, `("answers", "heard")` for the answer to a question."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A name that stands beside `==`, `!=` or `in` with a literal value."""

    name: Name
    literal: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression and the names that it reads."""

    source: str
    names: tuple[Name, ...]
    bound: frozenset[str]
    """Variables of its own comprehensions."""
    comparisons: tuple[Comparison, ...]
    program: Any


@dataclass(frozen=True, slots=True)
class Outcome:
    """True, false, or open with the names on which it hangs."""

    value: bool | None
    open_names: tuple[Name, ...] = ()


@cache
def _cel() -> Any:
    """Return CEL's compiled module, without its package, which would import a whole terminal application (0.25 s)."""
    if "cel.cel" in sys.modules:
        return sys.modules["cel.cel"]
    from importlib.machinery import PathFinder
    from importlib.util import find_spec, module_from_spec

    package = find_spec("cel")
    places = package.submodule_search_locations if package else None
    spec = PathFinder.find_spec("cel.cel", places) if places else None
    if spec is None or spec.loader is None:
        import cel

        return cel
    module = module_from_spec(spec)
    sys.modules["cel.cel"] = module
    spec.loader.exec_module(module)
    return module


@lru_cache(maxsize=4096)
def compile_expression(source: str) -> Expression:
    """Return `source` compiled.

    Raises:
        PackError: too long, not CEL, a function that packs do not have, or a comprehension inside another.
    """
    if len(source) > LONGEST_EXPRESSION:
        raise PackError(
            say("packs.cel.too_long", length=len(source), limit=LONGEST_EXPRESSION, source=source[:40] + "…")
        )
    try:
        program = _cel().compile(source)
    except (ValueError, RuntimeError, RecursionError) as error:
        raise PackError(say("packs.cel.malformed", source=source, problem=_short(error))) from None
    tokens = _tokens(source)
    bound = _bound(source, tokens)
    for function in program.functions():
        if function[0].isalpha() and function not in _FUNCTIONS:
            raise PackError(say("packs.cel.function", source=source, function=function, known=sorted(_FUNCTIONS)))
    if any(left == ("name", "has") and right == ("sign", "(") for left, right in pairwise(tokens)):
        raise PackError(say("packs.cel.function", source=source, function="has", known=sorted(_FUNCTIONS)))
    names = [(name,) for name in program.variables() if name not in bound and name != "answers"]
    return Expression(source, (*names, *_answers(source, tokens)), bound, tuple(_comparisons(tokens)), program)


def evaluate(expression: Expression, values: Mapping[Name, Any], domains: Mapping[Name, Sequence[Any]]) -> Outcome:
    """Return what `expression` is, given the stated `values` and the finite `domains` of unstated names.

    Raises:
        PackError: everything is stated and the expression still fails (a division by zero, say).
    """
    values = {name: values[name] for name in expression.names if name in values}
    unstated = [name for name in expression.names if name not in values]
    if not unstated:
        return Outcome(_run(expression, values))
    tried: list[Name] = []
    tries = 1
    for name in sorted((name for name in unstated if domains.get(name)), key=lambda name: len(domains[name])):
        tries *= len(domains[name])
        if tries > (_MOST_TRIES_OF_LOOPS if expression.bound else _MOST_TRIES):
            break
        tried.append(name)
    undefined = [name for name in unstated if name not in tried]
    results: dict[tuple[Any, ...], bool | None] = {}
    for combination in product(*(domains[name] for name in tried)):
        results[combination] = _attempt(expression, {**values, **dict(zip(tried, combination, strict=True))})
    found = set(results.values())
    if len(found) == 1 and None not in found:
        return Outcome(found.pop())
    hangs_on = {name for place, name in enumerate(tried) if _matters(results, place)}
    if None in found:
        hangs_on.update(undefined)
    return Outcome(None, tuple(name for name in unstated if name in hangs_on))


def try_all(expression: Expression, samples: Mapping[Name, Sequence[Any]]) -> None:
    """Evaluate `expression` over sample values of its names, to find operands that do not fit each other.

    Raises:
        PackError: the types do not fit, the result is neither true nor false, or there is never a result at all.
    """
    # `True` and 1 are one key to a cache and two values to CEL: the type is part of the key.
    given = (
        ((type(value), tuple(value) if isinstance(value, list) else value) for value in samples[name])
        for name in expression.names
    )
    _try_all(expression, tuple(tuple(values) for values in given))


@lru_cache(maxsize=4096)
def _try_all(expression: Expression, samples: tuple[tuple[tuple[type, Any], ...], ...]) -> None:
    """The same, once for each expression: requirements share theirs, and each may take a thousand tries."""
    plain = [[_plain(value) for _, value in values] for values in samples]
    problem: Exception | None = None
    worked = False
    for tries, combination in enumerate(product(*plain)):
        if tries >= _MOST_TRIES:
            return
        try:
            result = expression.program.execute(_named(zip(expression.names, combination, strict=True)))
        except TypeError as error:
            raise PackError(say("packs.cel.types", source=expression.source, problem=_short(error))) from None
        except (ArithmeticError, LookupError, RuntimeError, ValueError) as error:
            problem = error
            continue
        if not isinstance(result, bool):
            raise PackError(say("packs.cel.not_boolean", source=expression.source, value=repr(result)))
        worked = True
    if problem is not None and not worked:
        raise PackError(say("packs.cel.failed", source=expression.source, problem=_short(problem)))


def _matters(results: Mapping[tuple[Any, ...], bool | None], place: int) -> bool:
    """Whether any two combinations that differ only at `place` come out differently."""
    seen: dict[tuple[Any, ...], bool | None] = {}
    for combination, result in results.items():
        rest = (*combination[:place], *combination[place + 1 :])
        if seen.setdefault(rest, result) != result:
            return True
    return False


def _run(expression: Expression, values: Mapping[Name, Any]) -> bool:
    try:
        result = expression.program.execute(_context(values))
    except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as error:
        raise PackError(say("packs.cel.failed", source=expression.source, problem=_short(error))) from None
    if not isinstance(result, bool):
        raise PackError(say("packs.cel.not_boolean", source=expression.source, value=repr(result)))
    return result


def _attempt(expression: Expression, values: Mapping[Name, Any]) -> bool | None:
    try:
        result = expression.program.execute(_context(values))
    except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError):
        return None
    return result if isinstance(result, bool) else None


def _context(values: Mapping[Name, Any]) -> dict[str, Any]:
    return _named((name, _plain(value)) for name, value in values.items())


def _named(values: Iterable[tuple[Name, Any]]) -> dict[str, Any]:
    """Return CEL's variables: `answers.x` is the entry x of a map."""
    facts: dict[str, Any] = {}
    answers: dict[str, Any] = {}
    for name, value in values:
        (facts if len(name) == 1 else answers)[name[-1]] = value
    return {**facts, "answers": answers}


def _plain(value: Any) -> Any:
    """Return a value as CEL sees it: every number a double, dates as ISO text, lists bounded."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return float(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (list, tuple, set, frozenset)):
        if len(value) > LONGEST_LIST:
            raise PackError(say("packs.cel.list_too_long", length=len(value), limit=LONGEST_LIST))
        return [_plain(item) for item in value]
    return value


def _tokens(source: str) -> list[tuple[str, str]]:
    return [(found.lastgroup or "", found.group()) for found in _TOKEN.finditer(source) if found.lastgroup != "space"]


def _bound(source: str, tokens: list[tuple[str, str]]) -> frozenset[str]:
    """Return the variables of comprehensions; refuse one comprehension inside another."""
    bound: set[str] = set()
    inside: list[bool] = []
    for place, (_, text) in enumerate(tokens):
        if text in ("(", "[", "{"):
            macro = (
                text == "(" and place >= 2 and tokens[place - 1][1] in _MACROS and tokens[place - 2] == ("sign", ".")
            )
            if macro and any(inside):
                raise PackError(say("packs.cel.nested", source=source, macro=tokens[place - 1][1]))
            if macro and place + 1 < len(tokens):
                bound.add(tokens[place + 1][1])
            inside.append(macro)
        elif text in (")", "]", "}") and inside:
            inside.pop()
    return frozenset(bound)


def _answers(source: str, tokens: list[tuple[str, str]]) -> list[Name]:
    """Return the answers that are read. They may only be read one by one, so that what is unstated stays visible."""
    found: list[Name] = []
    for place, token in enumerate(tokens):
        if token != ("name", "answers") or (place and tokens[place - 1] == ("sign", ".")):
            continue
        if [kind for kind, _ in tokens[place + 1 : place + 3]] != ["sign", "name"] or tokens[place + 1][1] != ".":
            raise PackError(say("packs.cel.answers", source=source))
        name = ("answers", tokens[place + 2][1])
        if name not in found:
            found.append(name)
    return found


def _comparisons(tokens: list[tuple[str, str]]) -> Iterator[Comparison]:
    """Yield names with the literals that they face: `domain == 'x'`, `domain in ['x', 'y']`, `'x' in answers.q`."""
    parts = list(_joined(tokens))
    for place, (_, _, sign) in enumerate(parts):
        before, after = parts[max(place - 1, 0)], parts[min(place + 1, len(parts) - 1)]
        if sign in ("==", "!="):
            yield from _pair(before, after)
            yield from _pair(after, before)
        elif sign == "in" and after[2] == "[":
            for other in parts[place + 2 :]:
                if other[2] == "]":
                    break
                yield from _pair(before, other)
        elif sign == "in":
            yield from _pair(after, before)


def _pair(left: _Part, right: _Part) -> Iterator[Comparison]:
    if left[0] and right[1] is not None:
        quoted = right[1][0] in "\"'"
        yield Comparison(left[0], right[1][1:-1] if quoted else right[1], quoted)


_Part = tuple[Name, str | None, str]
"""(name, literal, sign): one of the three is set."""


def _joined(tokens: list[tuple[str, str]]) -> Iterator[_Part]:
    place = 0
    while place < len(tokens):
        kind, text = tokens[place]
        if text == "answers" and place + 2 < len(tokens):
            yield ("answers", tokens[place + 2][1]), None, ""
            place += 2
        elif kind in ("string", "number") or text in ("true", "false"):
            yield (), text if text[0] not in "rRbB" else None, ""
        elif kind == "name" and text != "in":
            yield (text,), None, ""
        else:
            yield (), None, text
        place += 1


def _short(error: BaseException) -> str:
    """Return the first line of CEL's message after its own echo of the source."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    _, found, problem = lines[0].partition("Syntax error: ")
    text = problem if found else lines[0].rpartition("ERROR: ")[2]
    return text.partition(" expecting {")[0].partition(". ")[0][:120].rstrip(". ")
