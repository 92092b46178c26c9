"""Making: the notice about one row of the tested data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from hakari.assessment.notice.model import DecisionNotice, Model
from hakari.assessment.notice.record import referenced
from hakari.errors import InputError
from hakari.inputs.values import class_text
from hakari.messages import say
from hakari.statistics.streams import stream
from hakari.workflows.notice.changing import Changes, Wanted, find_changes, read_constraint_file
from hakari.workflows.notice.explaining import explain_row, method_of
from hakari.workflows.notice.reason_lines import middles, reason_line
from hakari.workflows.notice.room import NoticeRoom

if TYPE_CHECKING:
    from hakari.inputs import Data, Inputs, ModelAtHand
    from hakari.measures.explanation import Asked, Attributions, Features
    from hakari.measures.explanation._reasons import Reasons
    from hakari.workflows.project import Project

__all__ = ["find_row", "make_notice"]

_BACKGROUND: Final = 1_000
"""Other cases that a row is compared with, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What is explained: one row, the model, and the decision that it made."""

    asked: Asked
    row: Features
    background: Features
    score: float | None
    threshold: float
    positive: bool
    """Whether the model gave the row the positive class."""


def make_notice(
    project: Project, room: NoticeRoom, number: int, *, today: str, reference: str | None = None
) -> DecisionNotice:
    """Return the notice about row `number` (1 is the first) of the project's tested data.

    Args:
        project: opened with its data.
        room: wording, glossary and constraints.
        number: which row.
        today: day of the notice, ISO 8601.
        reference: the company's own reference number; one is derived without it.

    Raises:
        InputError: no model at hand, a row that is not there, files that do not fit the model, or a model that does not
            give the decision that stands in the data.
    """
    inputs, at_hand = _at_hand(project)
    room.check_features(at_hand.features)
    question = _question(inputs, at_hand, number, project.manifest.seed)
    wording, seed = room.wording, project.manifest.seed
    favourable = question.positive == (wording.favourable_class == "positive")
    explained = _explained(question, room, seed)
    reasons = _reasons(explained, question, room)
    changes = Changes(state="not_needed") if favourable else _changes(question, room, seed)
    outcome = wording.favourable if favourable else wording.unfavourable
    middle, languages = middles(question.background), wording.languages
    subject = next((item for item in project.subjects if item.role == "model"), None)
    shown = wording.show_score and question.score is not None
    notice = DecisionNotice(
        reference="",
        date=today,
        languages=languages,
        organisation=dict(wording.organisation),
        applied_for=dict(wording.applied_for),
        outcome="favourable" if favourable else "unfavourable",
        decision=dict(outcome.decision),
        next=dict(outcome.next),
        decided_by=dict(wording.decided_by),
        ai_part=dict(wording.ai_part),
        lead=dict(outcome.reasons),
        reasons=tuple(reason_line(reason, question.row, middle, room.glossary, languages) for reason in reasons.stated),
        unstable=reasons.unstable,
        unnamed=reasons.unnamed,
        reliable=reasons.reliable,
        near_line=explained.near_line is not None and bool(explained.near_line[0]),
        changes=changes.alternatives,
        change_state=changes.state,
        not_used=tuple(dict(item.name) for item in wording.not_used),
        contest=wording.contest,
        model=Model(
            version=project.manifest.system.version,
            digest="" if subject is None else subject.digest,
            score=question.score if shown else None,
            line=question.threshold if shown else None,
            rows=question.asked.rows,
            compared=question.background.rows,
        ),
        method=method_of(explained, seed),
    )
    return referenced(notice, reference)


def find_row(data: Data, where: str) -> int:
    """Return the number of the one row in which a column has a value, from `column=value`.

    Raises:
        InputError: no such column, or not exactly one such row.
    """
    column, equals, value = where.partition("=")
    if not equals:
        raise InputError(say("workflows.notice.where", where=where))
    data.require([column])
    wanted = class_text(value)
    values = data.read([column])[column].tolist()
    found = [number for number, item in enumerate(values, 1) if class_text(item) == wanted]
    if len(found) != 1:
        raise InputError(say("workflows.notice.rows", where=where, n=len(found)))
    return found[0]


def _at_hand(project: Project) -> tuple[Inputs, ModelAtHand]:
    inputs = project.inputs
    if inputs is None:
        raise InputError(say("workflows.notice.no_data"))
    if inputs.model is None or not inputs.model.features:
        raise InputError(say("measures.explanation.asking.no_model"))
    return inputs, inputs.model


def _question(inputs: Inputs, at_hand: ModelAtHand, number: int, seed: int) -> _Question:
    from hakari.measures.explanation._asking import ask_inputs, read_features

    if not 1 <= number <= inputs.data.rows:
        raise InputError(say("workflows.notice.row", row=number, rows=inputs.data.rows))
    row = read_features(inputs.data, at_hand.features).take([number - 1])
    others = read_features(inputs.train or inputs.data, at_hand.features)
    if others.rows > _BACKGROUND:
        drawn = stream(seed, "notice", "background").choice(others.rows, _BACKGROUND, replace=False)
        others = others.take(np.sort(drawn))
    told = at_hand.predict(row.columns)
    asked = ask_inputs(inputs)
    output = float(asked(row)[0])
    threshold = at_hand.spec.threshold if told.score is not None else 0.5
    positive = output >= threshold
    _check_decision(inputs, number, positive)
    return _Question(
        asked=asked,
        row=row,
        background=others,
        score=None if told.score is None else output,
        threshold=threshold,
        positive=positive,
    )


def _check_decision(inputs: Inputs, number: int, positive: bool) -> None:
    """The decision that was made stands in the data: a model that says something else explains another decision."""
    column = inputs.columns.prediction
    if column is None:
        return
    value = inputs.data.read([column])[column][number - 1]
    if (class_text(value) == class_text(inputs.columns.positive)) != positive:
        raise InputError(say("workflows.notice.other_decision", row=number, column=column, value=class_text(value)))


def _explained(question: _Question, room: NoticeRoom, seed: int) -> Attributions:
    from hakari.measures.explanation import players_of

    names = question.row.names
    players = players_of(names, room.glossary.grouped(names))
    return explain_row(
        question.asked, question.row, question.background, players, threshold=question.threshold, seed=seed
    )


def _reasons(explained: Attributions, question: _Question, room: NoticeRoom) -> Reasons:
    from hakari.measures.explanation._reasons import choose_reasons

    names = explained.names
    return choose_reasons(
        explained,
        pull="up" if question.positive else "down",
        private=[name for name in names if room.glossary.is_private(name)],
    )


def _changes(question: _Question, room: NoticeRoom, seed: int) -> Changes:
    return find_changes(
        question.asked,
        question.row,
        question.background,
        None if room.constraints is None else read_constraint_file(room.constraints),
        room.glossary,
        wanted=Wanted(above=not question.positive, threshold=question.threshold),
        languages=room.wording.languages,
        seed=seed,
    )
