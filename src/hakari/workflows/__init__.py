"""Workflows: what joins the rooms and touches the disk, so that no room below has to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.workflows.assess import AssessRun, assess_project
    from hakari.workflows.plan import PlanRun, plan_project
    from hakari.workflows.project import Project, open_project
    from hakari.workflows.settings import Clock, default_key_path, find_key
    from hakari.workflows.verification import Level, Problem, Verification
    from hakari.workflows.verify import verify_bundle

__all__ = [
    "AssessRun",
    "Clock",
    "Level",
    "PlanRun",
    "Problem",
    "Project",
    "Verification",
    "assess_project",
    "default_key_path",
    "find_key",
    "open_project",
    "plan_project",
    "verify_bundle",
]

__getattr__, __dir__ = exports(
    __name__,
    {
        "assess": ("AssessRun", "assess_project"),
        "plan": ("PlanRun", "plan_project"),
        "project": ("Project", "open_project"),
        "settings": ("Clock", "default_key_path", "find_key"),
        "verification": ("Level", "Problem", "Verification"),
        "verify": ("verify_bundle",),
    },
)
