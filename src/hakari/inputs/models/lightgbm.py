"""LightGBM: a model as the text file that LightGBM itself writes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hakari.errors import InputError
from hakari.inputs.models.booster_files import in_order, matrix_of, open_checked, score_of
from hakari.inputs.models.categories import coded, lightgbm_codes
from hakari.inputs.models.spec import ModelSpec, Predictions
from hakari.inputs.optional import need
from hakari.messages import say

__all__ = ["LightgbmModel"]


class LightgbmModel:
    """A booster. Its scores are of the class that was 1 in training, whatever it is called in the data.

    Columns of texts are given to it by the categories of pandas that stand in its file.
    """

    def __init__(self, path: Path, spec: ModelSpec) -> None:
        package = need("lightgbm", package="lightgbm", extra="ml", what=f"“{path.name}”")
        content = open_checked(path, start=b"tree")
        try:
            text = content.decode("utf-8")
            _check_whole(text)
            self.native: Any = package.Booster(model_str=text)
            """The booster itself, for methods that look inside it."""
        except (package.basic.LightGBMError, KeyError, ValueError) as error:
            problem = (str(error).splitlines() or [type(error).__name__])[0]
            raise InputError(say("inputs.model.unreadable", path=path.name, problem=problem)) from error
        self._features = in_order(spec.features, self.native.feature_name(), int(self.native.num_feature()))
        infos = _fields(text.partition("\nTree=")[0])["feature_infos"].split()
        self._codes = lightgbm_codes(self.native.pandas_categorical, infos, self._features)
        self._error = package.basic.LightGBMError

    def coded(self, features: Mapping[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
        """Return the columns with numbers for texts, as the trees know them."""
        return coded(features, self._codes)

    def predict(self, features: Mapping[str, npt.NDArray[Any]], *, positive: str) -> Predictions:
        """Return the scores of the positive class; for a regression its output."""
        table = matrix_of(self.coded(features), self._features)
        try:
            output = np.asarray(self.native.predict(table, num_threads=1), dtype=np.float64)
        except (self._error, ValueError) as error:
            problem = (str(error).splitlines() or [type(error).__name__])[0]
            raise InputError(say("inputs.model.values", problem=problem)) from error
        return score_of(output, len(table), positive)


def _check_whole(text: str) -> None:
    """Refuse a file whose parts do not fit together: LightGBM itself trusts them, and a cut file ends the process.

    Raises:
        ValueError, KeyError: what is wrong.
    """
    head, *trees = text.partition("\nend of trees")[0].split("\nTree=")
    if "\nend of trees" not in text or "\nend of parameters" not in text:
        raise ValueError("it is cut off")
    known = _fields(head)
    if len(known["tree_sizes"].split()) != len(trees):
        raise ValueError(f"it holds {len(trees)} trees, but names {len(known['tree_sizes'].split())}")
    columns = int(known["max_feature_idx"]) + 1
    if len(known["feature_names"].split()) != columns:
        raise ValueError("its features have other names than it takes")
    for number, tree in enumerate(trees):
        if not _fits(_fields(tree), columns):
            raise ValueError(f"the parts of tree {number} do not fit together")


def _fields(part: str) -> dict[str, str]:
    return {name: value for name, _, value in (line.partition("=") for line in part.splitlines())}


def _fits(tree: Mapping[str, str], columns: int) -> bool:
    """Whether a tree has one entry per node and leaf, and points only to what is there."""
    leaves = int(tree["num_leaves"])
    if leaves < 1 or len(tree["leaf_value"].split()) != leaves:
        return False
    if leaves == 1:
        return True
    children = [int(child) for side in ("left_child", "right_child") for child in tree[side].split()]
    features = [int(feature) for feature in tree["split_feature"].split()]
    sizes = [
        len(tree[name].split()) for name in ("split_feature", "threshold", "decision_type", "left_child", "right_child")
    ]
    # Inner nodes are counted from 0, leaves from −1 downwards; each but the root is the child of one node.
    expected = sorted([*range(1, leaves - 1), *range(-leaves, 0)])
    return (
        sizes == [leaves - 1] * 5
        and sorted(children) == expected
        and all(0 <= feature < columns for feature in features)
    )
