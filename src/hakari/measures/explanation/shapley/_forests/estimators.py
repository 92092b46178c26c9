"""Forests of scikit-learn: trees, forests, gradient boosting and histogram gradient boosting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from hakari.measures.explanation.shapley._forest import Forest, Tree

if TYPE_CHECKING:
    import numpy.typing as npt

    from hakari.statistics._arrays import FloatArray

__all__ = ["boosted_forest", "histogram_forest", "mean_forest", "raw_output", "single_tree"]


def single_tree(model: Any, positive: int) -> Forest | None:
    """Read a DecisionTree or ExtraTree, classifier of two classes or regressor."""
    return _averaged(model, [model], positive)


def mean_forest(model: Any, positive: int) -> Forest | None:
    """Read a RandomForest or ExtraTrees, classifier of two classes or regressor."""
    return _averaged(model, model.estimators_, positive)


def boosted_forest(model: Any, positive: int) -> Forest | None:
    """Read GradientBoosting, classifier with log loss or regressor; its first guess must be a constant."""
    classifier = hasattr(model, "classes_")
    if model.estimators_.shape[1] != 1 or (classifier and model.loss != "log_loss"):
        return None
    first = _first_guess(model, classifier)
    if first is None:
        return None
    sign = _sign(classifier, positive)
    rate = sign * model.learning_rate
    trees = tuple(_tree(one.tree_, one.tree_.value[:, 0, 0] * rate) for one in model.estimators_[:, 0])
    return Forest(
        trees=trees,
        offset=sign * first,
        columns=model.n_features_in_,
        quantity="log_odds" if classifier else "score",
        single=True,
    )


def histogram_forest(model: Any, positive: int) -> Forest | None:
    """Read HistGradientBoosting without categories, where the output is the sum itself or log-odds."""
    classifier = hasattr(model, "classes_")
    if model.n_trees_per_iteration_ != 1 or model.is_categorical_ is not None:
        return None
    if not classifier and model.loss not in {"squared_error", "absolute_error", "quantile"}:
        return None
    sign = _sign(classifier, positive)
    trees = tuple(_histogram_tree(stage[0].nodes, sign) for stage in model._predictors)
    return Forest(
        trees=trees,
        offset=sign * float(np.ravel(model._baseline_prediction)[0]),
        columns=model.n_features_in_,
        quantity="log_odds" if classifier else "score",
    )


def raw_output(model: Any, table: Any, positive: int) -> FloatArray:
    """Return what the model itself says in the unit of the forest: log-odds of boosting, else score."""
    if hasattr(model, "decision_function"):
        return np.asarray(_sign(True, positive) * model.decision_function(table), dtype=np.float64)
    if hasattr(model, "predict_proba"):
        return np.asarray(model.predict_proba(table)[:, positive], dtype=np.float64)
    return np.asarray(model.predict(table), dtype=np.float64)


def _averaged(model: Any, members: Any, positive: int) -> Forest | None:
    if model.n_outputs_ != 1 or (hasattr(model, "classes_") and len(model.classes_) != 2):
        return None
    trees = []
    for member in members:
        values = member.tree_.value[:, 0, :]
        value = values[:, positive] / values.sum(axis=1) if hasattr(model, "classes_") else values[:, 0]
        trees.append(_tree(member.tree_, value / len(members)))
    return Forest(trees=tuple(trees), offset=0.0, columns=model.n_features_in_, quantity="score", single=True)


def _tree(tree: Any, value: FloatArray) -> Tree:
    feature = np.where(tree.children_left < 0, -1, tree.feature).astype(np.int64)
    missing = getattr(tree, "missing_go_to_left", np.zeros(len(feature)))
    return Tree(
        feature=feature,
        threshold=np.asarray(tree.threshold, dtype=np.float64),
        left=np.asarray(tree.children_left, dtype=np.int64),
        right=np.asarray(tree.children_right, dtype=np.int64),
        missing_left=np.asarray(missing, dtype=np.bool_),
        value=np.asarray(value, dtype=np.float64),
        cover=np.asarray(tree.weighted_n_node_samples, dtype=np.float64),
    )


def _histogram_tree(nodes: npt.NDArray[Any], sign: int) -> Tree:
    leaf = nodes["is_leaf"].astype(bool)
    return Tree(
        feature=np.where(leaf, -1, nodes["feature_idx"]).astype(np.int64),
        threshold=nodes["num_threshold"].astype(np.float64),
        left=nodes["left"].astype(np.int64),
        right=nodes["right"].astype(np.int64),
        missing_left=nodes["missing_go_to_left"].astype(np.bool_),
        value=sign * nodes["value"].astype(np.float64),
        cover=nodes["count"].astype(np.float64),
    )


def _sign(classifier: bool, positive: int) -> Literal[1, -1]:
    return -1 if classifier and positive == 0 else 1


def _first_guess(model: Any, classifier: bool) -> float | None:
    """The constant that boosting starts from, or None where it is a model of its own."""
    first = model.init_
    if isinstance(first, str):
        return 0.0 if first == "zero" else None
    if type(first).__name__ == "DummyRegressor" and not classifier:
        return float(np.ravel(first.constant_)[0])
    if type(first).__name__ == "DummyClassifier" and classifier and first.strategy == "prior":
        # scikit-learn keeps the prior this far from 0 and 1 before it takes log-odds.
        least = float(np.finfo(np.float32).eps)
        prior = float(np.clip(first.class_prior_[1], least, 1 - least))
        return float(np.log(prior / (1 - prior)))
    return None
