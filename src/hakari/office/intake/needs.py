"""What of this room needs a person now."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, Q
from django.urls import reverse

from hakari.messages import Message, say
from hakari.office.core.home import Need
from hakari.office.intake.actions.deciding import JUDGES
from hakari.office.intake.delegates import own_places
from hakari.office.intake.lanes import Lane, due_state
from hakari.office.intake.models import AskLink, Notification, Sample, Step
from hakari.office.people.access import Access
from hakari.office.registry.visibility import title_for, visible

__all__ = ["MOST", "of_delegates", "of_office", "of_reporters", "of_samplers"]

MOST = 10


def of_reporters(access: Access) -> Iterator[Need]:
    """Answers that arrived, what was asked back, what is not finished, and what one answer would settle."""
    person = access.person
    if person is None:
        return
    mine = Q(use_case__reporter=person) | Q(use_case__owner=person)
    arrived = AskLink.objects.filter(notification__in=Notification.objects.filter(mine), closed_at=None)
    arrived = arrived.exclude(answered_at=None).select_related("notification__use_case")
    for link in arrived.order_by("answered_at")[:MOST]:
        number = link.notification.use_case.number
        yield _need(
            access,
            link.notification,
            say("office.intake.need.arrived"),
            reverse("intake:link", args=[number, link.key]),
        )
    undecided = ~Q(use_case__lowest=F("use_case__highest"))
    wanted = Q(step__in=(Step.WRITING, Step.ASKED_BACK)) | (Q(step__in=(Step.WAITING, Step.TAKEN)) & undecided)
    found = Notification.objects.filter(mine & wanted).exclude(use_case__state="retired").select_related("use_case")
    for item in found.order_by("step", "pk")[:MOST]:
        yield _need(
            access, item, say(f"office.intake.need.{_kind(item)}"), reverse("intake:go_on", args=[item.use_case.number])
        )


def of_delegates(access: Access) -> Iterator[Need]:
    """What waits for this person as the nearest delegate."""
    yield from _waiting(access, Lane.UNIT, Q(lane_path__in=own_places(access)))


def of_office(access: Access) -> Iterator[Need]:
    """What waits for the office and nobody else has in hand."""
    yield from _waiting(access, Lane.OFFICE, Q(taken_by=None) | Q(taken_by=access.person))


def of_samplers(access: Access) -> Iterator[Need]:
    """That drawn cases are to be read."""
    count = Sample.objects.filter(reading=None, notification__use_case__in=visible(access).values("pk")).count()
    if count:
        does = say("office.intake.need.read", n=count)
        yield Need(title=_told(say("office.intake.samples.title")), does=does, url=reverse("intake:samples"))


def _waiting(access: Access, lane: Lane, which: Q) -> Iterator[Need]:
    found = Notification.objects.filter(which, lane=lane, step__in=(Step.WAITING, Step.TAKEN))
    found = found.filter(use_case__in=visible(access).values("pk"), use_case__unit__in=access.units(JUDGES[lane]))
    found = found.exclude(use_case__reporter=access.person).exclude(use_case__owner=access.person)
    for item in found.select_related("use_case__unit").order_by("due", "pk")[:MOST]:
        url = reverse("intake:decide", args=[item.use_case.number])
        kind = "taken" if item.step == Step.TAKEN else f"settle_{lane}"
        yield _need(access, item, say(f"office.intake.need.{kind}"), url, due=True)


def _kind(item: Notification) -> str:
    return {Step.WRITING: "finish", Step.ASKED_BACK: "asked_back"}.get(Step(item.step), "decide")


def _need(access: Access, item: Notification, does: Message, url: str, *, due: bool = False) -> Need:
    case = item.use_case
    return Need(
        title=title_for(access, case),
        does=does,
        url=url,
        number=case.number,
        due=item.due if due else None,
        state=due_state(item.due, access.day) if due else "",
    )


def _told(message: Message) -> str:
    from hakari.office.core.forms import tell

    return tell(message.key)
