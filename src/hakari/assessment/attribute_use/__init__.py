"""Attribute use: where an attribute of people is used, what for, and on whose word.

An *attribute* is a column that holds a protected trait or stands in for one. It is *used* to measure how groups fare,
to train a model, or to infer: to decide about one person. Each use has a purpose and a legal basis that a person wrote
down; thresholds that differ by group have a *sign-off*, without which they are refused. Beside them stands the log of
*alternatives*: what would have treated groups less differently, and why it was adopted or not. Records only: nothing
here knows what a law allows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.assessment.attribute_use.reading import REGISTER_NAME, load_register, read_register
    from hakari.assessment.attribute_use.register import (
        Alternative,
        Attribute,
        AttributeRegister,
        GroupThresholds,
        Use,
    )
    from hakari.assessment.attribute_use.review import RegisterFinding, require_sign_off, review_register

__all__ = [
    "REGISTER_NAME",
    "Alternative",
    "Attribute",
    "AttributeRegister",
    "GroupThresholds",
    "RegisterFinding",
    "Use",
    "load_register",
    "read_register",
    "require_sign_off",
    "review_register",
]

__getattr__, __dir__ = exports(
    __name__,
    {
        "reading": ("REGISTER_NAME", "load_register", "read_register"),
        "register": ("Alternative", "Attribute", "AttributeRegister", "GroupThresholds", "Use"),
        "review": ("RegisterFinding", "require_sign_off", "review_register"),
    },
)
