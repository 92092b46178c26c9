"""Who can be harmed, as the report shows it: four exposures, the harms mapped and those still open, incidents."""

from __future__ import annotations

from dataclasses import dataclass

from hakari.assessment.case import Case
from hakari.assessment.harms.model import ExposureAnswer, HarmAnswer, HarmLine, HarmStatement, IncidentLine
from hakari.assessment.harms.record import statement_of
from hakari.messages import say
from hakari.packs.harms import HarmLibrary, load_harms
from hakari.reports.sections.links import RequirementLink, links_by_name, links_to
from hakari.reports.words import Words, capital

__all__ = ["ExposureView", "HarmView", "HarmsView", "IncidentView", "harm_view"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureView:
    """One of the four questions with its answer."""

    question: str
    who: str
    """The person's own words; empty where there are none."""
    note: str
    """Ours, where nobody answered or nobody knows."""
    by: str
    asked: tuple[RequirementLink, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmView:
    """One harm, all text rendered."""

    title: str
    own: bool
    severity: str
    exposures: str
    who: str
    state: str
    open: bool
    motives: tuple[tuple[str, str], ...]
    """Whose, and which."""
    against: str
    because: str
    by: str
    note: str
    """That the facts do not call it up, where somebody mapped it all the same."""
    facts: str
    """Facts on which it hangs; empty if it applies for certain."""
    asked: tuple[RequirementLink, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentView:
    """One incident that matches, or may."""

    title: str
    text: str
    about: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmsView:
    """The whole section."""

    mapped: bool
    summary: str
    exposures: tuple[ExposureView, ...]
    harms: tuple[HarmView, ...]
    """What the facts call up for certain, and what somebody mapped."""
    perhaps: tuple[HarmView, ...]
    """What hangs on facts that nobody stated."""
    incidents: tuple[IncidentView, ...]
    asked_by: tuple[RequirementLink, ...]
    library: str


def harm_view(case: Case, words: Words) -> HarmsView:
    """Return the section. Where nothing is mapped it holds what the facts call up, all of it open.

    What was mapped is shown as it was stated, in the words of the library of its time.
    """
    library, statement = load_harms(), statement_of(case)
    links = links_by_name(case, words)
    shown = tuple((line, _harm(line, library, links, words)) for line in statement.harms)
    return HarmsView(
        mapped=statement.mapped,
        summary=_summary(statement, words),
        exposures=tuple(_exposure(kind.id, statement, library, links, words) for kind in library.exposures),
        harms=tuple(view for line, view in shown if line.certain or line.answer is not None),
        perhaps=tuple(view for line, view in shown if not line.certain and line.answer is None),
        incidents=tuple(_incident(line, words) for line in statement.incidents),
        asked_by=links_to(statement.asked_by, links),
        library=statement.library,
    )


def _summary(statement: HarmStatement, words: Words) -> str:
    if statement.complete:
        return words.say("reports.harms.complete")
    certain = [line for line in statement.harms if line.certain or line.answer is not None]
    return words.say(
        "reports.harms.open",
        exposures=len(statement.open_exposures),
        harms=sum(line.open for line in certain),
        of=len(certain),
    )


def _exposure(
    identifier: str, statement: HarmStatement, library: HarmLibrary, links: dict[str, RequirementLink], words: Words
) -> ExposureView:
    kind = library.exposure(identifier)
    answer = statement.exposures.get(kind.id)
    known = answer is not None and answer.known
    return ExposureView(
        question=words.text(kind.question),
        who=answer.who if answer is not None and known else "",
        note="" if known else words.say(f"harms.map.exposure.{'unanswered' if answer is None else 'unknown'}"),
        by=_by(answer, words),
        asked=links_to(statement.asked.get(kind.id, ()), links),
    )


def _harm(line: HarmLine, library: HarmLibrary, links: dict[str, RequirementLink], words: Words) -> HarmView:
    titles = {motive.id: words.text(motive.title) for motive in library.motives}
    answer = line.answer
    return HarmView(
        title=line.own_title or words.text(line.title),
        own=line.severity is None,
        severity="" if line.severity is None else words.say(f"harms.severity.{line.severity}"),
        exposures=words.join([say("text", text=words.text(library.exposure(item).title)) for item in line.exposures]),
        who=words.text(line.who),
        state=capital(words.say(f"harms.map.state.{line.state}")),
        open=line.open,
        motives=()
        if answer is None
        else tuple(
            (words.say(f"reports.harms.holder.{item.held_by}"), titles.get(item.motive, item.motive))
            for item in answer.motives
        ),
        against="" if answer is None else answer.against,
        because="" if answer is None else answer.because,
        by=_by(answer, words),
        note="" if line.called or line.severity is None else words.say("reports.harms.not_called"),
        facts=words.join(list(line.unstated)),
        asked=links_to(line.requirements, links),
    )


def _by(answer: ExposureAnswer | HarmAnswer | None, words: Words) -> str:
    if answer is None or not (answer.by or answer.at):
        return ""
    if not answer.at:
        return words.say("reports.harms.by", by=answer.by)
    key = "reports.answer.by" if answer.by else "reports.harms.on"
    arguments = {"by": answer.by} if answer.by else {}
    return words.say(key, day=words.day(answer.at), **arguments)


def _incident(line: IncidentLine, words: Words) -> IncidentView:
    own = words.say("reports.harms.own_record" if line.own else "reports.harms.library_record")
    about = words.say(f"reports.harms.{line.dated}", date=line.date)
    return IncidentView(
        title=words.text(line.title),
        text=words.text(line.text),
        about=words.say("reports.harms.incident", dated=about, source=line.source, own=own),
        note="" if line.certain else words.say("reports.harms.incident_open", facts=list(line.unstated)),
    )
