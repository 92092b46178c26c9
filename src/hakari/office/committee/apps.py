from __future__ import annotations

from django.apps import AppConfig


class CommitteeConfig(AppConfig):
    name = "hakari.office.committee"
    label = "committee"

    def ready(self) -> None:
        from hakari.office.committee import entries, standing  # noqa: F401  # entries adds navigation
        from hakari.office.committee.actions.conditions import see_findings
        from hakari.office.lifecycle.hooks import HOOKS

        HOOKS.blockers.append(standing.blockers)
        HOOKS.envelopes.append(standing.envelope_of)
        HOOKS.outdated.append(standing.outdated)
        HOOKS.projected.append(see_findings)
