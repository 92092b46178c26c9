"""Declaring a conflict, voting, calling to a meeting, opening a circulated resolution and closing a ballot.

Ballots on stops use the same pages: `part_of` gives the template `committee/_ballot.html` what it needs for either.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from hakari.errors import InputError, NotAllowedError, OfficeError
from hakari.messages import say
from hakari.office.committee.actions import voting
from hakari.office.committee.forms import CallForm, DeclareForm, OpenForm, VoteForm
from hakari.office.committee.members import matter_of
from hakari.office.committee.models import Ballot, Declaration, DocketItem, Form, Stop
from hakari.office.committee.showing.ballots import BallotShown, Bench, choices_of, show_ballot
from hakari.office.committee.showing.reading import find_ballot, find_item
from hakari.office.committee.views.items_acting import act_page, back, refuse, stands
from hakari.office.committee.votes.box import Cast
from hakari.office.core.access import OfficeRequest, allowed, signed_in
from hakari.office.core.forms import tell
from hakari.office.people.models import Person
from hakari.office.people.permissions import Permission

__all__ = ["call", "close", "declare", "home_of", "open_ballot", "part_of", "vote"]

_ALIVE = (DocketItem.Standing.WAITING, DocketItem.Standing.VOTING)


def part_of(
    request: OfficeRequest, matter: DocketItem | Stop, bench: Bench, shown: BallotShown | None
) -> dict[str, Any]:
    """Return the reader's own part in a matter: forms that they may send, or why not."""
    item = matter if isinstance(matter, DocketItem) else None
    alive = item is None or item.standing in _ALIVE
    seat, may = bench.mine, bench.may_vote
    declared = _last_declaration(item, request.access.person) if item is not None and seat is not None else None
    votes = shown is not None and shown.open and may and (seat is not None and seat.declared)
    return {
        "declared": declared,
        "declare_form": DeclareForm() if item is not None and alive and may and seat and not seat.declared else None,
        "may_declare_again": bool(
            item is not None
            and alive
            and declared
            and seat
            and seat.bar in ("", "conflict")
            and not (shown and shown.mine)
        ),
        "vote_form": _vote_form(shown) if votes and shown is not None else None,
        "may_call": bool(votes and shown and item is not None and shown.ballot.form == Form.CIRCULATION),
        "call_form": CallForm(prefix="call") if votes and item is not None else None,
    }


def home_of(ballot: Ballot) -> str:
    """Return the address of what a ballot is about."""
    if ballot.item is not None:
        return reverse("committee:item", args=[ballot.item.key])
    assert ballot.stop is not None  # a constraint of the table
    return reverse("committee:stop", args=[ballot.stop.key])


def _vote_form(shown: BallotShown) -> VoteForm:
    return VoteForm(choices=choices_of(shown.ballot), initial=_as_typed(shown.mine))


def _as_typed(mine: Cast | None) -> dict[str, Any]:
    if mine is None:
        return {"seen": 0}
    return {"choice": mine.choice, "reason": mine.reason, "dissent": mine.dissent, "seen": mine.revision}


@allowed(Permission.VOTE)
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: OfficeRequest, key: str) -> HttpResponse:
    """Say whether there is a conflict of interest."""
    item = find_item(request, key)
    seat = Bench.of(item, request.access.person).mine
    if seat is None or seat.bar not in ("", "conflict"):
        raise NotAllowedError(
            say(f"office.committee.bar.{seat.bar}") if seat else say("office.committee.docket.closed")
        )
    if item.standing not in _ALIVE:
        return back(request, item)
    form = DeclareForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            conflict, reason = form.cleaned_data["conflict"] == "yes", form.cleaned_data["reason"]
            last = _last_declaration(item, request.access.person)
            if last is not None and last.conflict == conflict and _same(last.reason, reason):
                return back(request, item, to="vote")
            try:
                voting.declare(item, conflict=conflict, reason=reason, by=request.access.person)
            except (InputError, OfficeError) as error:
                refuse(form, error)
            else:
                return back(request, item, "recused" if conflict else "declared", to="vote")
    return act_page(request, item, "declare", form, status=status)


