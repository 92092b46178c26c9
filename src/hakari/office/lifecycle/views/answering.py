"""One question with its answer, history and comments; and attached files, handed out as downloads only."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hakari.errors import ConflictError, InputError
from hakari.messages import say
from hakari.office.core.access import OfficeRequest, signed_in
from hakari.office.core.forms import tell
from hakari.office.core.language import in_readers_words
from hakari.office.lifecycle.actions.answering import answer_question, comment
from hakari.office.lifecycle.actions.rules import WRITABLE, require_answer, require_standing
from hakari.office.lifecycle.files import KINDS, LARGEST, Upload, checked
from hakari.office.lifecycle.forms import AnswerForm, CommentForm
from hakari.office.lifecycle.models import Answer, Attachment, File, Remark, StageAssessment
from hakari.office.lifecycle.showing.board import Board, QuestionLine
from hakari.office.lifecycle.showing.names import named
from hakari.office.lifecycle.showing.values import value_texts
from hakari.office.lifecycle.views.finding import board_of, find, page, sees
from hakari.office.registry.visibility import visible

__all__ = ["attachment", "question", "remark"]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: OfficeRequest, key: str, reference: str, name: str) -> HttpResponse:
    """Show a question and take an answer; then the reader's next open question follows."""
    found = find(request, key)
    board = board_of(request, found)
    item = _item(board, reference, name)
    if request.method == "POST":
        require_answer(request.access.person, found, item.requirement.roles)
        require_standing(found, WRITABLE)
    last = item.answer
    value = item.given if item.by_bundle or last is None else last.given
    first = {"seen": last.revision if last else 0, **AnswerForm.initial_of(item.question, value)}
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        question=item.question,
        kept=last is not None and last.attachment_id is not None,
        initial=first,
    )
    theirs, status = None, 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                _answer(found, item, form, request.access.person)
            except ConflictError as error:
                item = _item(board_of(request, found), reference, name)
                last = item.answer
                if last is not None and last.by == request.access.person.key and _same(last, form):
                    return _on(request, found, item)
                assert last is not None  # else there would be no conflict
                theirs = {"told": error.message, "value": value_texts(item.question, last.given), "row": _row(last)}
                status, form.data = 409, _again(form, last.revision)
            except InputError as error:
                form.add_error("answer", in_readers_words(error.message))
            else:
                return _on(request, found, item)
    return page(request, "question", found, _page(found, board, item, form, theirs), status=status)


@signed_in
@require_POST
def remark(request: OfficeRequest, key: str, reference: str, name: str) -> HttpResponse:
    """Keep a comment on a question; the same comment twice in a row is one."""
    found = find(request, key)
    item = _item(board_of(request, found), reference, name)
    form = CommentForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["comment"]
        last = Remark.objects.filter(assessment=found, requirement=reference, question=name).select_related("text")
        before = last.order_by("-pk").first()
        if before is None or before.by != request.access.person.key or str(before.text) != _plain(text):
            comment(found, *item.place, text, by=request.access.person)
            messages.success(request, tell("office.lifecycle.page.commented"), extra_tags="good")
    else:
        messages.error(request, tell("office.lifecycle.page.no_comment"), extra_tags="bad")
    return redirect("lifecycle:question", key, reference, name)


@signed_in
@require_safe
def attachment(request: OfficeRequest, key: str) -> HttpResponse:
    """Hand out an attached file as a download; a browser never shows it in the place of a page."""
    rows = Attachment.objects.select_related("name", "assessment__use_case__unit")
    found = rows.filter(key=key, assessment__use_case__in=visible(request.access).values("pk")).first()
    if found is None or not sees(request.access, found.assessment.use_case):
        raise Http404
    file = File.objects.filter(digest=found.digest).exclude(content=None).first()
    if file is None:
        raise Http404
    kind = found.media_type if found.media_type in KINDS.values() else "application/octet-stream"
    response = HttpResponse(bytes(file.content or b""), content_type=kind)
    response.headers["Content-Disposition"] = content_disposition_header(True, str(found.name)) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _item(board: Board, reference: str, name: str) -> QuestionLine:
    found = board.at((reference, name))
    if found is None:
        raise Http404
    return found


