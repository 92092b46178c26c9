"""What the office answers to programs: the shapes of its JSON."""

from __future__ import annotations

import datetime

from ninja import Schema

__all__ = ["LedgerHead", "Me", "Role", "Unit", "UseCase", "UseCaseDetail", "UseCases"]


class Unit(Schema):
    """A part of the company."""

    key: str
    name: str
    name_ja: str


class Role(Schema):
    """A role held today."""

    role: str
    unit: str | None
    """Name of the unit; null for the whole company."""


class Me(Schema):
    """The person for whom the token acts."""

    key: str
    name: str
    language: str
    roles: list[Role]
    scopes: list[str]
    expires_at: datetime.datetime


class UseCase(Schema):
    """One line of the register."""

    number: str
    title: str
    """The code name while there is an embargo and the reader is not of the unit."""
    unit: Unit
    state: str
    lowest: str
    highest: str
    """The tier; the same as `lowest` once nothing is open, empty before triage."""
    created_at: datetime.datetime
    changed_at: datetime.datetime
    address: str


class UseCaseDetail(UseCase):
    """One use case."""

    purpose: str
    """Empty where the title is hidden."""
    owner: str
    visibility: str
    version: int


class UseCases(Schema):
    """One page of the register."""

    count: int
    page: int
    pages: int
    items: list[UseCase]


class LedgerHead(Schema):
    """Where the ledger stands: note it, and nobody can later change what came before without your seeing it."""

    ledger: str
    sequence: int
    digest: str
