"""Pipelines: what stands before the trees of a scikit-learn pipeline, as long as each column is prepared by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hakari.inputs.optional import need
from hakari.measures.explanation._features import Features

if TYPE_CHECKING:
    import numpy.typing as npt

    from hakari.measures.explanation._features import Players

__all__ = ["Way", "players_inside", "way_through"]

Owner = str
"""Column of the data from which a column inside the pipeline is made."""

_ONE_FOR_ONE: Final = frozenset(
    {
        "Binarizer",
        "MaxAbsScaler",
        "MinMaxScaler",
        "OrdinalEncoder",
        "PowerTransformer",
        "QuantileTransformer",
        "RobustScaler",
        "SimpleImputer",
        "StandardScaler",
        "TargetEncoder",
    }
)
"""Transformers that make one column of each column, from nothing else in the row."""


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """From the columns of the data to the columns that the trees at the end of a pipeline ask."""

    final: Any
    """The last step: what has the trees."""
    before: tuple[Any, ...]
    """The steps before it."""
    names: tuple[str, ...] | None
    """Columns as the pipeline knows them, in its order; None where it knows only their number."""

    def coded(self, features: Features) -> tuple[Features, tuple[Owner, ...]] | None:
        """Return the rows as the trees know them, and the column that each of their columns is made of.

        None where a column inside is made of several columns, or in a way that is not known to be of one.
        """
        names = features.names if self.names is None else self.names
        if set(names) != set(features.names):
            return None
        owners: Sequence[Owner] = names
        table = self._table(features, names)
        for step in self.before:
            made = _owners(step, owners)
            if made is None:
                return None
            owners = made
            table = step.transform(table) if _does_something(step) else table
        sparse = hasattr(table, "toarray")
        if sparse and type(self.final).__module__.startswith("xgboost"):
            # It takes what a sparse table leaves out for missing, and a 0 that is written for a 0.
            return None
        plain = table.toarray() if sparse else np.asarray(table)
        if plain.ndim != 2 or plain.shape[1] != len(owners) or plain.dtype.kind not in "biuf":
            return None
        own = getattr(self.final, "feature_names_in_", None)
        inner = [str(place) for place in range(plain.shape[1])] if own is None else [str(name) for name in own]
        if len(inner) != plain.shape[1]:
            return None
        columns = {name: plain[:, place].astype(np.float64) for place, name in enumerate(inner)}
        return (Features(columns), tuple(owners)) if columns else None

    def _table(self, features: Features, names: Sequence[str]) -> Any:
        columns = {name: _with_nan(features.columns[name]) for name in names}
        if self.names is None:
            return np.column_stack(list(columns.values()))
        return need("pandas", package="pandas", extra="data", what="tree_shapley").DataFrame(columns)


def way_through(native: Any) -> Way | None:
    """Return the way through a pipeline, or a search over pipelines, to its last step; None for anything else."""
    if not type(native).__module__.startswith("sklearn."):
        return None
    if hasattr(native, "best_estimator_"):
        return way_through(native.best_estimator_) or Way(native.best_estimator_, (), _names(native.best_estimator_))
    if type(native).__name__ != "Pipeline":
        return None
    steps = [step for _, step in native.steps]
    last = way_through(steps[-1])
    final, inner = (steps[-1], ()) if last is None else (last.final, last.before)
    return Way(final, (*steps[:-1], *inner), _names(native))


def players_inside(players: Players, owners: Sequence[Owner], inner: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return each player with the columns inside that are made of its columns; a player without any is left out."""
    found = {
        player: tuple(name for name, owner in zip(inner, owners, strict=True) if owner in columns)
        for player, columns in players.items()
    }
    return {player: columns for player, columns in found.items() if columns}


def _names(native: Any) -> tuple[str, ...] | None:
    names = getattr(native, "feature_names_in_", None)
    return None if names is None else tuple(str(name) for name in names)


def _does_something(step: Any) -> bool:
    return step is not None and not isinstance(step, str)


