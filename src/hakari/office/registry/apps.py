from __future__ import annotations

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "hakari.office.registry"
    label = "registry"

    def ready(self) -> None:
        from hakari.office.core.mail import GUARDS
        from hakari.office.registry import entries  # noqa: F401  # adds navigation and what needs somebody now
        from hakari.office.registry.visibility import still_told

        GUARDS["use_case"] = still_told
