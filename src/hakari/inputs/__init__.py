"""Inputs: data and models where they lie, and the small counts that are taken from them.

`Data` is one table that stays where it is (a file, a folder, a query, a frame in memory) and is counted there; only
counts come back. `Inputs` joins the tested data, the training data and the meaning of their columns, and gives each
measure its *tally*. A model is only ever asked for predictions; nothing that could run code is read from a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.inputs.columns import Columns
    from hakari.inputs.content import digest_file, digest_path
    from hakari.inputs.data import Data
    from hakari.inputs.descriptions import ColumnDescription, describe_columns
    from hakari.inputs.inputs import Inputs
    from hakari.inputs.models import (
        Model,
        ModelAtHand,
        ModelSpec,
        Predictions,
        add_predictions,
        load_model,
        model_subject,
    )
    from hakari.inputs.opening import open_data

__all__ = [
    "ColumnDescription",
    "Columns",
    "Data",
    "Inputs",
    "Model",
    "ModelAtHand",
    "ModelSpec",
    "Predictions",
    "add_predictions",
    "describe_columns",
    "digest_file",
    "digest_path",
    "load_model",
    "model_subject",
    "open_data",
]

__getattr__, __dir__ = exports(
    __name__,
    {
        "columns": ("Columns",),
        "content": ("digest_file", "digest_path"),
        "data": ("Data",),
        "descriptions": ("ColumnDescription", "describe_columns"),
        "inputs": ("Inputs",),
        "models": (
            "Model",
            "ModelAtHand",
            "ModelSpec",
            "Predictions",
            "add_predictions",
            "load_model",
            "model_subject",
        ),
        "opening": ("open_data",),
    },
)
