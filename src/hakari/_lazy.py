"""Public names that load their module on first use (PEP 562), so that importing a package costs nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module

__all__ = ["exports"]


def exports(
    package: str, names: Mapping[str, Sequence[str]]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return `__getattr__` and `__dir__` for `package`, whose public `names` are listed by module.

    >>> getattr_, dir_ = exports("hakari.evidence", {"subject": ("Subject",)})
    >>> dir_()
    ['Subject']
    """
    home = {name: module for module, members in names.items() for name in members}

    def lazy_getattr(name: str) -> object:
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{home[name]}"), name)

    def lazy_dir() -> list[str]:
        return sorted(home)

    return lazy_getattr, lazy_dir
