"""The docket: what lies before the committee; laying a round on it, and taking an item off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hakari.errors import ConflictError, InputError, NotAllowedError, OfficeError
from hakari.messages import say
from hakari.office.committee.actions.docket import put_on_docket
from hakari.office.committee.actions.docket import withdraw as withdraw_item
from hakari.office.committee.forms import PutForm, WithdrawForm
from hakari.office.committee.models import Ballot, Declaration, DocketItem, Vote
from hakari.office.committee.showing.reading import items_for, knows, require_reader
from hakari.office.committee.showing.waiting import asked_of, open_ballots
from hakari.office.committee.views.items_acting import act_page, back, find_writable, refuse
from hakari.office.core.access import OfficeRequest, allowed, signed_in
from hakari.office.core.forms import OfficeForm
from hakari.office.intake.lanes import due_state, working_days
from hakari.office.lifecycle.actions.rules import is_own
from hakari.office.lifecycle.models import Review, Round, Stage, Standing
from hakari.office.people.access import Access
from hakari.office.people.permissions import Permission
from hakari.office.registry.visibility import is_veiled

__all__ = ["docket", "put", "withdraw"]

_PAGE: Final = 25
_STANDINGS: Final = ("open", *DocketItem.Standing.values)
_OPEN: Final = (DocketItem.Standing.WAITING, DocketItem.Standing.VOTING)
_TIERS: Final = ("low", "middle", "high", "stop")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Filters:
    """What the address asks for; what it says wrongly is as if it were not said."""

    standing: str
    stage: str
    tier: str
    mine: bool

    @classmethod
    def read(cls, request: OfficeRequest) -> _Filters:
        asked = {name: str(request.GET.get(name, "")) for name in ("standing", "stage", "tier", "mine")}
        return cls(
            standing=asked["standing"] if asked["standing"] in _STANDINGS else "open",
            stage=asked["stage"] if asked["stage"] in Stage.values else "",
            tier=asked["tier"] if asked["tier"] in _TIERS else "",
            mine=asked["mine"] == "1" and request.access.may(Permission.VOTE),
        )

    @property
    def narrow(self) -> bool:
        """Whether anything is left out besides the standing."""
        return bool(self.stage or self.tier or self.mine)

    def apply(self, access: Access) -> QuerySet[DocketItem]:
        """Return the items that are asked for, of every standing."""
        found = items_for(access)
        if self.stage:
            found = found.filter(round__assessment__stage=self.stage)
        if self.tier:
            found = found.filter(use_case__highest=self.tier)
        return _without_vote(access, found) if self.mine else found


@signed_in
@require_safe
def docket(request: OfficeRequest) -> HttpResponse:
    """List what waits, what is being voted on, and what is decided."""
    require_reader(request.access)
    access, filters = request.access, _Filters.read(request)
    found = filters.apply(access)
    rows = found.order_by().values("standing").annotate(number=Count("pk"))
    counts = {str(row["standing"]): int(row["number"]) for row in rows}
    counts["open"] = sum(counts.get(standing, 0) for standing in _OPEN)
    wanted = _OPEN if filters.standing == "open" else (filters.standing,)
    order = ("put_at", "pk") if filters.standing != "decided" else ("-put_at", "-pk")
    page = Paginator(found.filter(standing__in=wanted).order_by(*order), _PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": _rows(access, list(page)),
        "filters": filters,
        "tabs": [(standing, counts.get(standing, 0)) for standing in _STANDINGS],
        "stages": Stage.values,
        "tiers": _TIERS,
        "votes": access.may(Permission.VOTE),
    }
    return render(request, "committee/docket.html", context)


def _rows(access: Access, items: list[DocketItem]) -> list[dict[str, Any]]:
    ballots = open_ballots(items)
    asked, today = asked_of(access, items, ballots), timezone.localdate()
    found = []
    for item in items:
        ballot = ballots.get(item.pk)
        deadline = timezone.localtime(ballot.deadline) if ballot and ballot.deadline else None
        found.append(
            {
                "item": item,
                "case": item.use_case,
                "ballot": ballot,
                "deadline": deadline,
                "state": due_state(deadline.date(), today) if deadline else "",
                "age": working_days(timezone.localtime(item.put_at).date(), today),
                "asked": asked.get(item.pk),
            }
        )
    return found


def _without_vote(access: Access, found: QuerySet[DocketItem]) -> QuerySet[DocketItem]:
    """Return those in whose open ballot the reader's vote is missing."""
    person = access.person
    voted = Vote.objects.filter(ballot=OuterRef("pk"), person=person)
    lacking = Ballot.objects.filter(~Exists(voted), item=OuterRef("pk"), closed_at=None)
    aside = Declaration.objects.filter(item=OuterRef("pk"), person=person, conflict=True)
    found = found.filter(Exists(lacking), ~Exists(aside)).exclude(put_by=person)
    return found.exclude(use_case__owner=person).exclude(use_case__reporter=person)


@allowed(Permission.REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def put(request: OfficeRequest, key: str) -> HttpResponse:
    """Lay a round before the committee."""
    round = Round.objects.filter(key=key).select_related("assessment__use_case__unit").first()
    if round is None or not knows(request.access, round.assessment.use_case):
        raise Http404
    item = DocketItem.objects.filter(round=round).exclude(standing=DocketItem.Standing.WITHDRAWN).first()
    if item is not None:
        return redirect("committee:item", item.key)
    _require_judge(request.access, round)
    proposed = Review.objects.filter(round=round).exclude(proposal="").order_by("-pk").first()
    form = PutForm(request.POST or None, initial={"proposal": proposed.proposal if proposed else ""})
    status = 200
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = put_on_docket(round, given["proposal"], given["valid_until"], by=request.access.person)
        except (InputError, OfficeError) as error:
            refuse(form, error)
            status = 400
        else:
            return back(request, made, "put")
    elif request.method == "POST":
        status = 400
    open_now = round.assessment.standing == Standing.IN_REVIEW and round.number == round.assessment.round
    context = {"round": round, "case": round.assessment.use_case, "problem": None}
    if not open_now:
        context["problem"] = say("office.lifecycle.other_round")
    return act_page(request, None, "put", form, status=status, **context)


def _require_judge(access: Access, round: Round) -> None:
    case = round.assessment.use_case
    if not access.may(Permission.REVIEW, case.unit) or is_veiled(access, case):
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.review")))
    if is_own(access.person, round.assessment):
        raise NotAllowedError(say("office.lifecycle.own"))


@allowed(Permission.REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: OfficeRequest, key: str) -> HttpResponse:
    """Take an item off the docket."""
    item = find_writable(request, key)
    if item.standing != DocketItem.Standing.WAITING:
        return back(request, item)
    form: OfficeForm = WithdrawForm(request.POST or None, initial={"seen": item.version})
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                given = form.cleaned_data
                withdraw_item(item, given["reason"], seen=given["seen"], by=request.access.person)
            except ConflictError as error:
                refuse(form, error)
                now = DocketItem.objects.get(pk=item.pk)
                typed: Any = request.POST.copy()
                typed["seen"] = str(now.version)
                form.data = typed
                status = 409
            except (InputError, OfficeError) as error:
                refuse(form, error)
            else:
                return back(request, item, "withdrawn")
    return act_page(request, item, "withdraw", form, status=status, danger=True)
