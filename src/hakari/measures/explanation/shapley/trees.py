"""Trees: exact Shapley values of tree ensembles, read from their leaves instead of asked of the model."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from hakari.errors import InputError
from hakari.inputs.optional import need
from hakari.inputs.values import class_text
from hakari.measures.explanation._attributions import Attributions, Cost
from hakari.measures.explanation._features import Features
from hakari.measures.explanation.shapley._coalitions import check_game
from hakari.measures.explanation.shapley._forests.boosters import (
    lightgbm_forest,
    lightgbm_output,
    xgboost_forest,
    xgboost_output,
)
from hakari.measures.explanation.shapley._forests.estimators import (
    boosted_forest,
    histogram_forest,
    mean_forest,
    raw_output,
    single_tree,
)
from hakari.measures.explanation.shapley._forests.pipelines import Way, players_inside, way_through
from hakari.measures.explanation.shapley._tables import forest_values
from hakari.messages import say

if TYPE_CHECKING:
    from hakari.measures.explanation._asked import Quantity
    from hakari.measures.explanation._features import Players
    from hakari.measures.explanation.shapley._forest import Forest
    from hakari.messages import Message
    from hakari.statistics._arrays import FloatArray

__all__ = ["LARGEST_GAP", "opens", "tree_quantity", "tree_shapley"]

LARGEST_GAP: Final = 1e-4
"""Largest difference from the model's own output that is rounding, as a share of the largest output."""

_SKLEARN: Final[Mapping[str, Callable[[Any, int], Forest | None]]] = {
    "sklearn.DecisionTreeClassifier": single_tree,
    "sklearn.DecisionTreeRegressor": single_tree,
    "sklearn.ExtraTreeClassifier": single_tree,
    "sklearn.ExtraTreeRegressor": single_tree,
    "sklearn.RandomForestClassifier": mean_forest,
    "sklearn.RandomForestRegressor": mean_forest,
    "sklearn.ExtraTreesClassifier": mean_forest,
    "sklearn.ExtraTreesRegressor": mean_forest,
    "sklearn.GradientBoostingClassifier": boosted_forest,
    "sklearn.GradientBoostingRegressor": boosted_forest,
    "sklearn.HistGradientBoostingClassifier": histogram_forest,
    "sklearn.HistGradientBoostingRegressor": histogram_forest,
}
_READERS: Final[Mapping[str, Callable[[Any, int], Forest | None]]] = {
    **_SKLEARN,
    "xgboost.Booster": xgboost_forest,
    "xgboost.XGBModel": xgboost_forest,
    "lightgbm.Booster": lightgbm_forest,
    "lightgbm.LGBMModel": lightgbm_forest,
}


def opens(native: Any) -> bool:
    """Say whether a model's trees can be read: one output, constant leaves, and a sum that is a score or log-odds."""
    return _forest(_last(native), 1) is not None


def tree_quantity(native: Any) -> Quantity | None:
    """Return what `tree_shapley` would explain, or None where the trees cannot be read."""
    forest = _forest(_last(native), 1)
    return None if forest is None else forest.quantity


