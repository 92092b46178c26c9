"""Minutes: read (and printed), completed in words, approved."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hakari.errors import ConflictError, InputError, NotAllowedError, OfficeError
from hakari.messages import Message, say
from hakari.office.committee.actions.minutes import approve_minutes, last_minutes, write_words
from hakari.office.committee.models import Meeting, Minutes, MinutesApproval
from hakari.office.committee.showing.reading import known_cases, require_reader
from hakari.office.committee.views.forms_meetings import WordsForm
from hakari.office.committee.views.refusals import show_refusal
from hakari.office.core.access import OfficeRequest, signed_in
from hakari.office.core.forms import tell
from hakari.office.core.models import FreeText
from hakari.office.core.templatetags.office import told
from hakari.office.lifecycle.models import File
from hakari.office.lifecycle.showing.names import named
from hakari.office.people.access import Access
from hakari.office.people.permissions import Permission
from hakari.office.registry.models import UseCase
from hakari.office.registry.visibility import title_for

__all__ = ["approve", "minutes", "words"]


_BY_CONFLICT = "office.minutes.recused.conflict"


@signed_in
@require_safe
def minutes(request: OfficeRequest, key: str) -> HttpResponse:
    """Show the minutes of a meeting in the reader's language, as far as the reader knows its cases."""
    require_reader(request.access)
    return render(request, "committee/minutes.html", _context(request.access, _last(key)))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: OfficeRequest, key: str) -> HttpResponse:
    """Add words to the minutes."""
    require_reader(request.access)
    last = _last(key)
    if not request.access.may(Permission.REVIEW):
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.review")))
    if not _whole(request.access, _document(last)):
        raise NotAllowedError(say("office.minutes.not_whole"))
    initial = {"words": str(last.words or ""), "seen": last.revision}
    form = WordsForm(request.POST if request.method == "POST" else None, initial=initial)
    there, status = None, 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        if given["words"].strip() == str(last.words or ""):  # sent twice, or nothing was changed
            return redirect("committee:minutes", key=key)
        try:
            write_words(last.meeting, given["words"], seen=given["seen"], by=request.access.person)
        except ConflictError:
            there, status = last, 409
            form.data = {**form.data.dict(), "seen": str(last.revision)}  # type: ignore[attr-defined]
        except InputError as error:
            form.add_error("words", told(error.message))
        else:
            messages.success(request, tell("office.minutes.saved"), extra_tags="good")
            return redirect("committee:minutes", key=key)
    context = {"form": form, "meeting": last.meeting, "there": there}
    return render(request, "committee/minutes_words.html", context, status=status)


@signed_in
@require_POST
def approve(request: OfficeRequest, key: str) -> HttpResponse:
    """Approve the revision that the chair read; one that was written meanwhile must be read first."""
    require_reader(request.access)
    last = _last(key)
    seen = request.POST.get("revision", "")
    read = Minutes.objects.filter(meeting=last.meeting, revision=int(seen)).first() if seen.isdecimal() else None
    try:
        approve_minutes(read or last, by=request.access.person)
    except OfficeError as error:
        show_refusal(request, error)
    else:
        messages.success(request, tell("office.minutes.approved_now"), extra_tags="good")
    return redirect("committee:minutes", key=key)


def _last(key: str) -> Minutes:
    meeting = Meeting.objects.select_related("place", "called_by").filter(key=key).first()
    found = last_minutes(meeting) if meeting is not None else None
    if found is None or meeting is None:
        raise Http404
    found.meeting = meeting
    return found


def _document(found: Minutes) -> dict[str, Any]:
    file = File.objects.filter(digest=found.document).first()
    if file is None or file.content is None:
        raise Http404
    document: dict[str, Any] = json.loads(bytes(file.content))
    return document


def _whole(access: Access, document: dict[str, Any]) -> bool:
    """Return whether a reader knows every case in the minutes: else the words could tell of one that they do not."""
    keys = {item["use_case"] for item in document["items"]}
    return known_cases(access).filter(key__in=keys).count() == len(keys)


