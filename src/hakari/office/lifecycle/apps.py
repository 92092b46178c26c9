from __future__ import annotations

from django.apps import AppConfig


class LifecycleConfig(AppConfig):
    name = "hakari.office.lifecycle"
    label = "lifecycle"

    def ready(self) -> None:
        from hakari.office.lifecycle import entries  # noqa: F401  # adds navigation and what needs somebody now
