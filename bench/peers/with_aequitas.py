"""aequitas: Group().get_crosstabs over one column of text that names the crossed group."""

from __future__ import annotations

from typing import Any

import pandas as pd
from aequitas.group import Group
from route import Route, Values
from table import crossed, kind_of

ASKED = {
    "selection_rate": "pprev",
    "base_rate": "prev",
    "accuracy": "accuracy",
    "true_positive_rate": "tpr",
    "false_positive_rate": "fpr",
    "true_negative_rate": "tnr",
    "false_negative_rate": "fnr",
    "precision": "precision",
}


def convert(given: Any) -> Any:
    """It crosses no columns and refuses categories and Arrow strings: one column of Python strings."""
    return pd.DataFrame(
        {"group": crossed(given, kind_of(given)), "label": given["label"], "score": given["prediction"]}
    )


def measure(prepared: Any) -> Any:
    """Its table of one row for each group."""
    return Group().get_crosstabs(prepared, attr_cols=["group"], score_col="score", label_col="label")[0]


def read(answer: Any) -> Values:
    """Plain numbers."""
    rows = answer.set_index("attribute_value")
    return {
        "by_group": {m: {str(g): float(v) for g, v in rows[column].items()} for m, column in ASKED.items()},
    }


CROSS = "two columns are not crossed"
ROUTES = (
    Route(
        name="aequitas Group",
        asks="Group().get_crosstabs on the crossed column",
        gives="eight metrics by group; neither F1 nor balanced accuracy, nothing overall, gaps to a reference only",
        convert=convert,
        measure=measure,
        read=read,
        conversion={
            "categorical": f"{CROSS}; categories are refused",
            "string": f"{CROSS}; Arrow strings are refused",
            "object": CROSS,
        },
        packages=("aequitas", "numpy", "pandas"),
    ),
)
