from __future__ import annotations

from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "hakari.office.oversight"
    label = "oversight"

    def ready(self) -> None:
        from hakari.office.oversight import entries  # noqa: F401  # adds navigation and what needs somebody now
