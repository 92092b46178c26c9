from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_save


class InformationConfig(AppConfig):
    name = "hakari.office.information"
    label = "information"

    def ready(self) -> None:
        from hakari.office.core.models import Event
        from hakari.office.information import entries  # noqa: F401  # adds navigation and what needs somebody now
        from hakari.office.information.late import after_event

        post_save.connect(after_event, sender=Event, dispatch_uid="hakari.office.information.late")
