"""Fairness: how differently a system treats groups of people, measured with its uncertainty.

A *group* is the rows that share the levels of one or more sensitive columns; a missing level is a group of its own.
The room says how large a difference is and how sure that is. It does not say what caused it, whether it is lawful, or
which definition of fairness is the right one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.measures.fairness.classes import (
        ClassesParameters,
        measure_classes,
    )
    from hakari.measures.fairness.decisions import (
        DecisionsParameters,
        measure_decisions,
    )
    from hakari.measures.fairness.groups import (
        GroupsParameters,
        measure_groups,
    )
    from hakari.measures.fairness.individual import (
        IndividualParameters,
        measure_individual,
    )
    from hakari.measures.fairness.items import (
        ItemsParameters,
        measure_items,
    )
    from hakari.measures.fairness.legal import (
        LegalParameters,
        measure_legal,
    )
    from hakari.measures.fairness.proxies import (
        ProxiesParameters,
        measure_proxies,
    )
    from hakari.measures.fairness.ranking import (
        RankingParameters,
        measure_ranking,
    )
    from hakari.measures.fairness.regression import (
        RegressionParameters,
        measure_regression,
    )
    from hakari.measures.fairness.scores import (
        ScoresParameters,
        measure_scores,
    )
    from hakari.measures.fairness.versions import (
        VersionsParameters,
        measure_versions,
    )

__all__ = [
    "ClassesParameters",
    "DecisionsParameters",
    "GroupsParameters",
    "IndividualParameters",
    "ItemsParameters",
    "LegalParameters",
    "ProxiesParameters",
    "RankingParameters",
    "RegressionParameters",
    "ScoresParameters",
    "VersionsParameters",
    "measure_classes",
    "measure_decisions",
    "measure_groups",
    "measure_individual",
    "measure_items",
    "measure_legal",
    "measure_proxies",
    "measure_ranking",
    "measure_regression",
    "measure_scores",
    "measure_versions",
]

__getattr__, __dir__ = exports(
    __name__,
    {
        "classes": (
            "ClassesParameters",
            "measure_classes",
        ),
        "decisions": (
            "DecisionsParameters",
            "measure_decisions",
        ),
        "groups": (
            "GroupsParameters",
            "measure_groups",
        ),
        "individual": (
            "IndividualParameters",
            "measure_individual",
        ),
        "items": (
            "ItemsParameters",
            "measure_items",
        ),
        "legal": (
            "LegalParameters",
            "measure_legal",
        ),
        "proxies": (
            "ProxiesParameters",
            "measure_proxies",
        ),
        "ranking": (
            "RankingParameters",
            "measure_ranking",
        ),
        "regression": (
            "RegressionParameters",
            "measure_regression",
        ),
        "scores": (
            "ScoresParameters",
            "measure_scores",
        ),
        "versions": (
            "VersionsParameters",
            "measure_versions",
        ),
    },
)
