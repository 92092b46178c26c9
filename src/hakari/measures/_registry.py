"""The registry of measures: entry points listed without importing a room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from hakari.errors import MeasureError
from hakari.measures._contract import Measure
from hakari.messages import say

__all__ = ["GROUP", "Registered", "find_measure", "registered_measures"]

GROUP = "hakari.measures"


class Registered(dict[str, tuple[Measure, str]]):
    """Measure by id, each with the distribution that it came from."""


def collect(points: Iterable[EntryPoint]) -> Registered:
    """Return all measures that `points` announce; an id that two distributions claim is refused.

    An entry point names a mapping or sequence of `Measure`. Ids from outside packages carry their distribution:
    `distribution/room.name`.
    """
    found = Registered()
    for point in points:
        owner = point.dist.name if point.dist else point.name
        version = point.dist.version if point.dist else "0"
        announced: Mapping[str, Measure] | Iterable[Measure] = point.load()
        for measure in announced.values() if isinstance(announced, Mapping) else announced:
            identifier = measure.id if owner == "hakari" else f"{owner}/{measure.id}"
            if identifier in found:
                raise MeasureError(
                    say("measures.duplicate", measure=identifier, first=found[identifier][1], second=owner)
                )
            found[identifier] = (measure, f"{owner} {version}")
    return found


@cache
def registered_measures() -> Registered:
    """Return every measure of Hakari and of installed plug-in packages."""
    return collect(sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value)))


def find_measure(reference: str) -> tuple[Measure, str]:
    """Return the measure for `id` or `id@major` and its distribution.

    Raises:
        MeasureError: unknown id, or another major version than the one asked for.
    """
    from difflib import get_close_matches

    identifier, _, major = reference.partition("@")
    known = registered_measures()
    if identifier not in known:
        nearest = get_close_matches(identifier, known, n=3, cutoff=0.4) or sorted(known)
        raise MeasureError(say("measures.unknown", measure=identifier, nearest=nearest))
    measure, distribution = known[identifier]
    if major and major != str(measure.major):
        raise MeasureError(say("measures.other_major", measure=identifier, asked=major, installed=measure.version))
    return measure, distribution