@allowed(Permission.VOTE)
@require_http_methods(["GET", "HEAD", "POST"])
def vote(request: OfficeRequest, key: str) -> HttpResponse:
    """Vote, or vote again while the ballot is open."""
    ballot = find_ballot(request, key)
    bench = Bench.of(matter_of(ballot), request.access.person)
    if bench.mine is None or bench.mine.bar:
        raise NotAllowedError(bench.barred or say("office.committee.docket.closed"))
    if ballot.item is not None and not bench.mine.declared:
        return redirect("committee:declare", ballot.item.key)
    shown = show_ballot(ballot, bench, request.access.person)
    if request.method != "POST":
        if not shown.open:
            return redirect(home_of(ballot))
        return _vote_page(request, ballot, _vote_form(shown), shown)
    form = VoteForm(request.POST, choices=choices_of(ballot))
    status = 400
    if form.is_valid():
        given = form.cleaned_data
        if shown.problem is not None:
            refuse(form, OfficeError(shown.problem))
            return _vote_page(request, ballot, form, shown, status=409)
        if _stands_already(shown.mine, given):
            return _voted(request, ballot)
        if given["seen"] != (shown.mine.revision if shown.mine else 0):
            # Their own vote from another device: what stands there is shown beside what they typed here.
            refuse(form, OfficeError(say("office.committee.docket.voted_elsewhere")))
            form.data = request.POST.copy()
            form.data["seen"] = str(shown.mine.revision if shown.mine else 0)
            return _vote_page(request, ballot, form, shown, status=409)
        try:
            voting.vote(
                ballot, given["choice"], reason=given["reason"], dissent=given["dissent"], by=request.access.person
            )
        except (InputError, OfficeError) as error:
            refuse(form, error)
        else:
            return _voted(request, ballot)
    return _vote_page(request, ballot, form, shown, status=status)


def _voted(request: OfficeRequest, ballot: Ballot) -> HttpResponse:
    messages.success(request, tell("office.committee.docket.done.voted"), extra_tags="good")
    return redirect(f"{home_of(ballot)}#vote")


def _vote_page(
    request: OfficeRequest, ballot: Ballot, form: VoteForm, shown: BallotShown, *, status: int = 200
) -> HttpResponse:
    now = []
    if status == 409 and shown.mine is not None:
        now = [stands(say("office.committee.docket.form.vote.choice"), say(f"office.choice.{shown.mine.choice}"))]
        if shown.mine.reason:
            now.append(stands(say("office.committee.docket.form.vote.reason"), shown.mine.reason))
    case = matter_of(ballot).use_case
    context = {"case": case, "shown": shown, "now": now, "home": home_of(ballot), "closed": not shown.open}
    return act_page(request, ballot.item, "vote", form, status=status, **context)


@allowed(Permission.VOTE)
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: OfficeRequest, key: str) -> HttpResponse:
    """Call a circulated resolution to a meeting."""
    ballot = find_ballot(request, key)
    item = ballot.item
    if item is None:
        return redirect(home_of(ballot))
    bench = Bench.of(item, request.access.person)
    if bench.mine is None or bench.mine.bar:
        raise NotAllowedError(bench.barred or say("office.committee.docket.closed"))
    if ballot.closed_at is not None:
        return back(request, item)
    prefix = "call" if "call-reason" in request.POST else None
    form = CallForm(request.POST or None, prefix=prefix)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                voting.call_to_meeting(ballot, form.cleaned_data["reason"], by=request.access.person)
            except (InputError, OfficeError) as error:
                refuse(form, error)
            else:
                return back(request, item, "called", to="vote")
    return act_page(request, item, "call", form, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def open_ballot(request: OfficeRequest, key: str) -> HttpResponse:
    """Open a circulated resolution."""
    item = find_item(request, key)
    if not (request.access.may(Permission.CHAIR) or request.access.may(Permission.REVIEW)):
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.chair")))
    if item.standing != DocketItem.Standing.WAITING:
        return back(request, item)
    form = OpenForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            until = form.cleaned_data["deadline"]
            try:
                voting.open_ballot(item, Form.CIRCULATION, deadline=until, by=request.access.person)
            except (InputError, OfficeError) as error:
                refuse(form, error)
            else:
                return back(request, item, "opened", to="vote")
    return act_page(request, item, "open", form, status=status, now_is=timezone.now())


@signed_in
@require_POST
def close(request: OfficeRequest, key: str) -> HttpResponse:
    """Close a ballot, and decide by it; or end it without a result, where its votes cannot be opened."""
    ballot = find_ballot(request, key)
    try:
        done = voting.close_ballot(ballot, void="void" in request.POST, by=request.access.person)
    except NotAllowedError:
        raise
    except OfficeError as error:
        message: Any = error.message
        messages.error(request, tell(message.key, **message.arguments), extra_tags="bad")
    else:
        ending = "decided" if done.ending == Ballot.Ending.DECIDED else "undecided"
        messages.success(request, tell(f"office.committee.docket.done.{ending}"), extra_tags="good")
    return redirect(f"{home_of(ballot)}#vote")


def _last_declaration(item: DocketItem, person: Person | None) -> Declaration | None:
    rows = Declaration.objects.filter(item=item, person=person).select_related("reason")
    return rows.order_by("-revision").first()


def _stands_already(mine: Cast | None, given: dict[str, Any]) -> bool:
    """Return whether this very vote stands already: the form was sent twice."""
    if mine is None or mine.choice != given["choice"] or mine.dissent != given["dissent"]:
        return False
    return _same(mine.reason, given["reason"])


def _same(kept: Any, typed: str) -> bool:
    return " ".join(str(kept or "").split()) == " ".join(typed.split())
