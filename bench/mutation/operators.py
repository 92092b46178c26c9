"""Operators: the small faults that are put into a module, one at a time, as changes of its syntax tree.

Left out is only what no test can see: docstrings, annotations, type aliases, `__all__`, blocks for type checkers, the
keys of messages and the literal text inside f-strings.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Mutant", "Spot", "mutants", "mutated"]

Step = tuple[str, int | None]
"""A field of a node, and the place in it where it is a list."""

_COMPARE: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_ARITHMETIC: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
}
_NAMES = {
    "any": "all", "all": "any", "min": "max", "max": "min", "maximum": "minimum", "minimum": "maximum",
    "fmax": "fmin", "fmin": "fmax", "nanmin": "nanmax", "nanmax": "nanmin", "floor": "ceil", "ceil": "floor",
    "zeros": "ones", "ones": "zeros", "hypot": "add", "sin": "cos", "arcsin": "arccos", "expm1": "exp",
    "log1p": "log", "logcdf": "logsf", "logsf": "logcdf", "betaincinv": "betainccinv", "betainccinv": "betaincinv",
    "mean": "median", "sum": "max", "isfinite": "isnan", "isnan": "isfinite", "lower": "upper", "upper": "lower",
    "clopper_pearson_lower": "clopper_pearson_upper", "clopper_pearson_upper": "clopper_pearson_lower",
}  # fmt: skip
"""Functions and methods that are taken for another of the same shape."""
_UNWRAP = {
    "sorted", "sort", "abs", "sqrt", "nan_to_num", "clip", "tuple", "cumsum", "unique", "log", "exp", "sign", "round",
    "asarray", "int", "float", "bool", "set", "astype", "reshape", "tolist", "encode", "strip",
}  # fmt: skip
"""Calls that are left out, so that only what they were given remains."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in the tree, and which of the changes that are possible there."""

    path: tuple[Step, ...]
    variant: int


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault."""

    spot: Spot
    line: int
    function: str
    """Qualified name of the function around it; "" in the module itself."""
    lines: tuple[int, int]
    """First and last line whose execution makes it felt; the whole function for its defaults."""
    names: tuple[str, ...]
    """Outside functions: the names that the statement binds."""
    operator: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around a node."""

    function: str = ""
    lines: tuple[int, int] = (0, 0)
    names: tuple[str, ...] = ()


def mutants(source: str) -> list[Mutant]:
    """Every fault that the operators can put into this source, in the order of the source."""
    found: list[Mutant] = []
    _walk(ast.parse(source), (), _Around(), found)
    return found


def mutated(source: str, spot: Spot) -> ast.Module:
    """The tree with one fault in it."""
    tree = ast.parse(source)
    node: ast.AST = tree
    for name, place in spot.path[:-1]:
        node = _child(node, name, place)
    name, place = spot.path[-1]
    changed = list(_variants(_child(node, name, place), name))[spot.variant][1]
    if place is None:
        setattr(node, name, changed)
    else:
        getattr(node, name)[place] = changed
    return ast.fix_missing_locations(tree)


def _child(node: ast.AST, name: str, place: int | None) -> ast.AST:
    found = getattr(node, name)
    return found if place is None else found[place]


def _walk(node: ast.AST, path: tuple[Step, ...], around: _Around, found: list[Mutant]) -> None:
    for name, value in ast.iter_fields(node):
        for place, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST) or _hidden(node, name, place, child):
                continue
            here, inside = (*path, (name, place)), _around(child, around)
            for number, (operator, changed) in enumerate(_variants(child, name)):
                line = getattr(child, "lineno", inside.lines[0])
                texts = (ast.unparse(child), ast.unparse(changed))
                found.append(
                    Mutant(Spot(here, number), line, inside.function, inside.lines, inside.names, operator, *texts)
                )
            _walk(child, here, inside, found)


def _around(node: ast.AST, outer: _Around) -> _Around:
    if isinstance(node, ast.FunctionDef):
        name = f"{outer.function}.{node.name}".lstrip(".")
        return _Around(name, (node.body[0].lineno, node.end_lineno or node.lineno))
    if isinstance(node, ast.ClassDef):
        return _Around(f"{outer.function}.{node.name}".lstrip("."), outer.lines, (node.name,))
    if not isinstance(node, ast.stmt):
        return outer
    if outer.lines == (0, 0) and isinstance(node, ast.Assign | ast.AnnAssign):  # of the module or of a class
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = tuple(part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name))
        return _Around(outer.function, (0, 0), outer.names or names)
    if outer.lines == (0, 0):
        return outer
    body = getattr(node, "body", None)
    last = max(node.lineno, body[0].lineno - 1) if body else node.end_lineno or node.lineno
    return _Around(outer.function, (node.lineno, last))


