"""skops: a scikit-learn model in a file whose types are looked at before anything is built."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hakari.errors import InputError
from hakari.inputs.models.estimator import EstimatorModel
from hakari.inputs.models.spec import ModelSpec
from hakari.inputs.optional import need
from hakari.messages import say

__all__ = ["SkopsModel"]


class SkopsModel(EstimatorModel):
    """A scikit-learn estimator from a skops file."""

    def __init__(self, path: Path, spec: ModelSpec) -> None:
        skops = need("skops.io", package="skops", extra="ml", what=f"“{path.name}”")
        try:
            untrusted = sorted(set(skops.get_untrusted_types(file=path)) - set(spec.trusted))
            if untrusted:
                raise InputError(say("inputs.model.untrusted", path=path.name, types=untrusted))
            estimator: Any = skops.load(path, trusted=list(spec.trusted))
        except InputError:
            raise
        except Exception as error:
            # A damaged file fails in as many ways as it has parts.
            problem = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise InputError(say("inputs.model.unreadable", path=path.name, problem=problem)) from error
        super().__init__(estimator, spec.features)
