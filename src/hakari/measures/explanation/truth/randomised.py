"""Randomised: a copy of a model that has its form but has forgotten what it learnt."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from hakari.statistics._arrays import FloatArray

__all__ = ["randomised_model"]


def randomised_model(native: Any, rng: np.random.Generator) -> Any | None:
    """Return a copy with random parameters, or None for a model that cannot be opened.

    Adebayo et al. 2018 (arXiv 1810.03292), for the models of tables: scikit-learn's linear models (coefficients
    permuted, each with a random sign), trees, forests and gradient boosting (the values of the leaves of each tree
    permuted) and multilayer perceptrons (all layers drawn anew), alone, in a pipeline, a search or an ensemble; XGBoost
    and LightGBM (leaves permuted). What was learnt of scaling and encoding stays, and so do the splits of trees.
    """
    if native is None:
        return None
    kind = type(native)
    library, name = kind.__module__.split(".", 1)[0], kind.__name__
    if library in _LIBRARIES:
        return _LIBRARIES[library](native, name, rng)
    found = copy.deepcopy(native) if library == "sklearn" else None
    return found if found is not None and _forget(found, rng) else None


def _forget(model: Any, rng: np.random.Generator) -> bool:
    """Randomise a scikit-learn model in place; False if it is of no known kind."""
    if hasattr(model, "steps"):
        return _forget(model.steps[-1][1], rng)
    for has, forget in _KINDS.items():
        if isinstance(getattr(model, has, None), (list, np.ndarray)) or (has == "tree_" and hasattr(model, has)):
            return forget(model, rng)
    # Only now: ensembles keep the form of their members, which has learnt nothing, under such a name too.
    for inner in ("best_estimator_", "estimator_", "regressor_"):
        if hasattr(model, inner):
            return _forget(getattr(model, inner), rng)
    return False


def _forget_members(model: Any, rng: np.random.Generator) -> bool:
    members = np.asarray(model.estimators_, dtype=object).ravel().tolist()
    return all(_forget(member, rng) for member in members)


def _forget_calibrated(model: Any, rng: np.random.Generator) -> bool:
    return all(_forget(member.estimator, rng) for member in model.calibrated_classifiers_)


def _forget_histograms(model: Any, rng: np.random.Generator) -> bool:
    for predictors in model._predictors:
        for predictor in predictors:
            leaves = np.flatnonzero(predictor.nodes["is_leaf"])
            predictor.nodes["value"][leaves] = predictor.nodes["value"][rng.permutation(leaves)]
    return True


def _forget_layers(model: Any, rng: np.random.Generator) -> bool:
    # Drawn as scikit-learn draws them at the start of a fit (Glorot & Bengio 2010).
    factor = 2.0 if model.activation == "logistic" else 6.0
    for place, weights in enumerate(model.coefs_):
        bound = np.sqrt(factor / sum(weights.shape))
        model.coefs_[place] = rng.uniform(-bound, bound, weights.shape)
        model.intercepts_[place] = rng.uniform(-bound, bound, model.intercepts_[place].shape)
    return True


def _forget_tree(model: Any, rng: np.random.Generator) -> bool:
    tree = model.tree_
    leaves = np.flatnonzero(tree.children_left == -1)
    tree.value[leaves] = tree.value[rng.permutation(leaves)]
    return True


def _forget_coefficients(model: Any, rng: np.random.Generator) -> bool:
    if isinstance(getattr(type(model), "coef_", None), property):
        return False  # worked out from support vectors, which this does not touch
    weights: FloatArray = np.atleast_2d(np.asarray(model.coef_, dtype=np.float64))
    # The signs change too: permuted weights of one sign would leave every feature on its side.
    drawn = rng.permuted(weights, axis=1) * rng.choice([-1.0, 1.0], weights.shape)
    model.coef_ = drawn.reshape(np.shape(model.coef_))
    return True


_KINDS: Mapping[str, Callable[[Any, np.random.Generator], bool]] = MappingProxyType(
    {
        "calibrated_classifiers_": _forget_calibrated,
        "estimators_": _forget_members,
        "_predictors": _forget_histograms,
        "coefs_": _forget_layers,
        "tree_": _forget_tree,
        "coef_": _forget_coefficients,
    }
)
"""Fitted attribute that a kind of model has → how it forgets."""


def _xgboost(native: Any, name: str, rng: np.random.Generator) -> Any | None:
    booster = native if name == "Booster" else native.get_booster()
    document = json.loads(bytes(booster.save_raw(raw_format="json")))
    model = document["learner"]["gradient_booster"].get("model", {})
    if "trees" not in model:
        return None
    for tree in model["trees"]:
        # A leaf keeps its value where a split keeps its condition.
        leaves = np.flatnonzero(np.array(tree["left_children"]) == -1)
        order = rng.permutation(leaves)
        for key in ("split_conditions", "base_weights"):
            values = np.array(tree[key])
            values[leaves] = values[order]
            tree[key] = values.tolist()
    changed = copy.deepcopy(booster)
    changed.load_model(bytearray(json.dumps(document).encode()))
    return _wrapped(native, name, changed)


def _lightgbm(native: Any, name: str, rng: np.random.Generator) -> Any | None:
    from hakari.inputs.optional import need

    booster = native if name == "Booster" else native.booster_
    lines = booster.model_to_string().split("\n")
    for place, line in enumerate(lines):
        if line.startswith("leaf_value="):
            # The same words in another order: the sizes of the trees in the head of the file stay true.
            lines[place] = "leaf_value=" + " ".join(rng.permutation(line.split("=", 1)[1].split(" ")).tolist())
    lightgbm = need("lightgbm", package="lightgbm", extra="ml", what="lightgbm")
    return _wrapped(native, name, lightgbm.Booster(model_str="\n".join(lines)))


def _wrapped(native: Any, name: str, booster: Any) -> Any:
    if name == "Booster":
        return booster
    found = copy.copy(native)
    found._Booster = booster
    return found


_LIBRARIES: Mapping[str, Callable[[Any, str, np.random.Generator], Any | None]] = MappingProxyType(
    {"xgboost": _xgboost, "lightgbm": _lightgbm}
)
