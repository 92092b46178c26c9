"""This room's part of a use case's page: tier with reasons, answers, open links, receipt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hakari.office.intake.actions.deciding import JUDGES
from hakari.office.intake.actions.rules import may_edit
from hakari.office.intake.lanes import Lane, due_state
from hakari.office.intake.models import AskLink, Notification, Step, TriageRecord
from hakari.office.intake.showing import answer_lines, frameworks_of
from hakari.office.intake.weighing import question_named
from hakari.office.people.access import Access
from hakari.office.registry.models import UseCase
from hakari.office.registry.panels import Panel, add_panel

__all__ = ["of_notification"]


def of_notification(access: Access, use_case: UseCase) -> Mapping[str, Any]:
    """Return what the panel shows."""
    notification = Notification.objects.filter(use_case=use_case).first()
    if notification is None:
        return {"notification": None}
    notification.use_case = use_case
    record = TriageRecord.objects.filter(notification=notification).order_by("-round").first()
    links = AskLink.objects.filter(notification=notification, closed_at=None).select_related("asked_by")
    judge = notification.lane in JUDGES and access.may(JUDGES[Lane(notification.lane)], use_case.unit)
    return {
        "notification": notification,
        "record": record,
        "frameworks": frameworks_of(record) if record else [],
        "lines": answer_lines(notification),
        "question": question_named(record.question) if record and record.question and not record.decided else None,
        "links": [link for link in links if link.state in ("open", "answered")],
        "may_edit": may_edit(access, notification),
        "may_decide": judge and notification.step in (Step.WAITING, Step.TAKEN),
        "due_state": due_state(notification.due, access.day),
    }


def _notified(_: Access, use_case: UseCase) -> bool:
    return Notification.objects.filter(use_case=use_case).exists()


add_panel(
    Panel(key="intake.notification", place=10, template="intake/_panel.html", context=of_notification, shown=_notified)
)
