"""Register: the records of attribute use, as a person wrote them in `fairness.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

__all__ = ["Alternative", "Attribute", "AttributeRegister", "GroupThresholds", "Use", "UseKind"]

UseKind = Literal["measure", "train", "infer"]
"""To measure how groups fare; as an input of training; as an input of a decision about one person."""

_STRICT: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One use of an attribute."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    use: UseKind
    purpose: str
    """What it is used for, in own words."""
    legal_basis: str
    """What allows the use: consent, a law by its name, a contract; the words of the person who decided."""
    decided_by: str
    decided_on: str
    """Day, ISO 8601."""
    until: str | None = None
    """Last day of the use; open-ended if left out."""
    source: str | None = None
    """Where the values are from: asked of the people, a register, inferred."""
    kept_apart: str | None = None
    """How the attribute is kept from other uses, and by whom it can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One column and its uses."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    column: str
    uses: tuple[Use, ...]
    title: str | None = None
    """What the column holds, where its name does not say."""

    def use(self, kind: str) -> Use | None:
        """Return the use of this kind."""
        return next((use for use in self.uses if use.use == kind), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupThresholds:
    """Thresholds that differ by group, and who signed them off."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    id: str
    columns: tuple[str, ...]
    """The columns whose groups have thresholds of their own."""
    why: str
    legal_basis: str
    signed_off: bool = False
    """Without it, thresholds by these columns are refused."""
    signed_by: str | None = None
    signed_on: str | None = None
    """Day, ISO 8601."""
    until: str | None = None
    """Last day on which the sign-off holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Something that was considered because it might treat groups less differently."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    id: str
    what: str
    outcome: Literal["adopted", "rejected", "open"]
    why: str
    """Why it was adopted, rejected, or is still open."""
    considered_by: str
    considered_on: str
    """Day, ISO 8601."""
    effect: str | None = None
    """What it would have changed, for groups and for the purpose, in own words or figures."""
    evidence: tuple[str, ...] = ()
    """Digests of the evidence that shows the effect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeRegister:
    """The whole file."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    fairness: int
    """Version of the format: 1."""
    attributes: tuple[Attribute, ...] = ()
    thresholds: tuple[GroupThresholds, ...] = ()
    alternatives: tuple[Alternative, ...] = ()

    def attribute(self, column: str) -> Attribute | None:
        """Return what is recorded of a column."""
        return self.by_column.get(column)

    @property
    def by_column(self) -> Mapping[str, Attribute]:
        """The attributes by column."""
        return {attribute.column: attribute for attribute in self.attributes}
