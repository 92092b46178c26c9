from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "hakari.office.core"
    label = "core"

    def ready(self) -> None:
        from hakari.office.core import checks  # noqa: F401  # registers them
        from hakari.office.core.ledger.triggers import install_after_migration

        post_migrate.connect(install_after_migration, sender=self, dispatch_uid="hakari.office.triggers")
