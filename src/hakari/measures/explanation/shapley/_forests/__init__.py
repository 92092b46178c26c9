"""Forests: trees of each library as plain arrays, and the way through a pipeline to the trees at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.measures.explanation.shapley._forests.boosters import lightgbm_forest, xgboost_forest
    from hakari.measures.explanation.shapley._forests.estimators import mean_forest, single_tree
    from hakari.measures.explanation.shapley._forests.pipelines import Way, way_through

__all__ = ["Way", "lightgbm_forest", "mean_forest", "single_tree", "way_through", "xgboost_forest"]

__getattr__, __dir__ = exports(
    __name__,
    {
        "boosters": ("lightgbm_forest", "xgboost_forest"),
        "estimators": ("mean_forest", "single_tree"),
        "pipelines": ("Way", "way_through"),
    },
)
