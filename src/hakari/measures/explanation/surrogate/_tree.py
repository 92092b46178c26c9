"""Tree: rules of a small regression tree, read off its nodes and shortened."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from hakari.inputs.optional import need
from hakari.measures.explanation.importance._encoding import encoding_of
from hakari.measures.explanation.surrogate._stand_in import Condition, Leaf

if TYPE_CHECKING:
    from hakari.measures.explanation._features import Features
    from hakari.measures.explanation.importance._encoding import Atom
    from hakari.statistics._arrays import FloatArray

__all__ = ["grown_tree"]


def grown_tree(rows: Features, outputs: FloatArray, *, depth: int, least: int, seed: int) -> tuple[Leaf, ...]:
    """Return the rules of a regression tree of the outputs; shares and rows are filled in by the caller.

    Needs scikit-learn (extra `ml`).
    """
    encoding = encoding_of(rows)
    matrix = encoding.matrix(rows)
    used = np.asarray(~np.isnan(matrix).all(axis=0), dtype=bool)
    if not used.any():
        return (Leaf((), float(outputs.mean()), 1.0, rows.rows),)
    trees = need("sklearn.tree", package="scikit-learn", extra="ml", what="glass_box")
    fitted = trees.DecisionTreeRegressor(max_depth=depth, min_samples_leaf=least, random_state=seed)
    tree = fitted.fit(matrix[:, used], outputs).tree_
    atoms = [atom for atom, there in zip(encoding.atoms, used.tolist(), strict=True) if there]
    gaps = [bool(np.isnan(column).any()) for column in matrix[:, used].T]
    found: list[Leaf] = []
    waiting: list[tuple[int, tuple[Condition, ...]]] = [(0, ())]
    while waiting:
        node, conditions = waiting.pop()
        left, right = int(tree.children_left[node]), int(tree.children_right[node])
        if left < 0:
            output = float(tree.value[node].ravel()[0])
            found.append(Leaf(_shortened(conditions), output, 0.0, 0))
            continue
        place = int(tree.feature[node])
        for child, is_left in ((left, True), (right, False)):
            condition = _condition(tree, node, atoms[place], gaps[place], is_left=is_left)
            waiting.append((child, (*conditions, condition)))
    return tuple(sorted(found, key=lambda leaf: (leaf.output, str(leaf.conditions))))


def _condition(tree: Any, node: int, atom: Atom, gap: bool, *, is_left: bool) -> Condition:
    if atom.level is not None:
        return Condition(atom.column, "is_not" if is_left else "is", atom.level)
    threshold = float(tree.threshold[node])
    # Rows without a value all go to one side; where none occurred, to the one that scikit-learn would send them to.
    to_left = bool(tree.missing_go_to_left[node])
    if not np.isfinite(threshold):
        # Split by whether the value is missing and by nothing else.
        return Condition(atom.column, "missing" if to_left == is_left else "known", None)
    return Condition(atom.column, "<=" if is_left else ">", threshold, missing=to_left == is_left, gaps=gap)


def _shortened(conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """Keep the tightest bound of each column and side, and one level where it is known."""
    found: dict[tuple[str, str, Any], Condition] = {}
    for new in conditions:
        key = (new.column, new.operator, new.value if new.operator == "is_not" else None)
        old = found.get(key)
        if old is not None and new.operator in ("<=", ">"):
            assert isinstance(old.value, float)
            assert isinstance(new.value, float)
            value = min(old.value, new.value) if new.operator == "<=" else max(old.value, new.value)
            new = replace(new, value=value, missing=old.missing and new.missing)
        found[key] = new
    exact = {condition.column for condition in found.values() if condition.operator == "is"}
    kept = [each for each in found.values() if each.operator != "is_not" or each.column not in exact]
    columns = list(dict.fromkeys(each.column for each in kept))
    kept.sort(key=lambda each: columns.index(each.column))
    # A bound that a missing value cannot pass says `known` already, and two bounds need not both allow it.
    return tuple(_tidied(each, kept) for each in kept if not _implied(each, kept))


def _of_column(condition: Condition, every: list[Condition]) -> list[Condition]:
    return [other for other in every if other.column == condition.column and other is not condition]


def _implied(condition: Condition, every: list[Condition]) -> bool:
    others = _of_column(condition, every)
    bounds = [other for other in others if other.operator in ("<=", ">")]
    if condition.operator == "known":
        return any(not other.missing for other in bounds)
    # A missing value passes a bound that allows it: the bound adds nothing to `missing`.
    return condition.operator in ("<=", ">") and any(other.operator == "missing" for other in others)


def _tidied(condition: Condition, every: list[Condition]) -> Condition:
    others = _of_column(condition, every)
    forbidden = any(
        other.operator == "known" or (other.operator in ("<=", ">") and not other.missing) for other in others
    )
    if condition.missing and forbidden:
        return replace(condition, missing=False)
    return condition
