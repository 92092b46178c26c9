"""`hakari harms map`: record who can be harmed and what is done about it, by flags or in a conversation."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from hakari.cli._command import command
from hakari.cli.harms.look import harms
from hakari.cli.terminal.mapped import harms_document
from hakari.cli.terminal.session import Session
from hakari.errors import HakariError, InputError
from hakari.messages import say
from hakari.packs.harms.model import EXPOSURES

if TYPE_CHECKING:
    from hakari.assessment.harms import HarmAnswer, HarmLine, HarmMotive, HarmStatement
    from hakari.packs.harms import Exposure
    from hakari.workflows.harm_mapping import HarmRoom

__all__ = ["map_harms"]

_UNKNOWN = {"?", "？", "unknown", "わからない", "不明"}
_APPLIES = {"yes": "yes", "y": "yes", "はい": "yes", "○": "yes", "no": "no", "n": "no", "いいえ": "no", "×": "no"}
_QUIT = {"q", "quit", ":q"}


class _Stop(Exception):
    """The person wants to stop."""


@command("map", of=harms)
@click.argument("name", required=False, metavar="[EXPOSURE|HARM]")
@click.option("--who", metavar="TEXT")
@click.option("--applies", type=click.Choice(["yes", "no", "unknown"]))
@click.option("--exposure", "exposures", multiple=True, type=click.Choice(EXPOSURES), metavar="EXPOSURE")
@click.option("--motive", "motives", multiple=True, metavar="HOLDER:MOTIVE")
@click.option("--against", metavar="TEXT")
@click.option("--because", metavar="TEXT")
@click.option("--title", metavar="TEXT")
@click.option("--by", envvar="HAKARI_BY")
@click.option("--incidents", type=click.Path(path_type=Path), metavar="FILE")
def map_harms(
    session: Session,
    name: str | None,
    who: str | None,
    by: str | None,
    incidents: Path | None,
    **said: Any,
) -> None:
    """Record one answer by flags, ask what is open if a person sits there, and say what is open still."""
    from hakari.assessment.manifest import load_manifest
    from hakari.workflows.harm_mapping import HarmRoom
    from hakari.workflows.settings import Clock

    manifest = load_manifest(session.folder)
    room = HarmRoom.of(session.folder, manifest, incidents=session.path(incidents) if incidents else None)
    at = Clock.read().now
    given = any(value for value in said.values()) or who is not None
    if name is None and given:
        raise InputError(say("cli.harms.map.nothing"))
    if name is not None:
        _one(room, name, who, said, by=by or "", at=at)
    elif not session.as_json and sys.stdin.isatty():
        _Conversation(room, session, by, at).hold()
    statement = room.statement()
    if session.as_json:
        session.emit({"file": room.path, **harms_document(statement, session)})
    else:
        _show(room, statement, session)


# ---------------------------------------------------------------- one answer


def _one(room: HarmRoom, name: str, who: str | None, said: dict[str, Any], *, by: str, at: str) -> None:
    from hakari.assessment.harms import ExposureAnswer

    if name in EXPOSURES:
        if who is None or not who.strip() or any(said.values()):
            raise InputError(say("cli.harms.map.exposure", exposure=name))
        answer = ExposureAnswer(who="unknown" if who.strip() in _UNKNOWN else who.strip(), by=by, at=at)
        room.record_exposure(name, answer)
        return
    if who is not None or said["applies"] is None:
        raise InputError(say("cli.harms.map.harm", harm=name, exposures=list(EXPOSURES)))
    room.record_harm(name, _answer(said, by=by, at=at))


def _answer(said: dict[str, Any], *, by: str, at: str) -> HarmAnswer:
    from hakari.assessment.harms import HarmAnswer

    return HarmAnswer(
        title=said["title"],
        applies=said["applies"],
        exposures=tuple(dict.fromkeys(said["exposures"])),
        motives=tuple(_motive(text) for text in said["motives"]),
        against=(said["against"] or "").strip(),
        because=(said["because"] or "").strip(),
        by=by,
        at=at,
    )


def _motive(text: str) -> HarmMotive:
    """Read `deployer:saving` or `creator:words of one's own`."""
    from hakari.assessment.harms import HarmMotive

    holder, sign, motive = text.replace("：", ":", 1).partition(":")
    if not sign or holder.strip() not in ("creator", "deployer") or not motive.strip():
        raise InputError(say("cli.harms.map.motive", value=text[:60]))
    return HarmMotive(held_by="creator" if holder.strip() == "creator" else "deployer", motive=motive.strip())


# ---------------------------------------------------------------- a conversation


class _Conversation:
    """Asks what is open; each answer is saved before the next question is shown."""

    def __init__(self, room: HarmRoom, session: Session, by: str | None, at: str) -> None:
        self.room, self.session, self.at = room, session, at
        self.by = by

    def hold(self) -> None:
        statement = self.room.statement()
        waiting = [line for line in statement.open_harms if line.certain or line.answer is not None]
        if not statement.open_exposures and not waiting:
            return
        session = self.session
        session.print(session.say("cli.harms.map.how"))
        if self.by is None:
            self.by = click.prompt(session.say("cli.answer.by"), default="", show_default=False).strip()
        try:
            for exposure in statement.open_exposures:
                self.ask_exposure(exposure)
            for line in waiting:
                self.ask_harm(line)
        except _Stop:
            pass
        session.print()

    def typed(self, key: str | None = None, **arguments: Any) -> str:
        """Return what the person types after a question."""
        if key is not None:
            self.session.print(self.session.say(key, **arguments), first="  ", rest="  ")
        text = str(click.prompt("  >", default="", show_default=False, prompt_suffix=" ")).strip()
        if text.casefold() in _QUIT:
            raise _Stop
        return text

    def ask_exposure(self, exposure: Exposure) -> None:
        from hakari.assessment.harms import ExposureAnswer

        kind, session = self.room.library.exposure(exposure), self.session
        session.print()
        session.lines(click.style(session.pick(kind.question), bold=True))
        session.print(session.pick(kind.help), first="  ", rest="  ")
        text = self.typed()
        if text:
            who = "unknown" if text.casefold() in _UNKNOWN else text
            self.room.record_exposure(exposure, ExposureAnswer(who=who, by=self.by or "", at=self.at))

    def ask_harm(self, line: HarmLine) -> None:
        harm, session = self.room.library.harm(line.harm), self.session
        if harm is None:
            return
        session.print()
        session.lines(click.style(session.say("cli.harms.map.title", title=dict(harm.title), harm=harm.id), bold=True))
        session.print(session.pick(harm.text), first="  ", rest="  ")
        session.print(session.say("harms.show.who", who=dict(harm.who)), first="  ", rest="  ")
        text = self.typed("cli.harms.map.applies")
        if not text:
            return
        applies = "unknown" if text.casefold() in _UNKNOWN else _APPLIES.get(text.casefold())
        if applies is None:
            session.print(session.say("cli.harms.map.applies_known", value=text[:60]), first="  ", rest="  ")
            self.ask_harm(line)
            return
        said: dict[str, Any] = {"title": None, "applies": applies, "exposures": harm.exposures, "motives": []}
        said |= {"against": None, "because": None}
        if applies == "no":
            said["because"] = self.typed("cli.harms.map.because")
            if not said["because"]:
                return
        elif applies == "yes":
            said["motives"] = self.motives()
            said["against"] = self.typed("cli.harms.map.against")
        try:
            self.room.record_harm(harm.id, _answer(said, by=self.by or "", at=self.at))
        except HakariError as error:
            session.print(session.text(cast("Any", error.message)), first="  ", rest="  ")

    def motives(self) -> list[str]:
        """Return motives as `holder:motive`, asked again until they can be read."""
        known = [f"{holder}:{motive.id}" for motive in self.room.library.motives for holder in motive.held_by]
        self.session.print(self.session.say("cli.harms.map.motives", known=known), first="  ", rest="  ")
        while True:
            text = self.typed()
            parts = [part.strip() for part in text.replace("、", ",").replace("；", ";").replace(";", ",").split(",")]
            try:
                for part in filter(None, parts):
                    _motive(part)
                return [part for part in parts if part]
            except InputError as error:
                self.session.print(self.session.text(cast("Any", error.message)), first="  ", rest="  ")


# ---------------------------------------------------------------- what is known


def _show(room: HarmRoom, statement: HarmStatement, session: Session) -> None:
    """Print each exposure and each harm with what is said about it, and what is open."""
    if not statement.mapped:
        session.print(session.say("cli.harms.map.empty"))
    for kind in room.library.exposures:
        answer = statement.exposures.get(kind.id)
        session.print()
        session.lines(click.style(session.pick(kind.question), bold=True))
        if answer is None or not answer.known:
            told = session.say(f"harms.map.exposure.{'unanswered' if answer is None else 'unknown'}")
        else:
            told = answer.who
        session.print(told, first="  ", rest="  ")
    certain = [line for line in statement.harms if line.certain or line.answer is not None]
    if certain:
        session.print()
    for line in certain:
        told = session.say(
            "cli.harms.map.line",
            title=line.own_title or dict(line.title),
            state=say(f"harms.map.state.{line.state}"),
            words=_words(line),
        )
        session.print(told, first=f"  - {line.harm}: ", rest="    ")
    session.print()
    perhaps = len(statement.harms) - len(certain)
    counts = {"exposures": len(statement.open_exposures), "harms": sum(line.open for line in certain)}
    if statement.complete:
        session.print(session.say("cli.harms.map.complete", path=session.shown(room.path)))
    else:
        session.print(session.say("cli.harms.map.open", perhaps=perhaps, **counts))


def _words(line: HarmLine) -> str:
    return "" if line.answer is None else line.answer.against or line.answer.because
