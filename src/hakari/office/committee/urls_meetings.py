"""The addresses of meetings, decisions, conditions, stops and precedents."""

from __future__ import annotations

from typing import Any

urlpatterns: list[Any] = []
