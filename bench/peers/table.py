"""Table: the one data file that every library is given, and the frames that are made of it. Needs numpy and pandas."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

KINDS = ("categorical", "string", "object")
"""How the columns of groups are held: pandas categories, Arrow-backed strings, Python strings."""
LEVELS = {
    "sex": ("female", "male"),
    "region": ("north", "south", "east", "west", "centre"),
    "age": ("18-29", "30-44", "45-59", "60-74", "75 and over"),
}
SEED = 20261122


@dataclass(frozen=True, slots=True)
class Table:
    """The columns as small integers."""

    codes: dict[str, Any]
    """Per column of groups, the place of each row's level in LEVELS."""
    label: Any
    prediction: Any


def make(path: Path, *, rows: int, columns: tuple[str, ...], seed: int = SEED) -> None:
    """Write `rows` rows whose rates differ from group to group, as .npz: whichever pandas reads it, it is the same."""
    rng = np.random.default_rng(seed)
    codes = {name: rng.integers(0, len(LEVELS[name]), rows, dtype=np.int8) for name in columns}
    shift = sum((0.05 / (place + 1)) * code for place, code in enumerate(codes.values())).astype(np.float32)
    label = (rng.random(rows, dtype=np.float32) < 0.25 + shift).astype(np.int8)
    chance = np.where(label == 1, np.float32(0.6), np.float32(0.15)) + shift / 2
    prediction = (rng.random(rows, dtype=np.float32) < chance).astype(np.int8)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        names = np.frombuffer(json.dumps(columns).encode(), dtype=np.uint8)
        np.savez(file, names=names, label=label, prediction=prediction, **codes)


def load(path: Path, rows: int | None = None) -> Table:
    """Read the first `rows` rows, or all."""
    with np.load(path) as found:
        names = json.loads(found["names"].tobytes())
        return Table({name: found[name][:rows] for name in names}, found["label"][:rows], found["prediction"][:rows])


def frame(table: Table, kind: str) -> Any:
    """Return a pandas frame with columns of groups of this kind; label and prediction are 64-bit, as from a CSV."""
    import pandas as pd

    columns = {}
    for name, codes in table.codes.items():
        levels = np.array(LEVELS[name], dtype=object)
        if kind == "categorical":
            columns[name] = pd.Series(pd.Categorical.from_codes(codes, list(levels)))
        elif kind == "string":
            columns[name] = pd.Series(levels[codes], dtype=_string_type())
        else:
            columns[name] = pd.Series(levels[codes], dtype=object)
    answers = {"label": table.label.astype(np.int64), "prediction": table.prediction.astype(np.int64)}
    return pd.DataFrame({**columns, **answers})


def group_name(*levels: object) -> str:
    """Return how a group is called in the comparison."""
    return " | ".join(str(level) for level in levels)


def crossed(given: Any, kind: str) -> Any:
    """Return one column of Python strings that names each row's group, made in the fastest way each kind allows."""
    import pandas as pd

    first, second = given["sex"], given["region"]
    if kind == "categorical":
        names = [group_name(a, b) for a in first.cat.categories for b in second.cat.categories]
        place = first.cat.codes.to_numpy(np.int64) * len(second.cat.categories) + second.cat.codes.to_numpy()
        return pd.Series(np.array(names, dtype=object)[place], dtype=object)
    return (first + " | " + second).astype(object)


def kind_of(given: Any) -> str:
    """Return which of KINDS a frame is."""
    name = str(given["sex"].dtype)
    return {"category": "categorical", "object": "object"}.get(name, "string")


def _string_type() -> Any:
    """pandas' own type of text: `str` on Arrow since pandas 3, before that `string[pyarrow]`."""
    import pandas as pd

    return "str" if int(pd.__version__.split(".")[0]) >= 3 else "string[pyarrow]"
