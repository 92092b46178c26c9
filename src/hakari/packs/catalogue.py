"""What a pack needs to know about measures, without importing them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from hakari.messages import Message
    from hakari.packs._records import Places
    from hakari.packs.model import Check, Pack

__all__ = ["Catalogue", "unknown_measures"]


class Catalogue(Protocol):
    """The measures at hand. Packs and measures meet only here, by id."""

    def metrics(self, measure_reference: str) -> Mapping[str, Any] | None:
        """Return the metrics of `id@major` by name, or None if there is no such measure."""
        ...


def unknown_measures(pack: Pack, catalogue: Catalogue, places: Places) -> Iterator[Message]:
    """Yield one message for each check whose measure or metric `catalogue` does not have."""
    from difflib import get_close_matches

    from hakari.messages import say

    for requirement in pack.requirements:
        for check in requirement.checks:
            if check.planned:
                continue
            metrics = catalogue.metrics(check.measure)
            if metrics is None:
                problem = say("packs.check.measure_unknown", measure=check.measure)
                yield say("packs.at", place=_place(places, requirement.slug, check, "measure"), problem=problem)
            elif check.metric not in metrics:
                nearest = get_close_matches(check.metric, metrics, n=3) or sorted(metrics)
                problem = say("packs.check.metric_unknown", measure=check.measure, metric=check.metric, nearest=nearest)
                yield say("packs.at", place=_place(places, requirement.slug, check, "metric"), problem=problem)


def _place(places: Places, slug: str, check: Check, key: str) -> str:
    return places.at(check, key) or f"{slug}/{check.id}"
