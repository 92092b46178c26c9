"""Python: a function in the engineer's own repository. Their code, on their machine."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module, invalidate_caches
from pathlib import Path
from typing import Any

import numpy.typing as npt

from hakari.errors import InputError
from hakari.inputs.models.outputs import read_output
from hakari.inputs.models.spec import ModelSpec, Predictions
from hakari.messages import say

__all__ = ["PythonModel", "import_function"]


class PythonModel:
    """A function that takes a dictionary of arrays, one per feature, and returns scores, classes or both.

    Both: `{"score": array, "prediction": array}`.
    """

    def __init__(self, spec: ModelSpec, base: Path) -> None:
        self._call = spec.call or ""
        self._function = import_function(self._call, base)

    def predict(self, features: Mapping[str, npt.NDArray[Any]], *, positive: str) -> Predictions:
        """Return what the function says."""
        rows = len(next(iter(features.values())))
        try:
            output = self._function(dict(features))
        except Exception as error:
            # Someone else's code may raise anything.
            problem = f"{type(error).__name__}: {error}".splitlines()[0]
            raise InputError(say("inputs.model.failed", call=self._call, problem=problem)) from error
        return read_output(output, rows, positive=positive)


def import_function(call: str, base: Path) -> Callable[..., Any]:
    """Import `package.module:function`, with `base` on the import path for as long as that takes.

    Raises:
        InputError: another form, or nothing to import under that name.
    """
    module, _, function = call.partition(":")
    if not all(part.isidentifier() for part in [*module.split("."), function]):
        raise InputError(say("inputs.model.call", call=call))
    try:
        with _importable(base):
            found: object = getattr(import_module(module), function)
    except Exception as error:
        # Importing runs someone else's code, which may raise anything.
        problem = f"{type(error).__name__}: {error}".splitlines()[0]
        raise InputError(say("inputs.model.import", call=call, folder=str(base), problem=problem)) from error
    if not callable(found):
        raise InputError(say("inputs.model.call", call=call))
    return found


@contextmanager
def _importable(base: Path) -> Iterator[None]:
    entry = str(base.resolve())
    sys.path.insert(0, entry)
    invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(entry)