def _owners(step: Any, owners: Sequence[Owner]) -> list[Owner] | None:
    """Return of which column each output of a step is made, or None where that is not known."""
    if step is None or (isinstance(step, str) and step == "passthrough"):
        return list(owners)
    kind = type(step).__name__
    if not type(step).__module__.startswith("sklearn."):
        return None
    if kind in _ONE_FOR_ONE:
        return _one_for_one(step, owners)
    known: Mapping[str, Callable[[Any, Sequence[Owner]], list[Owner] | None]] = {
        "Pipeline": _of_pipeline,
        "ColumnTransformer": _of_columns,
        "OneHotEncoder": _of_one_hot,
        "FunctionTransformer": _of_function,
    }
    return known[kind](step, owners) if kind in known else None


def _one_for_one(step: Any, owners: Sequence[Owner]) -> list[Owner] | None:
    # An imputer may drop what was empty in training, and add columns that say what was missing.
    kept = list(owners)
    statistics = getattr(step, "statistics_", None)
    if statistics is not None and not step.keep_empty_features:
        kept = [owner for owner, value in zip(owners, statistics, strict=True) if value == value]  # nan
    indicator = getattr(step, "indicator_", None)
    added = [] if indicator is None else [owners[place] for place in indicator.features_]
    if type(step).__name__ == "TargetEncoder" and getattr(step, "target_type_", "binary") == "multiclass":
        return None
    return [*kept, *added]


def _of_pipeline(step: Any, owners: Sequence[Owner]) -> list[Owner] | None:
    found: list[Owner] | None = list(owners)
    for _, inner in step.steps:
        if found is None:
            return None
        found = _owners(inner, found)
    return found


def _of_columns(step: Any, owners: Sequence[Owner]) -> list[Owner] | None:
    width = max((places.stop for places in step.output_indices_.values()), default=0)
    found: list[Owner | None] = [None] * width
    for name, inner, columns in step.transformers_:
        places = step.output_indices_[name]
        if places.stop == places.start:
            continue
        taken = _taken(step, columns, owners)
        made = None if taken is None else _owners(inner, taken)
        if made is None or len(made) != places.stop - places.start:
            return None
        found[places] = made
    return None if None in found else [owner for owner in found if owner is not None]


def _taken(step: Any, columns: Any, owners: Sequence[Owner]) -> list[Owner] | None:
    """Return the columns that one part of a `ColumnTransformer` takes, however they are named."""
    if isinstance(columns, (str, int)):
        columns = [columns]
    if isinstance(columns, slice):
        return None if isinstance(columns.start, str) or isinstance(columns.stop, str) else list(owners[columns])
    listed = np.asarray(columns)
    if listed.dtype.kind == "b":
        return [owner for owner, is_in in zip(owners, listed.tolist(), strict=True) if is_in]
    if listed.dtype.kind in "iu":
        return [owners[place] for place in listed.tolist()]
    known = getattr(step, "feature_names_in_", None)
    place = {} if known is None else {str(name): number for number, name in enumerate(known)}
    if len(place) != len(owners) or any(str(name) not in place for name in listed.tolist()):
        return None
    return [owners[place[str(name)]] for name in listed.tolist()]


def _of_one_hot(step: Any, owners: Sequence[Owner]) -> list[Owner] | None:
    sizes = getattr(step, "_n_features_outs", None)
    if sizes is None or len(sizes) != len(owners):
        return None
    return [owner for owner, size in zip(owners, sizes, strict=True) for _ in range(size)]


def _of_function(step: Any, owners: Sequence[Owner]) -> list[Owner] | None:
    # Whatever the function is, only one that is not there is sure to look at one column at a time.
    return list(owners) if step.func is None else None


def _with_nan(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """A frame from a file has nan where a text is missing; to an encoder None would be another category."""
    if values.dtype.kind != "O":
        return values
    found = values.copy()
    found[[value is None for value in values.tolist()]] = np.nan
    return found