def tree_shapley(
    native: Any,
    rows: Features,
    background: Features | None,
    players: Players,
    *,
    correlated: Literal["tree_paths", "marginal"] = "tree_paths",
    positive: str | None = None,
) -> Attributions | None:
    """Return exact Shapley values of a tree ensemble, or None where its trees cannot be read.

    Boosted classifiers are explained in log-odds, forests of classifiers in their score, regressors in their output;
    `quantity` says which. A group of columns is one player of the same game, so its value is its own Shapley value and
    not the sum of its columns'. Sums are in double precision; `limits` says how far the library's own sum is away.

    `tree_paths`: a feature that is left out is averaged over the shares of training rows (Lundberg et al. 2020,
    doi 10.1038/s42256-019-0138-9). `marginal`: over the whole background. Trees with few players on a path have
    tables of their leaves (`_leaves`), whose making does not depend on the number of rows; deep ones are walked level
    by level (`_levels`).

    Args:
        native: the model itself: trees, forests and (histogram) gradient boosting of scikit-learn, XGBoost, LightGBM;
            or a pipeline of scikit-learn with one of these at its end, if each column is prepared by itself (encoders,
            imputers, scalers): what is made of one column is then one player.
        rows: what is explained, columns in the order that the model knows.
        background: rows that stand in for what is left out; needed for `marginal` only.
        players: name → columns.
        correlated: what stands in for a feature that is left out.
        positive: class that scores are of; without it the second one.

    Raises:
        InputError: no background for `marginal`, or columns that do not fit.
    """
    if correlated == "marginal" and background is None:
        raise InputError(say("measures.explanation.shapley.no_background"))
    used = background if correlated == "marginal" else None
    check_game(rows, rows if used is None else used, players)
    start = time.perf_counter()
    way = way_through(native)
    inside = _Inside(native, rows, used, players) if way is None else _through(way, rows, used, players)
    if inside is None:
        return None
    found = _values(inside, positive)
    if found is None:
        return None
    values, base, outputs, quantity = found
    gap = float(np.abs(outputs - base - values.sum(axis=1)).max(initial=0.0))
    if gap > LARGEST_GAP * max(1.0, float(np.abs(outputs).max(initial=0.0))):
        # The trees were read otherwise than the library reads them; the caller asks the model instead.
        return None
    every = np.zeros((rows.rows, len(players)))
    # A player of which nothing reaches the trees adds nothing.
    every[:, [at for at, player in enumerate(players) if player in inside.players]] = values
    return Attributions(
        method="tree_shapley",
        players=players,
        values=every,
        errors=np.zeros_like(every),
        base=np.full(rows.rows, base),
        outputs=outputs,
        quantity=quantity,
        correlated=correlated,
        additive=True,
        cost=Cost(model_rows=rows.rows, seconds=time.perf_counter() - start),
        limits=_limits(used, gap),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Inside:
    """The game as the trees know it: what a pipeline does before them is done."""

    native: Any
    rows: Features
    background: Features | None
    players: Players
    """In the order of the game; those of which nothing reaches the trees are not there."""


def _through(way: Way, rows: Features, background: Features | None, players: Players) -> _Inside | None:
    coded = way.coded(rows)
    others = coded if background is None else way.coded(background)
    if coded is None or others is None:
        return None
    held = players_inside(players, coded[1], coded[0].names)
    return _Inside(way.final, coded[0], None if background is None else others[0], held) if held else None


def _values(inside: _Inside, positive: str | None) -> tuple[FloatArray, float, FloatArray, Quantity] | None:
    """Return values (n, d), base, the model's own outputs (n,) and their unit, or None where trees cannot be read."""
    native, used = inside.native, inside.background
    rows = _in_order(inside.rows, native)
    which = _positive_class(native, positive)
    forest = None if which is None else _forest(native, which)
    if which is None or forest is None or forest.columns != len(rows.names) or set(rows.numeric) != set(rows.names):
        return None
    if used is not None and set(used.numeric) != set(used.names):
        return None
    owners = {column: at for at, columns in enumerate(inside.players.values()) for column in columns}
    owner = [owners[column] for column in rows.names]
    other = None if used is None else forest.prepared(_in_order(used, native).matrix())
    values, base = forest_values(forest, forest.prepared(rows.matrix()), owner, len(inside.players), other)
    return values, base, _own_output(native, rows, which, forest), forest.quantity


def _limits(background: Features | None, gap: float) -> tuple[Message, ...]:
    found = []
    if background is not None:
        found.append(say("measures.explanation.shapley.limits.background", rows=background.rows))
    if gap > 1e-9:
        found.append(say("measures.explanation.shapley.limits.rounding", gap=gap))
    return tuple(found)


def _last(native: Any) -> Any:
    """The last step of a pipeline; any other model itself."""
    way = way_through(native)
    return native if way is None else way.final


def _kind(native: Any) -> str | None:
    """The name under which the model's class, or the first base of it that is known, can be read."""
    for base in type(native).__mro__:
        name = f"{base.__module__.partition('.')[0]}.{base.__name__}"
        if name in _READERS:
            return name
    return None


def _forest(native: Any, positive: int) -> Forest | None:
    kind = _kind(native)
    if kind is None or len(getattr(native, "classes_", (0, 1))) != 2:
        return None
    return _READERS[kind](native, positive)


def _positive_class(native: Any, positive: str | None) -> int | None:
    """0 or 1, or None where the model knows other classes."""
    if positive is None:
        return 1
    if not hasattr(native, "classes_"):
        # A booster knows classes by number only.
        return 0 if class_text(positive) == "0" else 1
    names = [class_text(name) for name in native.classes_]
    return names.index(class_text(positive)) if class_text(positive) in names else None


def _in_order(rows: Features, native: Any) -> Features:
    """Columns in the model's order, where it knows them by the same names."""
    booster = native.get_booster() if hasattr(native, "get_booster") else native
    names = getattr(native, "feature_names_in_", None)
    if names is None:
        names = booster.feature_name() if hasattr(booster, "feature_name") else getattr(booster, "feature_names", None)
    if names is None or callable(names) or set(names) != set(rows.names):
        return rows
    return Features({str(name): rows.columns[str(name)] for name in names})


def _own_output(native: Any, rows: Features, positive: int, forest: Forest) -> FloatArray:
    table: Any = rows.matrix()
    if hasattr(native, "feature_names_in_"):
        table = need("pandas", package="pandas", extra="data", what="tree_shapley").DataFrame(dict(rows.columns))
    kind = _kind(native) or ""
    if kind.startswith("xgboost"):
        return xgboost_output(native, table, positive, forest.quantity)
    if kind.startswith("lightgbm"):
        return lightgbm_output(native, table, positive, forest.quantity)
    return raw_output(native, table, positive)
