"""Single: one row of a project explained for an engineer, and put to the test."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from hakari.inputs.values import is_missing
from hakari.messages import LANGUAGES, Message, say
from hakari.reports.explained.result import GroupsFrom, RowExplanation
from hakari.workflows.explaining.attributing import explain_row, repeats_of
from hakari.workflows.explaining.following import follow
from hakari.workflows.explaining.question import Question, ask_about
from hakari.workflows.notice.room import NoticeRoom

if TYPE_CHECKING:
    from hakari.measures.explanation import Features
    from hakari.workflows.project import Project

__all__ = ["explain_single"]


def explain_single(
    project: Project,
    number: int,
    *,
    progress: Callable[[Message], None] = lambda message: None,
) -> RowExplanation:
    """Return the explanation of row `number` (1 is the first) of the project's tested data.

    Args:
        project: opened with its data.
        number: which row.
        progress: told what is done.

    Raises:
        InputError: as `ask_about` and `NoticeRoom.of`.
    """
    from hakari.measures.explanation import players_of
    from hakari.measures.explanation._explaining import line_in
    from hakari.measures.explanation._reasons import MOST_REASONS, choose_reasons

    started, seed = time.perf_counter(), project.manifest.seed
    question = ask_about(project, number)
    names = question.row.names
    groups, groups_from, warning = _groups(question, project)
    progress(say("workflows.explaining.progress.explaining"))
    shown = explain_row(question, players_of(names, groups), seed=seed)
    progress(say("workflows.explaining.progress.trying"))
    following = follow(question, question.asked.in_quantity(shown.quantity), shown, seed=seed)
    line = line_in(shown.quantity, question.threshold)
    inputs = project.inputs
    assert inputs is not None  # the question was asked of it
    return RowExplanation(
        title={language: project.manifest.title(language) for language in LANGUAGES},
        version=project.manifest.system.version,
        model=question.asked.name,
        row=number,
        rows=inputs.data.rows,
        shown=shown if following.followed is None else replace(shown, followed=np.array([following.followed])),
        own=_first_row(question.row),
        usual=_usual(question.background),
        compared=question.background.rows,
        compared_from="test" if inputs.train is None else "train",
        score=question.score,
        threshold=question.threshold,
        line=line if math.isfinite(line) else None,
        positive=question.positive,
        positive_class=inputs.columns.positive,
        reasons=choose_reasons(shown, pull="up" if question.positive else "down"),
        main=MOST_REASONS,
        following=following,
        groups_from=groups_from,
        warnings=tuple(each for each in (question.other_decision, warning) if each is not None),
        repeats=sum(repeats_of(shown)),
        seed=seed,
        model_rows=question.asked.rows,
        seconds=time.perf_counter() - started,
    )


def _groups(question: Question, project: Project) -> tuple[Mapping[str, tuple[str, ...]], GroupsFrom, Message | None]:
    """The manifest's own groups; those of the glossary of notices where it has none, so that the two say the same."""
    names, stated = question.row.names, question.options.groups
    told = None
    if NoticeRoom.stands_in(project.folder, project.manifest):
        told = NoticeRoom.of(project.folder, project.manifest).glossary.grouped(names)
    if stated is not None:
        differ = told is not None and _partition(stated) != _partition(told)
        return stated, "manifest", say("workflows.explaining.other_groups") if differ else None
    return (told, "glossary", None) if told else ({}, "nobody", None)


def _partition(groups: Mapping[str, tuple[str, ...]]) -> set[frozenset[str]]:
    return {frozenset(columns) for columns in groups.values() if len(columns) > 1}


def _first_row(row: Features) -> dict[str, Any]:
    return {name: _plain(values[0]) for name, values in row.columns.items()}


def _usual(background: Features) -> dict[str, Any]:
    """Median of numbers, most frequent text of others; None where all is missing."""
    found: dict[str, Any] = {}
    for name, values in background.columns.items():
        known = [each for each in map(_plain, values) if each is not None]
        if not known:
            found[name] = None
        elif name in background.numeric:
            found[name] = float(np.median(np.array(known, dtype=np.float64)))
        else:
            found[name] = Counter(map(str, known)).most_common(1)[0][0]
    return found


def _plain(value: Any) -> Any:
    plain = value.item() if isinstance(value, np.generic) else value
    return None if is_missing(plain) else plain
