"""Every test begins with no failed sign-in counted."""

from __future__ import annotations

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def no_failures_counted(db: None) -> None:
    cache.clear()
