"""What reviewers do with a frozen round, taking it back, and accepting a bound until a day."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from hakari.assessment.rules.gate import PASSING
from hakari.errors import ConflictError, InputError, NotAllowedError, OfficeError
from hakari.messages import say
from hakari.office.core.access import OfficeRequest, signed_in
from hakari.office.core.forms import tell
from hakari.office.core.language import in_readers_words
from hakari.office.lifecycle.actions.reviewing import accept_bound, advise, ask_for_changes, propose
from hakari.office.lifecycle.actions.rules import is_own, plain_text
from hakari.office.lifecycle.actions.submitting import take_back
from hakari.office.lifecycle.forms import AcceptForm, ChangesForm, ProposalForm, ReasonForm, ReviewForm
from hakari.office.lifecycle.models import LIVE, Acceptance, Review, Round, Standing
from hakari.office.lifecycle.showing.board import Board
from hakari.office.lifecycle.views.finding import board_of, find, page
from hakari.office.people.permissions import Permission
from hakari.office.registry.actions.writing import may_edit

__all__ = ["Desk", "accept", "act_on", "desk"]

_ACTS: Final = ("changes", "advise", "propose", "take_back")
_KINDS: Final = {"changes": Review.Kind.CHANGES, "advise": Review.Kind.ADVICE, "propose": Review.Kind.PROPOSAL}


@dataclass(slots=True)
class Desk:
    """What this reader may do with a round, and the forms for it."""

    may_review: bool
    own: bool
    """Took part, and therefore does not judge."""
    may_take_back: bool
    forms: dict[str, forms.Form]
    problem: Any = None
    status: int = 200
    before_committee: bool = field(default=False)

    @property
    def context(self) -> dict[str, Any]:
        """What the template is given."""
        return {
            "may_review": self.may_review,
            "own": self.own,
            "may_take_back": self.may_take_back,
            "before_committee": self.before_committee,
            "problem": self.problem,
            **{f"{act}_form": form for act, form in self.forms.items()},
        }


def desk(request: OfficeRequest, round: Round, board: Board) -> Desk:
    """Return the forms of a round for this reader."""
    found, access = round.assessment, request.access
    reads = found.standing == Standing.IN_REVIEW and round.number == found.round
    reviewer = reads and access.may(Permission.REVIEW, found.use_case.unit)
    own = reviewer and is_own(access.person, found)
    item: Any = getattr(round, "docket_item", None)
    docketed = item is not None and item.standing != "withdrawn"
    act = request.POST.get("act", "") if request.method == "POST" else ""
    typed: dict[str, Any] = {name: request.POST if act == name else None for name in _ACTS}
    choices = [("|".join(line.place), in_readers_words(line.question.text)) for line in board.questions]
    return Desk(
        may_review=reviewer and not own,
        own=own,
        may_take_back=reads and may_edit(access, found.use_case) and not docketed,
        before_committee=docketed,
        forms={
            "changes": ChangesForm(typed["changes"], prefix="changes", choices=choices),
            "advise": ReviewForm(typed["advise"], prefix="advise"),
            "propose": ProposalForm(typed["propose"], prefix="propose"),
            "take_back": ReasonForm(typed["take_back"], prefix="take_back"),
        },
    )


def act_on(request: OfficeRequest, round: Round, bench: Desk) -> HttpResponse | None:
    """Do what the pressed button says; None if the page has to be shown again with what was typed.

    Raises:
        NotAllowedError: not for this reader.
    """
    act = str(request.POST.get("act", ""))
    form = bench.forms.get(act)
    if form is None:
        bench.problem, bench.status = say("office.lifecycle.page.no_act"), 400
        return None
    if not form.is_valid():
        bench.status = 422
        return None
    here = redirect("lifecycle:round", round.assessment.key, round.number)
    if _twice(act, round, form.cleaned_data, request.access.person.key):
        return here
    try:
        _do(act, round, form.cleaned_data, request.access.person)
    except NotAllowedError:
        raise
    except InputError as error:
        form.add_error(None, in_readers_words(error.message))
        bench.status = 422
        return None
    except OfficeError as error:
        bench.problem, bench.status = error.message, 409 if isinstance(error, ConflictError) else 400
        return None
    messages.success(request, tell(f"office.lifecycle.page.done.{act}"), extra_tags="good")
    return here


def _do(act: str, round: Round, given: dict[str, Any], by: Any) -> None:
    if act == "changes":
        places = [tuple(place.rsplit("|", 1)) for place in given["questions"]]
        ask_for_changes(round, given["text"], [(one, other) for one, other in places], by=by)
    elif act == "advise":
        advise(round, given["text"], by=by)
    elif act == "propose":
        propose(round, given["proposal"], given["text"], by=by)
    else:
        take_back(round, given["reason"], by=by)


def _twice(act: str, round: Round, given: dict[str, Any], by: str) -> bool:
    """Return whether this was sent a moment ago already."""
    if act not in _KINDS:
        return False
    last = Review.objects.filter(round=round, by=by).select_related("text").order_by("-pk").first()
    if last is None or last.kind != _KINDS[act] or last.proposal != given.get("proposal", ""):
        return False
    return str(last.text) == plain_text(given["text"], field="review")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: OfficeRequest, key: str, reference: str) -> HttpResponse:
    """Show the bound that the data allow, and accept it until a day."""
    found, access = find(request, key), request.access
    if not access.may(Permission.ACCEPT, found.use_case.unit):
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.accept")))
    line = next((item for item in board_of(request, found).lines if item.requirement.reference == reference), None)
    if line is None:
        raise Http404
    form = AcceptForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        twice = Acceptance.objects.filter(
            assessment=found, requirement=reference, until=given["until"], by=access.person.key
        )
        if line.finding.status == "excepted" and twice.exists():
            return redirect("lifecycle:assessment", key)
        try:
            accept_bound(found, reference, by=access.person, **given)
        except NotAllowedError:
            raise
        except (InputError, OfficeError) as error:
            form.add_error(None, in_readers_words(error.message))
        else:
            messages.success(request, tell("office.lifecycle.page.accepted"), extra_tags="good")
            return redirect("lifecycle:assessment", key)
    context = {
        "line": line,
        "bounds": [check for check in line.checks if check.status == "inconclusive"],
        "unbound": any(check.status == "inconclusive" and check.worst is None for check in line.checks),
        "nothing": line.finding.status in PASSING,
        "own": is_own(access.person, found),
        "live": found.standing in LIVE,
        "form": form,
    }
    return page(request, "accept", found, context, status=422 if form.is_bound else 200)
