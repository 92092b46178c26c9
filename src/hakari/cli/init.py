"""`hakari init`: a first, commented `hakari.yaml` from a data file, by asking or by flags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hakari.cli._command import command
from hakari.cli.terminal.session import Session
from hakari.cli.terminal.steps import Steps
from hakari.errors import InputError
from hakari.messages import Message, say

if TYPE_CHECKING:
    from hakari.inputs import ColumnDescription, Data
    from hakari.packs.model import FactDeclaration
    from hakari.workflows.start import Draft, Guess

__all__ = ["init"]

_NONE = "-"


@command("init")
@click.argument("source", metavar="DATA")
@click.option("--label")
@click.option("--prediction")
@click.option("--score")
@click.option("--sensitive", multiple=True)
@click.option("--positive")
@click.option("--label-source")
@click.option("--stage", default="develop", show_default=True)
@click.option("--pack", default="ai-ethics-core", show_default=True)
@click.option("--id", "identifier")
@click.option("--title")
@click.option("--fact", "facts", multiple=True)
@click.option("--encoding")
@click.option("--yes", is_flag=True)
@click.option("--force", is_flag=True)
def init(session: Session, source: str, **given: Any) -> None:
    """Look at the data, ask what is not given, and write the manifest."""
    from hakari.assessment.manifest import MANIFEST_NAME
    from hakari.inputs import describe_columns
    from hakari.workflows.start import check_draft, guess_columns, start_project

    path = session.path(MANIFEST_NAME)
    if path.exists() and not given["force"]:
        raise InputError(say("workflows.start.exists", path=session.shown(path)))
    with Steps(session, logged=False) as steps:
        steps.tell(say("cli.init.reading", path=source))
        data = _open(session, source, given["encoding"])
        columns = describe_columns(data)
    asks = _Questions(session, columns, guess_columns(columns), given)
    if not given["yes"] and not session.as_json:
        _show_columns(data, columns, session)
    draft = asks.draft(source, data)
    check_draft(draft, data)
    draft = asks.with_facts(draft)
    written = start_project(session.folder, draft, language=session.language, force=given["force"])
    if session.as_json:
        session.emit({"draft": draft, "path": written, "notices": data.notices})
        return
    _show_result(draft, written, data, session)


def _open(session: Session, source: str, encoding: str | None) -> Data:
    from hakari.inputs import open_data

    return open_data(source, role="data.test", base=session.folder.resolve(), encoding=encoding)


class _Questions:
    """Flags first, then guesses that a person confirms."""

    def __init__(
        self, session: Session, columns: tuple[ColumnDescription, ...], guess: Guess, given: dict[str, Any]
    ) -> None:
        self.session = session
        self.columns = {column.name: column for column in columns}
        self.guess = guess
        self.given = given
        self.asks = not given["yes"] and not session.as_json

    def draft(self, source: str, data: Data) -> Draft:
        from hakari.workflows.start import Draft, identifier_of

        label = self.column("label", self.guess.label)
        prediction = self.column("prediction", self.guess.prediction)
        score = self.column("score", self.guess.score)
        sensitive = self.sensitive()
        positive = self.positive(label or prediction)
        label_source = self.label_source() if label else self.given["label_source"]
        name = Path(source).stem if not source.startswith("duckdb:") else "use-case"
        title = self.text("title", name)
        return Draft(
            data=source,
            encoding=self.given["encoding"] or _stated_encoding(data),
            id=self.given["identifier"] or identifier_of(title),
            title=title,
            stage=self.given["stage"],
            pack=self.given["pack"],
            label=label,
            prediction=prediction,
            score=score,
            sensitive=sensitive,
            positive=positive,
            label_source=label_source,
        )

    def with_facts(self, draft: Draft) -> Draft:
        """Return the draft with the facts given by flags; those that are left are asked for, one short line each."""
        from hakari.workflows.start import evident_facts, pack_of

        pack = pack_of(self.session.folder, draft)
        declared = {fact.id: fact for fact in pack.facts}
        found = dict(self.given_facts(declared))
        left = [fact for fact in pack.facts if fact.id not in found and fact.id not in evident_facts(pack, draft)]
        if self.asks and left:
            self.session.print()
            self.session.print(self.session.say("cli.init.ask.facts", n=len(left)))
        for fact in left if self.asks else ():
            value = self.fact(fact)
            if value is None:
                break
            found[fact.id] = value
        return replace(draft, facts=found)

    def fact(self, fact: FactDeclaration) -> Any:
        """Return what a person says of a fact; None where the input ended, which leaves the rest unknown."""
        from hakari.workflows.start import fact_values, read_fact

        title = str(fact.title.get(self.session.language) or next(iter(fact.title.values())))
        question = say("text", text=f"{title} ({', '.join([*fact_values(fact), 'unknown'])})")
        while True:
            try:
                typed = self.prompt(question, "unknown")
            except InputError:
                return None
            try:
                return read_fact(fact, typed)
            except InputError as error:
                self.session.print(self.session.text(say("text", text=error.message)), first="  ", rest="  ")

    def given_facts(self, declared: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        from hakari.assessment.manifest import nearest
        from hakari.workflows.start import read_fact

        for pair in self.given["facts"]:
            name, sign, value = pair.partition("=")
            if not sign or name.strip() not in declared:
                near = nearest(name.strip(), list(declared))[:5]
                raise InputError(say("workflows.start.no_fact", fact=name.strip(), nearest=near))
            yield name.strip(), read_fact(declared[name.strip()], value)

    def column(self, role: str, guess: str | None) -> str | None:
        """Return the column of a role; `-` says that there is none."""
        stated = self.given[role]
        if stated is None and self.asks:
            while True:
                stated = self.prompt(say(f"cli.init.ask.{role}"), guess or _NONE)
                if stated == _NONE or self.known(stated):
                    break
        elif stated is None:
            stated = guess
        return None if stated in (None, "", _NONE) else str(stated)

    def sensitive(self) -> tuple[str, ...]:
        stated = tuple(name for name in self.given["sensitive"] if name != _NONE)
        if self.given["sensitive"] or not self.asks:
            return stated if self.given["sensitive"] else self.guess.sensitive
        while True:
            typed = self.prompt(say("cli.init.ask.sensitive"), ", ".join(self.guess.sensitive) or _NONE)
            names = tuple(
                part.strip() for part in typed.replace("、", ",").split(",") if part.strip() not in ("", _NONE)
            )
            if all(self.known(name) for name in names):
                return names

    def positive(self, column: str | None) -> str:
        from hakari.workflows.start import guess_positive

        values = self.columns[column].values if column in self.columns else ()
        guess = guess_positive(values)
        if self.given["positive"] is not None or not self.asks or column is None:
            return str(self.given["positive"] or guess)
        return self.prompt(say("cli.init.ask.positive", column=column, values=list(values)), guess)

    def label_source(self) -> str | None:
        """Never guessed: a wrong word here would make every figure say something else."""
        from hakari.workflows.start import LABEL_SOURCES

        stated: str | None = self.given["label_source"]
        while stated is None and self.asks:
            typed = self.prompt(say("cli.init.ask.label_source"), None)
            if typed.isdecimal() and 1 <= int(typed) <= len(LABEL_SOURCES):
                typed = LABEL_SOURCES[int(typed) - 1]
            if typed in LABEL_SOURCES:
                stated = typed
        return stated

    def text(self, name: str, guess: str) -> str:
        stated = self.given[name]
        if stated is None and self.asks:
            return self.prompt(say(f"cli.init.ask.{name}"), guess)
        return str(stated or guess)

    def known(self, name: str) -> bool:
        from hakari.assessment.manifest import nearest

        if name in self.columns:
            return True
        near = nearest(name, list(self.columns))[:5]
        self.session.print(self.session.say("cli.init.no_column", column=name, nearest=near), first="  ", rest="  ")
        return False

    def prompt(self, message: Message, default: str | None) -> str:
        self.session.print()
        self.session.print(self.session.text(message))
        try:
            return str(click.prompt("  >", default=default, prompt_suffix=" ")).strip()
        except click.Abort:
            # The input ended: a pipe or a CI run, where nobody can answer.
            raise InputError(say("cli.init.no_input")) from None


def _stated_encoding(data: Data) -> str | None:
    """Return the encoding to write down: UTF-8 needs no words, everything else is stated for the next reader."""
    found = data.subject.details.get("encoding")
    return None if found in (None, "utf-8", "utf-8-sig") else str(found)


def _show_columns(data: Data, columns: tuple[ColumnDescription, ...], session: Session) -> None:
    from hakari.cli.terminal.layout import table

    session.print(session.say("cli.init.found", path=data.name, rows=data.rows, columns=len(columns)))
    for notice in data.notices:
        session.print(session.text(notice))
    rows = [
        (
            column.name,
            session.say(f"cli.init.kind.{column.kind.replace('-', '_')}"),
            session.join(list(column.values[:6])) + (" …" if len(column.values) > 6 else "")
            if column.values
            else session.say("cli.init.distinct", n=column.distinct),
        )
        for column in columns[:40]
    ]
    session.lines(table(rows, session.width))
    if len(columns) > len(rows):
        session.print(session.say("cli.init.more_columns", n=len(columns) - len(rows)), first="  ")


def _show_result(draft: Draft, path: Path, data: Data, session: Session) -> None:
    from hakari.cli.terminal.layout import table

    session.print()
    session.print(session.say("cli.init.written", path=session.shown(path)))
    none = session.say("cli.init.none")
    rows = [(f"columns.{role}", getattr(draft, role) or none) for role in ("label", "prediction", "score")]
    rows += [
        ("columns.sensitive", session.join(list(draft.sensitive)) or none),
        ("columns.positive", draft.positive),
        ("label_source", draft.label_source or session.say("cli.init.to_state")),
    ]
    session.lines(table(rows, session.width))
    for notice in data.notices:
        session.print(session.text(notice), first="- ", rest="  ")
    session.print(session.say("cli.init.next"))
