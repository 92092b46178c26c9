"""What those see first whom nothing waits for, as they read and do not act: the newest decisions and checkpoints."""

from __future__ import annotations

import datetime
import heapq
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone

from hakari.errors import HakariError
from hakari.evidence import open_envelope
from hakari.messages import render, say
from hakari.office.committee.models import Decision
from hakari.office.committee.showing.reading import known_cases
from hakari.office.core.home import Need
from hakari.office.core.language import reader_language
from hakari.office.core.ledger.checkpoints import TYPE, checkpoint_folder
from hakari.office.keys.own import own_terms
from hakari.office.people.access import Access
from hakari.office.registry.visibility import title_for

__all__ = ["checkpoints", "decisions", "register"]

_DECISIONS: Final = 5
_CHECKPOINTS: Final = 3


def decisions(access: Access) -> Iterator[Need]:
    """The newest decisions on cases that the reader sees under their own name."""
    rows: Any = Decision.objects.filter(use_case__in=known_cases(access).values("pk"))
    rows = rows.select_related("use_case__unit", "use_case__owner", "use_case__reporter").order_by("-at", "-pk")
    for row in rows[:_DECISIONS]:
        yield Need(
            title=title_for(access, row.use_case),
            number=row.number,
            does=say(f"office.outcome.{row.outcome}"),
            url=reverse("committee:decision", args=[row.number]),
            due=timezone.localdate(row.at),
        )


def checkpoints(_: Access) -> Iterator[Need]:
    """The newest checkpoints of the ledger, each read from its signed file."""
    folder = checkpoint_folder()
    paths = heapq.nlargest(_CHECKPOINTS, folder.glob("*.json")) if folder.is_dir() else []
    for path in paths:
        found = _read(path)
        if found is None:
            # What is wrong with it is said by `hakari ledger verify`; here only that something is.
            told, state, day = say("office.oversight.home.checkpoint_bent"), "late", None
        else:
            told, state, day = say("office.oversight.home.checkpoint_signed"), "", found
        title = render(say("office.oversight.home.checkpoint", event=_number(path)), reader_language())
        yield Need(title=title, does=told, url=reverse("oversight:programme"), due=day, state=state)


def register(_: Access) -> Iterator[Need]:
    """The way to the register of use cases."""
    title = render(say("office.navigation.register"), reader_language())
    yield Need(title=title, does=say("office.oversight.home.register_does"), url=reverse("registry:list"))


def _number(path: Path) -> int | str:
    return int(path.stem) if path.stem.isdecimal() else path.stem


def _read(path: Path) -> datetime.date | None:
    """Return the day of a checkpoint; None if it is not what the office signed."""
    try:
        # A checkpoint may be older than the present key.
        content, keys = path.read_bytes(), {term.key.id: term.key for term in own_terms() if term.role == "office"}
        opened = open_envelope(content, what=path.name, predicate_type=TYPE, keys=keys, signatures=1)
        return timezone.localdate(datetime.datetime.fromisoformat(str(opened.predicate["at"])))
    except (HakariError, OSError, KeyError, ValueError):
        return None
