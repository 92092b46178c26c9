"""How far two bundles of one project lie apart: exact figures, simulated ends, and whatever is no number."""

from __future__ import annotations

import base64
import json
import math
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

CHANCE = "monte_carlo_error"
OTHER_SIMULATED = ("noise_floor", "likely", "sure", "probability_now")
APART = ("evidence", "id", "digest", "environment")
"""Fields that name bytes or versions: they differ wherever anything does."""


def distances(first: Path, second: Path) -> dict[str, Any]:
    """Return the largest distances between the figures of two bundles, and where other things differ."""
    found: dict[str, Any] = {
        "exact": 0.0,
        "simulated": 0.0,
        "other": {},
        "figures": 0,
        "ends": 0,
        "differing": [],
        "worst": {},
    }
    left, right = figures(first), figures(second)
    for name in sorted(left.keys() | right.keys()):
        if name not in left or name not in right:
            found["differing"].append(name)
            continue
        for kind, place, distance in _walk(left[name], right[name], name):
            if kind == "differing":
                found["differing"].append(place)
            elif kind in OTHER_SIMULATED:
                found["other"][kind] = max(distance, found["other"].get(kind, 0.0))
            else:
                if distance > found[kind]:
                    found[kind], found["worst"][kind] = distance, place
                found["figures" if kind == "exact" else "ends"] += 1
    return found


def figures(bundle: Path) -> dict[str, Any]:
    """Return measure → estimates, and the findings of the assessment."""
    found = {}
    with zipfile.ZipFile(bundle) as archive:
        for name in archive.namelist():
            if name.startswith("evidence/"):
                record = json.loads(base64.b64decode(json.loads(archive.read(name))["payload"]))["predicate"]
                if record["kind"] == "measurement":
                    found[record["measure"]["id"]] = record["estimates"]
        assessment = json.loads(archive.read("assessment.json"))
    found["findings"] = assessment["findings"]
    return found


def _walk(first: Any, second: Any, place: str) -> Iterator[tuple[str, str, float]]:
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        yield from _records(first, second, place)
    elif isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        for number, (left, right) in enumerate(zip(first, second, strict=True)):
            yield from _walk(left, right, f"{place}[{number}]")
    elif _is_number(first) and _is_number(second):
        name = place.rpartition(".")[2]
        yield name if name in OTHER_SIMULATED else "exact", place, _relative(first, second)
    elif first != second:
        yield "differing", place, math.inf


def _records(first: Mapping[str, Any], second: Mapping[str, Any], place: str) -> Iterator[tuple[str, str, float]]:
    if first.keys() != second.keys():
        yield "differing", place, math.inf
        return
    drawn = _errors(first, second)
    for name in first:
        if name in APART or name == CHANCE:
            continue
        if name == "value" and str(first.get("metric", "")).endswith("_noise_floor") and _is_number(first[name]):
            yield "noise_floor", f"{place}.{name}", _relative(first[name], second[name])
            continue
        if name in drawn and _is_number(first[name]) and _is_number(second[name]):
            distance = abs(first[name] - second[name])
            yield "simulated", f"{place}.{name}", 0.0 if distance == 0 else _divide(distance, drawn[name])
        else:
            yield from _walk(first[name], second[name], f"{place}.{name}")


def _errors(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, float]:
    """Standard error of the difference of each simulated end."""
    if first.get(CHANCE) is None or second.get(CHANCE) is None:
        return {}
    low, high = (math.hypot(a, b) for a, b in zip(first[CHANCE], second[CHANCE], strict=True))
    return {"low": low, "high": high, "worst_case": max(low, high)}


def _relative(first: float, second: float) -> float:
    return 0.0 if first == second else abs(first - second) / max(abs(first), abs(second))


def _divide(distance: float, error: float) -> float:
    return distance / error if error > 0 else math.inf


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