def _answer(found: StageAssessment, item: QuestionLine, form: AnswerForm, by: Any) -> None:
    file = form.cleaned_data.get("answer") if item.question.type == "file" else None
    upload = _upload(file) if file else None
    answer_question(
        found, *item.place, upload.name if upload else form.value, seen=form.cleaned_data["seen"], by=by, upload=upload
    )


def _upload(file: Any) -> Upload:
    if file.size > LARGEST:  # before a byte of it is read
        raise InputError(say("office.lifecycle.file_large", name=file.name[-120:], most=LARGEST // 2**20))
    return checked(file.name, file.read())


def _same(last: Answer, form: AnswerForm) -> bool:
    """Return whether what was typed stands there already: the form was sent twice."""
    file = form.cleaned_data.get("answer") if form.question.type == "file" else None
    if file:
        file.seek(0)
        attached = last.attachment
        return attached is not None and attached.digest == hashlib.sha256(file.read()).hexdigest()
    value = form.value.strip() if isinstance(form.value, str) else form.value
    return not last.carried and last.given == value


def _again(form: AnswerForm, revision: int) -> Any:
    typed: Any = form.data
    data = typed.copy()
    data["seen"] = str(revision)
    return data


def _on(request: OfficeRequest, found: StageAssessment, item: QuestionLine) -> HttpResponse:
    """Go to the next open question of this reader, or back to the assessment."""
    fresh = board_of(request, found)
    following = fresh.after(item.place)
    messages.success(request, tell("office.lifecycle.page.answered"), extra_tags="good")
    if following is None:
        return redirect("lifecycle:assessment", found.key)
    return redirect("lifecycle:question", found.key, *following.place)


def _page(
    found: StageAssessment, board: Board, item: QuestionLine, form: AnswerForm, theirs: dict[str, Any] | None
) -> dict[str, Any]:
    reference, name = item.place
    asked = {"assessment": found, "requirement": reference, "question": name}
    rows = list(Answer.objects.filter(**asked).select_related("text", "attachment__name").order_by("-revision"))
    said = list(Remark.objects.filter(**asked).select_related("text").order_by("pk"))
    names = named([*(row.by for row in rows), *(row.by for row in said)])
    line = next(line for line in board.lines if line.requirement.reference == reference)
    mine = [question for question in board.open_questions if question.mine]
    if theirs is not None:
        theirs["by"] = names.get(theirs["row"]["by"], "—")
    return {
        "item": item,
        "line": line,
        "form": form if item.may and found.standing in WRITABLE else None,
        "theirs": theirs,
        "history": [
            {**_row(row), "by": names.get(row.by, "—"), "value": value_texts(item.question, row.given)} for row in rows
        ],
        "remarks": [{"text": row.text, "by": names.get(row.by, "—"), "at": row.at} for row in said],
        "comment_form": CommentForm(),
        "left": len(mine),
        "minutes": sum(question.question.minutes for question in mine),
        "following": board.after(item.place),
        "before": _before(board.questions, item),
    }


def _row(row: Answer) -> dict[str, Any]:
    return {"by": row.by, "at": row.at, "carried": row.carried, "attachment": row.attachment, "erased": _erased(row)}


def _erased(row: Answer) -> bool:
    return row.text is not None and row.text.text is None


def _before(questions: Sequence[QuestionLine], item: QuestionLine) -> QuestionLine | None:
    mine = [question for question in questions if question.mine or question.place == item.place]
    at = next(index for index, question in enumerate(mine) if question.place == item.place)
    return mine[at - 1] if at else None


def _plain(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n")).strip()
