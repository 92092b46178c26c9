from __future__ import annotations

from django.apps import AppConfig


class KeysConfig(AppConfig):
    name = "hakari.office.keys"
    label = "keys"

    def ready(self) -> None:
        from hakari.office.keys import entries  # noqa: F401  # adds navigation and what needs somebody now
