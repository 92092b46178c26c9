"""Forests of XGBoost and LightGBM, read from the text that each library writes of its own model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from hakari.measures.explanation.shapley._forest import Forest, Missing, Tree

if TYPE_CHECKING:
    from hakari.statistics._arrays import FloatArray

__all__ = ["lightgbm_forest", "lightgbm_output", "xgboost_forest", "xgboost_output"]

_Quantity = Literal["score", "log_odds"]

_XGBOOST: Final[Mapping[str, _Quantity]] = {
    "binary:logistic": "log_odds",
    "reg:logistic": "log_odds",
    "reg:squarederror": "score",
    "reg:absoluteerror": "score",
    "reg:pseudohubererror": "score",
    "reg:quantileerror": "score",
}
"""Objectives whose sum of trees is the output itself, or its log-odds."""
_LIGHTGBM: Final[Mapping[str, _Quantity]] = {
    "binary": "log_odds",
    "regression": "score",
    "regression_l1": "score",
    "huber": "score",
    "fair": "score",
    "quantile": "score",
    "mape": "score",
}
_MISSING: Final[Mapping[str, Missing]] = {"None": "zero", "Zero": "zero_or_nan"}


def xgboost_forest(model: Any, positive: int) -> Forest | None:
    """Read a Booster or a scikit-learn model of XGBoost: trees or dart, one output."""
    booster = model.get_booster() if hasattr(model, "get_booster") else model
    learner = json.loads(bytes(booster.save_raw("json")))["learner"]
    quantity = _XGBOOST.get(learner["objective"]["name"])
    shape, booster_part = learner["learner_model_param"], learner["gradient_booster"]
    if quantity is None or booster_part["name"] not in {"gbtree", "dart"}:
        return None
    if int(shape["num_class"]) > 1 or int(shape.get("num_target", 1)) > 1:
        return None
    start = np.ravel(json.loads(str(shape["base_score"])))
    if len(start) != 1:
        return None
    dart = booster_part["name"] == "dart"
    gbtree = booster_part["gbtree"] if dart else booster_part
    written = gbtree["model"]["trees"]
    weights = booster_part["weight_drop"] if dart else [1.0] * len(written)
    best = getattr(model, "best_iteration", None) if model is not booster else None
    if best is not None:
        written = written[: (int(best) + 1) * int(gbtree["model"]["gbtree_model_param"]["num_parallel_tree"])]
    sign = -1 if quantity == "log_odds" and positive == 0 else 1
    offset = float(np.float32(start[0]))
    if quantity == "log_odds":
        offset = float(np.log(offset) - np.log1p(-offset))
    return Forest(
        trees=tuple(_xgboost_tree(tree, sign * weight) for tree, weight in zip(written, weights, strict=False)),
        offset=sign * offset,
        columns=int(shape["num_feature"]),
        quantity=quantity,
        strict=True,
        single=True,
    )


def xgboost_output(model: Any, table: Any, positive: int, quantity: _Quantity) -> FloatArray:
    """Return the margin that XGBoost itself gives; `table` is a frame for a scikit-learn model, else an array."""
    if hasattr(model, "get_booster"):
        margin = model.predict(table, output_margin=True)
    else:
        margin = model.inplace_predict(table, predict_type="margin")
    return np.asarray(margin, dtype=np.float64) * (-1 if quantity == "log_odds" and positive == 0 else 1)


def lightgbm_forest(model: Any, positive: int) -> Forest | None:
    """Read a Booster or a scikit-learn model of LightGBM: one output, constant leaves."""
    booster = model.booster_ if hasattr(model, "booster_") else model
    written = booster.dump_model()
    name, *options = str(written.get("objective", "")).split()
    quantity = _LIGHTGBM.get(name)
    if quantity is None or written["num_tree_per_iteration"] != 1 or "sqrt" in options:
        return None
    scale = 1.0
    for option in options:
        if quantity == "log_odds" and option.startswith("sigmoid:"):
            scale = float(option.partition(":")[2])
    if quantity == "log_odds" and positive == 0:
        scale = -scale
    if written.get("average_output"):
        scale /= max(1, len(written["tree_info"]))
    trees = [_lightgbm_tree(tree["tree_structure"], scale) for tree in written["tree_info"]]
    read = [tree for tree in trees if tree is not None]
    if len(read) < len(trees):
        return None
    columns = int(written["max_feature_idx"]) + 1
    return Forest(trees=tuple(read), offset=0.0, columns=columns, quantity=quantity)


def lightgbm_output(model: Any, table: Any, positive: int, quantity: _Quantity) -> FloatArray:
    """Return the raw score that LightGBM itself gives, as log-odds of the positive class where it is that."""
    booster = model.booster_ if hasattr(model, "booster_") else model
    raw = np.asarray(booster.predict(table, raw_score=True), dtype=np.float64)
    if quantity == "score":
        return raw
    options = str(booster.dump_model(num_iteration=1).get("objective", "")).split()
    slope = next((float(option.partition(":")[2]) for option in options if option.startswith("sigmoid:")), 1.0)
    return raw * slope * (-1 if positive == 0 else 1)


def _xgboost_tree(tree: Mapping[str, Any], scale: float) -> Tree:
    left = np.array(tree["left_children"], dtype=np.int64)
    leaf = left < 0
    # A leaf's value stands where an inner node has its threshold; both are single precision.
    numbers = np.array(tree["split_conditions"], dtype=np.float32).astype(np.float64)
    right, missing_left = np.array(tree["right_children"], dtype=np.int64), np.array(tree["default_left"], dtype=bool)
    categories: dict[int, FloatArray] = {}
    codes = np.array(tree.get("categories", ()), dtype=np.float64)
    for node, start, size in zip(
        tree.get("categories_nodes", ()),
        tree.get("categories_segments", ()),
        tree.get("categories_sizes", ()),
        strict=True,
    ):
        # The named categories go right in XGBoost: sides are exchanged.
        categories[int(node)] = codes[start : start + size]
        left[node], right[node] = right[node], left[node]
        missing_left[node] = not missing_left[node]
    return Tree(
        feature=np.where(leaf, -1, np.array(tree["split_indices"], dtype=np.int64)),
        threshold=numbers,
        left=left,
        right=right,
        missing_left=missing_left,
        value=np.where(leaf, numbers * scale, 0.0),
        cover=np.array(tree["sum_hessian"], dtype=np.float64),
        categories=categories,
    )


def _lightgbm_tree(root: Mapping[str, Any], scale: float) -> Tree | None:
    """The nested nodes as arrays, or None for leaves that hold a linear model."""
    nodes: list[Mapping[str, Any]] = []
    children: list[tuple[int, int]] = []
    waiting: list[tuple[Mapping[str, Any], int, int]] = [(root, -1, 0)]
    while waiting:
        node, parent, side = waiting.pop()
        if "leaf_coeff" in node:
            return None
        at = len(nodes)
        nodes.append(node)
        children.append((-1, -1))
        if parent >= 0:
            children[parent] = (at, children[parent][1]) if side == 0 else (children[parent][0], at)
        if "split_feature" in node:
            waiting += [(node["right_child"], at, 1), (node["left_child"], at, 0)]
    inner = ["split_feature" in node for node in nodes]
    categories: dict[int, FloatArray] = {}
    missing: dict[int, Missing] = {}
    for at, node in enumerate(nodes):
        if not inner[at]:
            continue
        if node["decision_type"] == "==":
            categories[at] = np.array([float(code) for code in str(node["threshold"]).split("||")])
        elif node["missing_type"] in _MISSING:
            missing[at] = _MISSING[node["missing_type"]]
    ways = [bool(node.get("default_left", False)) and at not in categories for at, node in enumerate(nodes)]
    return Tree(
        feature=np.array([node.get("split_feature", -1) for node in nodes], dtype=np.int64),
        threshold=np.array(
            [float(node["threshold"]) if inner[at] and at not in categories else 0.0 for at, node in enumerate(nodes)]
        ),
        left=np.array([left for left, _ in children], dtype=np.int64),
        right=np.array([right for _, right in children], dtype=np.int64),
        missing_left=np.array(ways, dtype=np.bool_),
        value=np.array([scale * float(node.get("leaf_value", 0.0)) for node in nodes]),
        cover=np.array([float(node.get("internal_count", node.get("leaf_count", 1))) for node in nodes]),
        categories=categories,
        missing=missing,
    )