def _context(access: Access, found: Minutes) -> dict[str, Any]:
    document = _document(found)
    cases = {
        case.key: case for case in known_cases(access).filter(key__in=[row["use_case"] for row in document["items"]])
    }
    items = [row for row in document["items"] if row["use_case"] in cases]
    names = named(_people(document, items, found))
    texts = {row.digest: str(row) for row in FreeText.objects.filter(digest__in=_texts(items))}
    approval = MinutesApproval.objects.filter(minutes=found).first()
    if approval is not None:
        names |= named([approval.by])
    return {
        "minutes": found,
        "meeting": found.meeting,
        "document": document,
        "present": [names.get(row["person"], "–") for row in document["attendance"] if row["present"]],
        "absent": [names.get(row["person"], "–") for row in document["attendance"] if not row["present"]],
        "items": [_item(access, row, cases[row["use_case"]], names, texts) for row in items],
        "words": str(found.words) if found.words_id and _whole(access, document) else "",
        "approval": approval,
        "approved_by": names.get(approval.by, "–") if approval else "",
        "written_by": names.get(found.by, "–"),
        "may_write": access.may(Permission.REVIEW) and _whole(access, document),
        "may_approve": access.may(Permission.CHAIR) and approval is None,
    }


def _item(
    access: Access, row: dict[str, Any], case: UseCase, names: dict[str, Any], texts: dict[str, str]
) -> dict[str, Any]:
    def who(each: dict[str, Any], key: str = "person") -> dict[str, Any]:
        return {**each, "name": names.get(each[key], "–"), "words": texts.get(each.get("reason", ""), "")}

    decision = row["decision"]
    conflicts = [each for each in row["declared"] if each["conflict"]]
    return {
        **row,
        "title": title_for(access, case),
        "case": case.number,
        "conflicts": [who(each) for each in conflicts],
        "clear": [who(each)["name"] for each in row["declared"] if not each["conflict"]],
        # A conflict is said once: with its reason, where it was declared.
        "recused": [
            who(each)
            for each in row["recused"]
            if not (each["told"] == _BY_CONFLICT and each["person"] in {said["person"] for said in conflicts})
        ],
        "pulled": [who(each, "by") for each in row["pulled"]],
        "ballots": [
            {
                **each,
                "dissent": [who(vote) for vote in each["dissent"]],
                "counts": sorted(each["votes"].items()),
                "again": _again(each),
            }
            for each in row["ballots"]
        ],
        "until": date.fromisoformat(decision["valid_until"]) if decision else None,
        "conditions": [
            {**each, "words": texts.get(each["text"], "–"), "day": date.fromisoformat(each["due"])}
            for each in (decision or {"conditions": []})["conditions"]
        ],
    }


def _again(ballot: dict[str, Any]) -> Message | None:
    """Return why there was another vote on the item before this one; minutes of before do not say."""
    after = ballot.get("after", "")
    return say(f"office.minutes.again.{after}") if after else None


def _people(document: dict[str, Any], items: list[dict[str, Any]], found: Minutes) -> set[str]:
    keys = {row["person"] for row in document["attendance"]} | {found.by}
    for item in items:
        keys |= {row["person"] for row in (*item["declared"], *item["recused"])} | {row["by"] for row in item["pulled"]}
        keys |= {vote["person"] for ballot in item["ballots"] for vote in ballot["dissent"]}
    return keys


def _texts(items: list[dict[str, Any]]) -> set[str]:
    found: set[str] = set()
    for item in items:
        found |= {row["reason"] for row in (*item["declared"], *item["pulled"])}
        found |= {vote["reason"] for ballot in item["ballots"] for vote in ballot["dissent"]}
        found |= {row["text"] for row in (item["decision"] or {"conditions": []})["conditions"]}
    return found - {""}
