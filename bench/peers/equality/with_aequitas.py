"""aequitas: its table of groups, and its ratios to a group that is named, largest, or lowest."""

from __future__ import annotations

import pandas as pd
from aequitas.bias import Bias
from aequitas.group import Group
from bench.peers.equality.asking import Answers, Asked
from bench.peers.equality.samples import Sample

PACKAGES = ("aequitas", "numpy", "pandas")
RATES = ("pprev", "prev", "accuracy", "tpr", "fpr", "tnr", "fnr", "precision", "npv", "fdr", "for", "ppr")
DISPARITIES = tuple(name for name in RATES if name not in ("prev", "accuracy"))


def values(sample: Sample) -> Answers:
    """It takes no weights: weighted data sets are not put to it."""
    if sample.weight is not None:
        return {}
    asked = Asked()
    frame = pd.DataFrame({"group": sample.labelled(), "label": sample.label, "score": sample.prediction})
    frame["group"] = frame["group"].astype(object)
    table = Group().get_crosstabs(frame, attr_cols=["group"], score_col="score", label_col="label")[0]
    rows = table.set_index("attribute_value")
    for name in RATES:
        for group in sample.names:
            asked.number(name, group, lambda name=name, group=group: rows.loc[group, name])
    named = frame.rename(columns={"label": "label_value"})
    ways = {
        "get_disparity_predefined_groups": lambda: Bias().get_disparity_predefined_groups(
            table, original_df=named, ref_groups_dict={"group": sample.names[0]}
        ),
        "get_disparity_major_group": lambda: Bias().get_disparity_major_group(table, original_df=named),
        "get_disparity_min_metric": lambda: Bias().get_disparity_min_metric(table, original_df=named),
    }
    for way, made in ways.items():
        try:
            found = made().set_index("attribute_value")
        except Exception as error:  # noqa: BLE001
            asked.answers[f"{way}: fails"] = {"": f"error: {type(error).__name__}"}
            continue
        for name in DISPARITIES:
            for group in sample.names:
                asked.number(
                    f"{way}: {name}_disparity",
                    group,
                    lambda name=name, group=group, found=found: found.loc[group, f"{name}_disparity"],
                )
    return asked.answers
