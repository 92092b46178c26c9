"""Pages of meetings: the list, one meeting with agenda and attendance, and everything that is pressed there."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hakari.errors import ConflictError, InputError, NotAllowedError, OfficeError
from hakari.messages import say
from hakari.office.committee.actions import agenda, meetings
from hakari.office.committee.actions.voting import close_ballot, open_ballot
from hakari.office.committee.members import members, seats
from hakari.office.committee.models import Agenda, Attendance, Ballot, DocketItem, Form, Meeting, Pull
from hakari.office.committee.showing.reading import items_for, require_reader
from hakari.office.committee.tallying import quorum_of
from hakari.office.committee.views.forms_meetings import MeetingForm, tomorrow_at_ten
from hakari.office.committee.views.refusals import show_refusal
from hakari.office.core.access import OfficeRequest, signed_in
from hakari.office.core.forms import tell
from hakari.office.core.templatetags.office import told
from hakari.office.lifecycle.showing.names import named
from hakari.office.people.access import Access
from hakari.office.people.models import Person
from hakari.office.people.permissions import Permission
from hakari.office.registry.visibility import title_for

__all__ = ["act", "change", "meeting", "meeting_list", "plan"]

_PAGE: Final = 20


@signed_in
@require_safe
def meeting_list(request: OfficeRequest) -> HttpResponse:
    """List meetings: those to come, and those that were."""
    require_reader(request.access)
    coming = Meeting.objects.filter(standing__in=("planned", "open")).order_by("starts_at", "pk")
    past = Meeting.objects.filter(standing__in=("closed", "cancelled"))
    page = Paginator(past, _PAGE).get_page(request.GET.get("page"))
    context = {"coming": coming[:50], "page": page, "may_plan": agenda.may_plan(request.access.person)}
    return render(request, "committee/meetings.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: OfficeRequest) -> HttpResponse:
    """Plan a meeting."""
    _require_planner(request.access)
    initial = {"starts_at": tomorrow_at_ten(), "once": uuid.uuid4()}
    form = MeetingForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        once = given["once"].hex if given["once"] else ""
        try:
            made = meetings.plan_meeting(
                given["starts_at"], given["minutes"], given["place"], once=once, by=request.access.person
            )
        except InputError as error:
            form.add_error(None, told(error.message))
        else:
            messages.success(request, tell("office.meeting.saved"), extra_tags="good")
            return redirect("committee:meeting", key=made.key)
    return render(request, "committee/meeting_form.html", {"form": form}, status=422 if form.is_bound else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: OfficeRequest, key: str) -> HttpResponse:
    """Move a planned meeting, or say where it is."""
    require_reader(request.access)
    found = _get(key)
    _require_planner(request.access)
    initial = {
        "starts_at": found.starts_at, "minutes": found.minutes_planned, "place": str(found.place or ""),
        "version": found.version,
    }  # fmt: skip
    form = MeetingForm(request.POST if request.method == "POST" else None, initial=initial)
    refused, status = None, 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            meetings.change_meeting(
                found, given["starts_at"], given["minutes"], given["place"], seen=given["version"] or 0,
                by=request.access.person,
            )  # fmt: skip
        except ConflictError as error:
            found, refused, status = _get(key), error.message, 409
            form.data = {**form.data.dict(), "version": str(found.version)}  # type: ignore[attr-defined]
        except (InputError, OfficeError) as error:
            if isinstance(error, NotAllowedError):
                raise
            form.add_error(None, told(error.message))
        else:
            messages.success(request, tell("office.meeting.saved"), extra_tags="good")
            return redirect("committee:meeting", key=key)
    context = {"form": form, "meeting": found, "refused": refused}
    return render(request, "committee/meeting_form.html", context, status=status)


@signed_in
@require_safe
def meeting(request: OfficeRequest, key: str) -> HttpResponse:
    """Show one meeting: what is on its agenda, who is there, and what the reader can do."""
    access = request.access
    require_reader(access)
    found = _get(key)
    planner = agenda.may_plan(access.person)
    people = _attendance(found)
    rows = _entries(access, found, {row["person"].pk for row in people if row["present"]})
    before = found.standing in ("planned", "open")
    context = {
        "meeting": found,
        "discussed": [row for row in rows if not row["entry"].consent],
        "consented": [row for row in rows if row["entry"].consent],
        "people": people,
        "mine": next((row for row in people if row["person"].pk == access.person.pk), None),
        "there": sum(row["present"] for row in people),
        "waiting": _waiting(access) if planner and before else [],
        "may_plan": planner,
        "may_chair": access.may(Permission.CHAIR),
    }
    return render(request, "committee/meeting.html", context)


@signed_in
@require_POST
def act(request: OfficeRequest, key: str) -> HttpResponse:
    """Do what was pressed on the page of a meeting, and go back to it."""
    require_reader(request.access)
    found, data = _get(key), request.POST
    do = _ACTS.get(data.get("act", ""))
    if do is not None:
        try:
            do(request, found, data)
        except (InputError, OfficeError) as error:
            show_refusal(request, error)
    return redirect("committee:meeting", key=key)


Act = Callable[[OfficeRequest, Meeting, Any], Any]
_ACTS: Final[dict[str, Act]] = {
    "open": lambda request, found, _: meetings.open_meeting(found, by=request.access.person),
    "close": lambda request, found, _: meetings.close_meeting(found, by=request.access.person),
    "cancel": lambda request, found, _: meetings.cancel_meeting(found, by=request.access.person),
    "add": lambda request, found, data: agenda.add_item(found, _item(request, data), by=request.access.person),
    "add_consent": lambda request, found, data: agenda.add_item(
        found, _item(request, data), consent=True, by=request.access.person
    ),
    "remove": lambda request, found, data: agenda.remove_item(found, _item(request, data), by=request.access.person),
    "up": lambda request, found, data: agenda.move_item(found, _item(request, data), up=True, by=request.access.person),
    "down": lambda request, found, data: agenda.move_item(
        found, _item(request, data), up=False, by=request.access.person
    ),
    "consent": lambda request, found, data: agenda.put_on_part(
        found, _item(request, data), consent=True, by=request.access.person
    ),
    "discuss": lambda request, found, data: agenda.put_on_part(
        found, _item(request, data), consent=False, by=request.access.person
    ),
    "pull": lambda request, found, data: agenda.pull_item(
        found, _item(request, data), data.get("reason", ""), by=request.access.person
    ),
    "present": lambda request, found, data: meetings.mark_attendance(
        found, _person(request, data), there=True, by=request.access.person
    ),
    "absent": lambda request, found, data: meetings.mark_attendance(
        found, _person(request, data), there=False, by=request.access.person
    ),
    "vote_open": lambda request, found, data: _open_vote(request, found, _item(request, data)),
    "vote_close": lambda request, found, data: _close_vote(request, found, _item(request, data)),
}


def _open_vote(request: OfficeRequest, found: Meeting, item: DocketItem) -> None:
    if not Ballot.objects.filter(item=item, meeting=found, closed_at=None).exists():  # pressed twice
        open_ballot(item, Form.MEETING, meeting=found, by=request.access.person)


def _close_vote(request: OfficeRequest, found: Meeting, item: DocketItem) -> None:
    ballot = Ballot.objects.filter(item=item, meeting=found, closed_at=None).first()
    if ballot is not None:
        close_ballot(ballot, by=request.access.person)


def _item(request: OfficeRequest, data: Any) -> DocketItem:
    found = items_for(request.access).filter(key=data.get("item", "")).first()
    if found is None:
        raise Http404
    return found


def _person(request: OfficeRequest, data: Any) -> Person:
    key = data.get("person", "") or request.access.person.key
    found = Person.objects.filter(key=key).first()
    if found is None:
        raise Http404
    return found


def _get(key: str) -> Meeting:
    found = Meeting.objects.select_related("place", "called_by").filter(key=key).first()
    if found is None:
        raise Http404
    return found


def _require_planner(access: Access) -> None:
    if not agenda.may_plan(access.person):
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.chair")))


def _attendance(found: Meeting) -> list[dict[str, Any]]:
    said = dict(Attendance.objects.filter(meeting=found).values_list("person_id", "present"))
    people = {person.pk: person for person in members()} if found.standing in ("planned", "open") else {}
    people |= {row.pk: row for row in Person.objects.filter(pk__in=[pk for pk in said if pk not in people])}
    rows = sorted(people.values(), key=lambda person: (person.reading, person.name, person.pk))
    return [{"person": person, "present": said.get(person.pk, False)} for person in rows]


def _entries(access: Access, found: Meeting, there: set[int]) -> list[dict[str, Any]]:
    """Return what the reader sees of an agenda; of a case that they do not see nothing is said."""
    entries = Agenda.objects.filter(meeting=found, item__in=items_for(access).values("pk"))
    related = ("meeting", "item__use_case__unit", "item__round__assessment__use_case", "item__put_by")
    rows = list(entries.select_related(*related).order_by("consent", "place", "pk"))
    items = [row.item_id for row in rows]
    ballots = {
        row.item_id: row
        for row in Ballot.objects.filter(item__in=items, meeting=found).select_related("decision").order_by("number")
    }
    pulls = {row.item_id: row for row in Pull.objects.filter(item__in=items, meeting=found).select_related("reason")}
    names = named(row.by for row in pulls.values())
    return [
        {**_entry(access, entry, there), "ballot": ballots.get(entry.item_id), "pull": pulls.get(entry.item_id),
         "pulled_by": names.get(pulls[entry.item_id].by, "–") if entry.item_id in pulls else ""}
        for entry in rows
    ]  # fmt: skip


def _entry(access: Access, entry: Agenda, there: set[int]) -> dict[str, Any]:
    places = seats(entry.item)
    mine = next((seat for seat in places if access.person is not None and seat.person.pk == access.person.pk), None)
    may = {seat.person.pk for seat in places if not seat.bar}
    waits = entry.item.standing == DocketItem.Standing.WAITING
    return {
        "entry": entry,
        "item": entry.item,
        "title": title_for(access, entry.item.use_case),
        "recused": [seat for seat in places if seat.bar],
        "here": len(may & there),
        "quorum": quorum_of(len(may)),
        "bar": agenda.consent_bar(entry, entry.meeting.opened_at) if entry.consent and waits else "",
        "may_pull": entry.consent and waits and mine is not None and not mine.bar,
        "waits": waits,
    }


def _waiting(access: Access) -> list[dict[str, Any]]:
    """Return the items that wait and stand on no agenda, those first that a member called to a meeting."""
    taken = Agenda.objects.filter(meeting__standing__in=("planned", "open")).values("item")
    rows = items_for(access).filter(standing=DocketItem.Standing.WAITING).exclude(pk__in=taken)
    called = set(Pull.objects.filter(item__in=rows, ballot__isnull=False).values_list("item_id", flat=True))
    found = [
        {
            "item": item,
            "title": title_for(access, item.use_case),
            "called": item.pk in called,
            "consent": item.proposal in agenda.CONSENTED,
        }
        for item in rows.select_related("use_case__unit")[:100]
    ]
    return sorted(found, key=lambda row: not row["called"])
