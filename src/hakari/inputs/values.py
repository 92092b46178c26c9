"""Values: one spelling for one value, whichever engine it came from."""

from __future__ import annotations

import datetime
import math
import unicodedata
from decimal import Decimal

import numpy as np

from hakari.statistics.tally import MISSING

__all__ = ["class_text", "is_missing", "level", "text"]

_TRUTH = {"True": "true", "TRUE": "true", "False": "false", "FALSE": "false"}
_NOTHING = {"NAType", "NaTType"}
# pandas' two other nulls, by name: pandas need not be installed.


def is_missing(value: object) -> bool:
    """Whether `value` is a null of any engine: None, NaN, NaT or pandas' NA."""
    if value is None or type(value).__name__ in _NOTHING:
        return True
    if isinstance(value, np.datetime64 | np.timedelta64):
        return bool(np.isnat(value))
    return isinstance(value, float | np.floating | Decimal) and math.isnan(value)


def level(value: object) -> str | int | float:
    """The value as a level of a cell: text or a number; 1.0 is 1, truth values are `true` and `false`, null `missing`.

    A day without a time of day is written the same whether an engine kept it as a date or as a moment at midnight;
    moments with a time zone are written in UTC.
    """
    if type(value) is str:
        return _TRUTH.get(value, value)
    if type(value) is int:
        return value
    if is_missing(value):
        return MISSING
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, datetime.datetime) and value.time() == datetime.time() and value.tzinfo is None:
        return value.date().isoformat()
    if isinstance(value, datetime.datetime) and value.tzinfo is not None:
        return value.astimezone(datetime.UTC).isoformat()
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return _TRUTH.get(str(value), str(value))


def text(value: object) -> str:
    """The value as the name of a group: `1`, not `1.0`; null is `missing`."""
    return str(level(value))


def class_text(value: object) -> str:
    """The value as the name of a class: width, case and surrounding spaces do not matter, `true` is 1, `false` is 0."""
    plain = unicodedata.normalize("NFKC", text(value)).strip().casefold()
    if plain in ("true", "false"):
        return "1" if plain == "true" else "0"
    try:
        number = float(plain)
    except ValueError:
        return plain
    if not math.isfinite(number):
        return plain
    return str(int(number)) if number.is_integer() else repr(number)
