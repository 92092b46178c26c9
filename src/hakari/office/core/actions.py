"""Actions: every write of the office is one function, in one transaction, with one event in the ledger.

    @action("use_case.renamed")
    def rename(use_case: UseCase, title: str, *, by: Actor) -> Done[UseCase]:
        require(by, Permission.EDIT, use_case.unit)
        ...
        return Done(use_case, about=("use_case", use_case.key), data={"title": FreeText.keep(title).digest})

The caller gets what stands in `Done.result`. An action that raises leaves nothing behind. Besides its data the event
says under `made` which rows that never change were written, by digest (`ledger.made`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Final, Generic, ParamSpec, Protocol, TypeVar

from django.db import transaction

from hakari.office.core.ledger import store
from hakari.office.core.ledger.made import collecting, stated

__all__ = ["ACTIONS", "SYSTEM", "Actor", "Done", "Outside", "action"]

P = ParamSpec("P")
T = TypeVar("T")

ACTIONS: Final[dict[str, Callable[..., Any]]] = {}
"""Every action of the site by the kind of its event; the catalogue has a text for each."""


class Actor(Protocol):
    """Whoever acts: a person, or one who came by a link, or the office's own machine."""

    @property
    def key(self) -> str:
        """An opaque name; the ledger holds no other."""
        ...


@dataclass(frozen=True, slots=True)
class Outside:
    """An actor without an account: a supplier who answers by link, or the machine itself."""

    key: str


SYSTEM: Final = Outside("system")


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What an action did: its result, what the event is about, and what it says besides."""

    result: T
    about: tuple[str, str]
    """Kind and key of the object."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """Plain JSON without names or free text: keys, codes, numbers, digests."""
    seal: bool = False
    """Whether a checkpoint is written at once: decisions are witnessed outside the database from the first moment."""


def action(kind: str) -> Callable[[Callable[P, Done[T]]], Callable[P, T]]:
    """Make a function an action whose event is of `kind`. It must take `by=`, the one who acts."""

    def wrap(function: Callable[P, Done[T]]) -> Callable[P, T]:
        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> T:
            with transaction.atomic():
                with collecting() as rows:
                    done = function(*args, **kwargs)
                by: Any = kwargs["by"]
                made = stated(rows)
                data = {**done.data, "made": made} if made else done.data
                store.append(kind, by=str(by.key), about=done.about, data=data, seal=done.seal)
            return done.result

        if kind in ACTIONS:
            raise ValueError(f"two actions are called {kind!r}")
        ACTIONS[kind] = run
        return run

    return wrap
