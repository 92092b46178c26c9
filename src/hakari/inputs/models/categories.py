"""Categories: the texts of a booster's columns as the numbers that stand for them in its trees."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from hakari.inputs.values import is_missing, text

__all__ = ["Codes", "coded", "lightgbm_codes", "xgboost_codes"]

_ESCAPED = ("utf-8", "surrogateescape")


class Codes(dict[Any, float]):
    """Value of a column → its code; nan for a value that is missing, or that the model never saw.

    What was looked up once is kept: a model is asked for the same few texts millions of times.
    """

    def __init__(self, categories: Sequence[object]) -> None:
        super().__init__()
        self._places = {text(each): float(place) for place, each in enumerate(categories)}

    def __missing__(self, value: Any) -> float:
        if is_missing(value):
            return math.nan
        said = text(value)
        # XGBoost 3.1 and 3.2 write as many bytes of a text as it has letters: “é” has two, and one of them is kept.
        cut = said if said.isascii() else said.encode(*_ESCAPED)[: len(said)].decode(*_ESCAPED)
        self[value] = self._places.get(said, self._places.get(cut, math.nan))
        return self[value]


def coded(features: Mapping[str, npt.NDArray[Any]], codes: Mapping[str, Codes]) -> dict[str, npt.NDArray[Any]]:
    """Return the columns with codes for what the model knows as categories; all others as they are."""
    found = dict(features)
    for name in codes.keys() & features.keys():
        lookup = codes[name].__getitem__
        found[name] = np.array(list(map(lookup, features[name].tolist())), dtype=np.float64)
    return found


def xgboost_codes(booster: Any, features: Sequence[str]) -> dict[str, Codes]:
    """Return the codes of the columns whose categories stand in the model, by name; files from before 3.1 have none.

    Raises:
        ValueError, KeyError, TypeError, IndexError: categories that fit together in no way.
    """
    if "c" not in (booster.feature_types or ()):
        return {}
    model = json.loads(bytes(booster.save_raw("json")))["learner"]["gradient_booster"]
    written = model.get("gbtree", model)["model"].get("cats", {}).get("enc", [])
    if written and len(written) != len(features):
        raise ValueError("its categories are of another number of columns")
    listed = {name: _listed(entry) for name, entry in zip(features, written, strict=False)}
    twice = sorted(name for name, texts in listed.items() if len(set(texts)) < len(texts))
    if twice:
        # See `Codes`: two texts may have been cut to the same bytes.
        raise ValueError(f"its categories of {', '.join(twice)} were cut off and look alike; write them in ASCII")
    return {name: Codes(texts) for name, texts in listed.items() if texts}


def _listed(entry: Mapping[str, Any]) -> list[object]:
    values = entry["values"]
    if "offsets" not in entry:
        return list(values)
    raw = bytes(value % 256 for value in values)
    ends = entry["offsets"]
    return [raw[start:stop].decode(*_ESCAPED) for start, stop in pairwise(ends)]


def lightgbm_codes(
    categories: Sequence[Sequence[object]] | None, infos: Sequence[str], features: Sequence[str]
) -> dict[str, Codes]:
    """Return the codes of the columns that were pandas categories in training, by name.

    The file lists the categories, one list a column, but not whose they are: it says of each column only which values
    it had, a range of numbers or a list of codes. Where that does not tell, there are no codes, and texts are refused.
    """
    lists = list(categories or ())
    # A column of one value has no list of codes: it may be of either kind.
    for kinds in (("[", "none"), ("[",)):
        owners = [(name, info) for name, info in zip(features, infos, strict=True) if not info.startswith(kinds)]
        if len(owners) == len(lists) and all(_fits(info, each) for (_, info), each in zip(owners, lists, strict=True)):
            return {name: Codes(each) for (name, _), each in zip(owners, lists, strict=True)}
    return {}


def _fits(info: str, categories: Sequence[object]) -> bool:
    """Whether a column with these codes can have had these categories."""
    if info == "none":
        return len(categories) == 1
    return max(int(code) for code in info.split(":")) < len(categories)
