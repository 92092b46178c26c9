from __future__ import annotations

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "hakari.office.intake"
    label = "intake"

    def ready(self) -> None:
        from hakari.office.intake import entries  # noqa: F401  # adds navigation and what needs somebody now
