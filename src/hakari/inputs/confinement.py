"""Confinement: a manifest may only name what lies in its own folder."""

from __future__ import annotations

from pathlib import Path

from hakari.errors import InputError
from hakari.messages import say

__all__ = ["confine"]


def confine(path: str | Path, base: Path | None) -> Path:
    """Return the real path of `path`, read relative to `base`.

    Symbolic links are followed first, so that a link inside cannot lead outside.

    Raises:
        InputError: the path lies outside `base`, or nothing is there.
    """
    root = None if base is None else base.resolve()
    try:
        real = (Path(path) if root is None else root / path).resolve()
        exists = real.exists()
    except (OSError, ValueError, RuntimeError) as error:
        raise InputError(say("inputs.path.unusable", path=str(path), problem=str(error))) from error
    if root is not None and not real.is_relative_to(root):
        raise InputError(say("inputs.path.outside", path=str(path), base=str(base)))
    if not exists:
        raise InputError(say("inputs.path.absent", path=str(path), folder=str(real.parent)))
    return real
