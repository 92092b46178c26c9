"""An installation of its own for each test: an empty folder, a key of its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hakari.messages import Message


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """Return the folder of an office that has nothing yet."""
    place = tmp_path / "office"
    place.mkdir()
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, folder=place, key=place / "keys" / "office.pem")
    return place


@pytest.fixture
def told() -> list[Message]:
    """Return a list to which steps can be told."""
    return []