def _hidden(parent: ast.AST, name: str, place: int | None, child: ast.AST) -> bool:
    """What no test can see."""
    if name in ("annotation", "returns", "type_params", "ctx"):
        return True
    if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant) and isinstance(child.value.value, str):
        return True  # a docstring
    if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
        return True
    if isinstance(child, ast.Assign) and isinstance(parent, ast.Module) and isinstance(child.targets[0], ast.Name):
        target = child.targets[0].id
        return target == "__all__" or re.fullmatch(r"[A-Z][a-z]\w*", target) is not None  # a type alias
    if isinstance(parent, ast.Call) and _called(parent) == "say" and (name, place) == ("args", 0):
        return True
    return (
        isinstance(parent, ast.JoinedStr | ast.FormattedValue)
        and name in ("values", "format_spec")
        and (isinstance(child, ast.Constant) or name == "format_spec")
    )


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _variants(node: ast.AST, field: str) -> Iterator[tuple[str, ast.AST]]:
    """The changes of one node: name of the operator, and what takes its place."""
    if isinstance(node, ast.expr):
        yield from _expression(node, field)
    elif isinstance(node, ast.stmt):
        yield from _statement(node)
    if isinstance(node, ast.If | ast.IfExp | ast.While) and not isinstance(node.test, ast.Compare):
        yield "negate condition", _with(node, test=_not(node.test))
    if isinstance(node, ast.comprehension) and node.ifs:
        yield "negate condition", _with(node, ifs=[_not(node.ifs[0]), *node.ifs[1:]])
        yield "drop condition", _with(node, ifs=node.ifs[1:])


def _expression(node: ast.expr, field: str) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, ast.Compare):
        for place, op in enumerate(node.ops):
            for other in _COMPARE[type(op)]:
                yield "compare", _with(node, ops=[*node.ops[:place], other(), *node.ops[place + 1 :]])
    elif isinstance(node, ast.BinOp):
        for wrong in _ARITHMETIC.get(type(node.op), ()):
            yield "arithmetic", _with(node, op=wrong())
    elif isinstance(node, ast.BoolOp):
        yield "and/or", _with(node, op=ast.And() if isinstance(node.op, ast.Or) else ast.Or())
        if len(node.values) > 2:
            for place in range(len(node.values)):
                yield "drop operand", _with(node, values=[*node.values[:place], *node.values[place + 1 :]])
    elif isinstance(node, ast.UnaryOp):
        yield "drop sign or not", node.operand
    elif isinstance(node, ast.Constant):
        if node.value is not None or field != "comparators":  # `is 0` in place of `is None` is no Python
            yield from _constant(node)
    elif isinstance(node, ast.Slice):
        yield from (("slice", _with(node, **{end: None})) for end in ("lower", "upper", "step") if getattr(node, end))
        if node.step is None and (node.lower is None) != (node.upper is None):
            yield "slice", _with(node, lower=node.upper, upper=node.lower)
    elif isinstance(node, ast.Call):
        yield from _call(node)


def _constant(node: ast.Constant) -> Iterator[tuple[str, ast.AST]]:
    value = node.value
    if isinstance(value, bool):
        yield "constant", ast.Constant(not value)
    elif isinstance(value, int | float):
        for other in dict.fromkeys((value + 1, value - 1, type(value)(0))):
            if other != value:
                yield "constant", ast.Constant(other)
    elif isinstance(value, str):
        yield "constant", ast.Constant(f"{value}?" if value else "?")
    elif value is None:
        yield "constant", ast.Constant(0)


def _call(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    name = _called(node)
    if name in _NAMES:
        func = copy.copy(node.func)
        setattr(func, "attr" if isinstance(func, ast.Attribute) else "id", _NAMES[name])
        yield "swap function", _with(node, func=func)
    if name in _UNWRAP:
        is_numpy = isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) in ("np", "np.add", "special")
        inner = node.args[0] if node.args and (is_numpy or isinstance(node.func, ast.Name)) else None
        inner = node.func.value if inner is None and isinstance(node.func, ast.Attribute) else inner
        if inner is not None:
            yield "drop call", inner
    if name == "where" and len(node.args) == 3:
        yield "swap branches", _with(node, args=[node.args[0], node.args[2], node.args[1]])
    for place, keyword in enumerate(node.keywords):
        if keyword.arg is not None:
            yield "drop keyword", _with(node, keywords=[*node.keywords[:place], *node.keywords[place + 1 :]])


def _statement(node: ast.stmt) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, ast.Return) and node.value is not None and ast.unparse(node.value) != "None":
        yield "return nothing", _with(node, value=ast.Constant(None))
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield "drop call statement", ast.Pass()
    elif isinstance(node, ast.Raise):
        yield "drop raise", ast.Pass()
    elif isinstance(node, ast.AugAssign):
        yield "assign only", ast.Assign([node.target], node.value, lineno=node.lineno, col_offset=node.col_offset)
        for wrong in _ARITHMETIC.get(type(node.op), ()):
            yield "arithmetic", _with(node, op=wrong())
    elif isinstance(node, ast.Continue | ast.Break):
        yield "break/continue", ast.Break() if isinstance(node, ast.Continue) else ast.Continue()


def _not(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), test)


def _with(node: ast.AST, **changes: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in changes.items():
        setattr(changed, name, value)
    return changed
