"""Making: the notice about one row of the tested data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari.assessment.notice.model import DecisionNotice, Model
from hakari.assessment.notice.record import referenced
from hakari.errors import InputError
from hakari.workflows.explaining.attributing import explain_row, method_of
from hakari.workflows.explaining.question import Question, ask_about, model_at_hand
from hakari.workflows.notice.changing import Changes, Wanted, find_changes, read_constraint_file
from hakari.workflows.notice.reason_lines import middles, reason_line
from hakari.workflows.notice.room import NoticeRoom

if TYPE_CHECKING:
    from hakari.measures.explanation import Attributions
    from hakari.measures.explanation._reasons import Reasons
    from hakari.workflows.project import Project

__all__ = ["make_notice"]


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
    room.check_features(model_at_hand(project)[1].features)
    question = ask_about(project, number)
    if question.other_decision is not None:
        raise InputError(question.other_decision)
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


def _explained(question: Question, room: NoticeRoom, seed: int) -> Attributions:
    from hakari.measures.explanation import players_of

    names = question.row.names
    players = players_of(names, room.glossary.grouped(names))
    return explain_row(question, players, seed=seed)


def _reasons(explained: Attributions, question: Question, room: NoticeRoom) -> Reasons:
    from hakari.measures.explanation._reasons import choose_reasons

    names = explained.names
    return choose_reasons(
        explained,
        pull="up" if question.positive else "down",
        private=[name for name in names if room.glossary.is_private(name)],
    )


def _changes(question: Question, room: NoticeRoom, seed: int) -> Changes:
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
