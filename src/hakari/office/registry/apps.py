from __future__ import annotations

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "hakari.office.registry"
    label = "registry"

    def ready(self) -> None:
        from hakari.office.registry import entries  # noqa: F401  # adds navigation and what needs somebody now
