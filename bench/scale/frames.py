"""Frames: the same rows in memory, with columns of groups held in different ways. Imported by the child processes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from engines import GROUPS, KEYS


class Held(NamedTuple):
    """A frame, and the group-by of the library that holds it."""

    frame: Any
    bare: Callable[[], Any]


def make(kind: str, folder: Path) -> Held:
    """Read only what is counted, then hold it as `kind` says; not timed."""
    import polars as pl

    rows = pl.read_parquet(folder / "*.parquet", columns=list(KEYS))
    return MAKERS[kind](rows)


def _polars(rows: Any) -> Held:
    return Held(rows, lambda: rows.group_by(KEYS).len().rows())


def _polars_categories(rows: Any) -> Held:
    import polars as pl

    return _polars(rows.with_columns(pl.col(GROUPS).cast(pl.Categorical)))


def _polars_codes(rows: Any) -> Held:
    import polars as pl

    return _polars(rows.with_columns(pl.col(GROUPS).cast(pl.Categorical).to_physical().cast(pl.Int8)))


def _arrow(rows: Any) -> Held:
    # Chunks of one column may each bring a dictionary of their own, which Arrow's group-by refuses.
    table = rows.to_arrow().unify_dictionaries()
    return Held(table, lambda: table.group_by(list(KEYS)).aggregate([([], "count_all")]).to_pylist())


def _arrow_dictionaries(rows: Any) -> Held:
    import polars as pl

    return _arrow(rows.with_columns(pl.col(GROUPS).cast(pl.Categorical)))


def _pandas(kind: str) -> Callable[[Any], Held]:
    def held(rows: Any) -> Held:
        import pandas as pd
        import polars as pl

        # Each category is made text once, so that objects are shared as they are after reading a file.
        coded = rows.with_columns(pl.col(GROUPS).cast(pl.Categorical)).to_pandas()
        if kind != "category":
            for name in GROUPS:
                levels = coded[name].cat.categories.to_numpy(dtype=object)
                coded[name] = pd.Series(levels[coded[name].cat.codes], dtype=kind)
        return Held(coded, lambda: coded.groupby(list(KEYS), observed=True).size())

    return held


MAKERS: dict[str, Callable[[Any], Held]] = {
    "polars, integers": _polars_codes,
    "polars, categories": _polars_categories,
    "polars, strings": _polars,
    "Arrow, dictionaries": _arrow_dictionaries,
    "Arrow, strings": _arrow,
    "pandas, categories": _pandas("category"),
    "pandas, strings": _pandas("str"),
    "pandas, objects": _pandas("object"),
}
