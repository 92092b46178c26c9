"""The second look: drawing, and reading again without seeing the tier."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from hakari.errors import OfficeError
from hakari.office.core.access import OfficeRequest, allowed
from hakari.office.core.forms import tell
from hakari.office.intake.actions.rules import is_own
from hakari.office.intake.actions.sampling import draw_sample, read_sample
from hakari.office.intake.forms import LevelForm
from hakari.office.intake.lanes import LANES
from hakari.office.intake.measuring import mis_triage
from hakari.office.intake.models import Draw, Reading, Sample
from hakari.office.intake.showing import chosen_texts
from hakari.office.intake.weighing import asked_questions
from hakari.office.people.permissions import Permission
from hakari.office.registry.visibility import visible
from hakari.packs.triage.model import LEVELS

__all__ = ["sample", "samples"]


@allowed(Permission.SAMPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def samples(request: OfficeRequest) -> HttpResponse:
    """List what was drawn and is to be read, and draw again."""
    last = Draw.objects.order_by("-number").first()
    if request.method == "POST":
        stated = request.POST.get("after", "")
        if stated.isdecimal() and len(stated) < 9:
            try:
                draw_sample(after=int(stated), by=request.access.person)
            except OfficeError as error:
                messages.info(request, tell(error.message.key))  # type: ignore[attr-defined]  # said by the action
        return redirect("intake:samples")
    found = Sample.objects.filter(reading=None, notification__use_case__in=visible(request.access).values("pk"))
    rows = [
        {"sample": item, "own": is_own(request.access.person, item.notification) or item.settled_by == _key(request)}
        for item in found.select_related("notification__use_case", "drawn").order_by("drawn__number", "pk")[:100]
    ]
    shares = [{"lane": lane, "share": rule.share} for lane, rule in LANES.items() if rule.share]
    draws = Draw.objects.all()[:10]
    context = {"rows": rows, "last": last, "draws": draws, "shares": shares, "rates": mis_triage()}
    return render(request, "intake/samples.html", context)


@allowed(Permission.SAMPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def sample(request: OfficeRequest, key: str) -> HttpResponse:
    """Show the answers of one drawn case without its tier, and ask which it should be."""
    found = Sample.objects.select_related("record", "drawn", "notification__use_case__unit").filter(key=key)
    item = found.filter(notification__use_case__in=visible(request.access).values("pk")).first()
    if item is None:
        raise Http404
    form = LevelForm(request.POST or None, levels=LEVELS)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        read_sample(item, level=told["level"], remark=told["remark"], by=request.access.person)
        return redirect("intake:sample", key)
    reading = Reading.objects.filter(sample=item).select_related("remark", "sample").first()
    own = is_own(request.access.person, item.notification) or item.settled_by == _key(request)
    answers = item.record.answers
    lines = [
        {"question": question, "texts": chosen_texts(question, answers.get(question.id))}
        for question in asked_questions(answers)
    ]
    context = {"item": item, "form": form, "lines": lines, "reading": reading, "own": own}
    return render(request, "intake/sample.html", context, status=400 if form.is_bound else 200)


def _key(request: OfficeRequest) -> str:
    return str(request.access.person.key)
