"""Keys of made-up people, and a key that the office has registered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hakari.evidence import SigningKey
from hakari.office.keys.actions import ask_for_key, confirm_key
from hakari.office.keys.models import RegisteredKey
from tests.pages.conftest import Company


def signing(number: int) -> SigningKey:
    """Return a key, the same for the same number."""
    return SigningKey(Ed25519PrivateKey.from_private_bytes(number.to_bytes(32, "big")))


def digits(number: int) -> str:
    """Return the public half of a key."""
    return signing(number).public.hex


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """Return the folder of an office of its own, with keys of its own."""
    place = tmp_path / "office"
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, folder=place, key=place / "keys" / "office.pem")
    return place


@pytest.fixture
def waiting(company: Company) -> RegisteredKey:
    """Return a key that the engineer asked for."""
    return ask_for_key(digits(1), kind="person", by=company.engineer)


@pytest.fixture
def registered(company: Company, waiting: RegisteredKey) -> RegisteredKey:
    """Return the engineer's key, which the reviewer has confirmed."""
    return confirm_key(waiting, by=company.reviewer)
