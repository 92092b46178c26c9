"""Classes: which of two values counts as 1."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hakari.errors import InputError
from hakari.inputs.values import class_text
from hakari.messages import say

__all__ = ["encode_classes"]

_OPPOSITES = {
    "1": ("0", "-1"),
    "yes": ("no",),
    "y": ("n",),
    "positive": ("negative",),
    "はい": ("いいえ",),
    "有": ("無",),
}


def encode_classes(
    found: Mapping[str, Iterable[object]], positive: str, negative: str | None = None
) -> dict[str, dict[object, int]]:
    """Return, per column, each value as 1 (the positive class) or 0.

    All columns share the two classes. A column with one class is allowed: what needs both is then unmeasured.

    Args:
        found: per column, the values that occur, without missing ones.

    Raises:
        InputError: more than two values, or values among which the positive one cannot be told.
    """
    one = class_text(positive)
    zero = None if negative is None else class_text(negative)
    known = {column: {value: class_text(value) for value in values} for column, values in found.items()}
    for column, values in known.items():
        others = sorted(set(values.values()) - {one})
        if len(others) > 1 or (zero is not None and others not in ([], [zero])):
            shown = sorted({str(value) for value in values})
            key = "inputs.classes.many" if zero is None else "inputs.classes.unknown"
            raise InputError(
                say(key, column=column, count=len(shown), values=shown[:10], positive=positive, negative=negative or "")
            )
    zeros = {other for values in known.values() for other in set(values.values()) - {one}}
    if len(zeros) > 1:
        pairs = [f"{column}: {' / '.join(sorted(map(str, values)))}" for column, values in known.items()]
        raise InputError(say("inputs.classes.disagree", columns=pairs, positive=positive))
    seen = any(one in values.values() for values in known.values())
    if not seen and zero is None and zeros and zeros.isdisjoint(_OPPOSITES.get(one, ())):
        column, values = next((column, values) for column, values in known.items() if values)
        raise InputError(
            say("inputs.classes.no_positive", column=column, values=sorted(map(str, values)), positive=positive)
        )
    return {column: {value: int(text == one) for value, text in values.items()} for column, values in known.items()}
