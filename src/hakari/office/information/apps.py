from __future__ import annotations

from django.apps import AppConfig


class InformationConfig(AppConfig):
    name = "hakari.office.information"
    label = "information"

    def ready(self) -> None:
        from hakari.office.information import entries  # noqa: F401  # adds navigation and what needs somebody now
