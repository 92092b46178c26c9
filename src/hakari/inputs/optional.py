"""Optional: packages that only some inputs need."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from hakari.errors import InputError
from hakari.messages import say

__all__ = ["need"]


def need(module: str, *, package: str, extra: str, what: str) -> Any:
    """Import and return `module`.

    Raises:
        InputError: the package is not installed; names the command that installs it.
    """
    try:
        return import_module(module)
    except ImportError:
        raise InputError(say("inputs.package.missing", what=what, package=package, extra=extra)) from None
