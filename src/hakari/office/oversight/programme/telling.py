"""The report as pictures and sentences: made from the figures alone, so that a signed file can be shown again."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hakari.messages import Message, say
from hakari.office.oversight.figures.deciding import half_words, quantile_words, scale_of
from hakari.office.oversight.figures.scope import TIERS, tier_word
from hakari.office.oversight.figures.survival import Quantile
from hakari.office.oversight.picture import Cell, Look, Picture, Table, bar, span
from hakari.office.registry.models import Level

__all__ = ["Glance", "Told", "tell_report"]

_DRAWN = 20
"""Units that the chart draws; the table lists all."""
_STATUSES = ("met", "not_met", "inconclusive", "missing", "stale", "excepted", "not_applicable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """One number at the head."""

    name: Message
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A report in words."""

    period: Message
    made: str
    """Day and time, UTC."""
    complete: bool
    glance: tuple[Glance, ...]
    pictures: tuple[Picture, ...]
    never: tuple[Mapping[str, str], ...]
    """Names of the units that never notified anything."""
    quiet: tuple[Mapping[str, str], ...]
    """Names of the units that notified before, and nothing in the period."""
    ledger: tuple[Message, ...]


def tell_report(figures: Mapping[str, Any]) -> Told:
    """Return what a report says, in messages."""
    period = figures["period"]
    return Told(
        period=say("office.oversight.period", first=period["first"], last=period["last"]),
        made=figures["made_at"][:16].replace("T", " "),
        complete=period["complete"],
        glance=_glance(figures),
        pictures=(
            _triaged(figures),
            _changed(figures),
            _decisions(figures),
            _excepted(figures),
            _time(figures["time_to_decision"]),
            _mis_triage(figures["mis_triage"]),
            _conditions(figures["conditions"]),
            _units(figures["units"]),
        ),
        never=tuple(unit["name"] for unit in figures["units"] if not unit["ever"]),
        quiet=tuple(unit["name"] for unit in figures["units"] if unit["ever"] and not unit["notified"]),
        ledger=tuple(_ledger(figures["ledger"])),
    )


def _glance(figures: Mapping[str, Any]) -> tuple[Glance, ...]:
    numbers = (
        ("notified", figures["notified"]["cases"]),
        ("triaged", sum(figures["triaged"].values())),
        ("assessed", figures["assessed"]["cases"]),
        ("changed", figures["changed"]["asked"]),
        ("decided", figures["decisions"]["number"]),
        ("stopped", figures["stopped"]["stopped"] + figures["stopped"]["recalled"]),
        ("excepted", figures["excepted"]["accepted"]),
        ("overdue", figures["conditions"]["overdue_at_end"]),
    )
    return tuple(Glance(name=say(f"office.oversight.programme.glance.{name}"), number=n) for name, n in numbers)


def _picture(name: str, sentence: Message, head: Sequence[str], rows: Any, **more: Any) -> Picture:
    here = f"office.oversight.programme.{name}"
    headers = tuple(say(f"office.oversight.programme.head.{word}") for word in head)
    return Picture(
        id=f"programme-{name}",
        title=say(f"{here}.title"),
        sentence=sentence,
        table=Table(caption=say(f"{here}.caption"), headers=headers, rows=tuple(rows)),
        **more,
    )


def _counted(names: Sequence[tuple[Message, int, Look]]) -> dict[str, Any]:
    most = max((n for _, n, _ in names), default=0)
    return {
        "bars": tuple(bar(word, [(n, look)], most, n) for word, n, look in names),
        "rows": [(Cell(text=word), Cell(text=n)) for word, n, _ in names],
    }


def _triaged(figures: Mapping[str, Any]) -> Picture:
    counts, notified = figures["triaged"], figures["notified"]
    names: list[tuple[Message, int, Look]] = [(tier_word(level), counts[level], "full") for level in Level.values]
    sentence = say(
        "office.oversight.programme.triaged.says",
        notified=notified["cases"], restricted=notified["restricted"], triaged=sum(counts.values()),
    )  # fmt: skip
    return _picture("triaged", sentence, ("tier", "cases"), **_counted(names))


def _changed(figures: Mapping[str, Any]) -> Picture:
    changed, assessed = figures["changed"], figures["assessed"]
    first, last = changed["first_round"], changed["decided_round"]
    rows = [
        (
            Cell(text=say(f"reasons.status.{status}")),
            Cell(text=first.get(status, 0)),
            Cell(text=last.get(status, 0)),
            Cell(text=_signed(last.get(status, 0) - first.get(status, 0))),
        )
        for status in _STATUSES
    ]
    most = max([*first.values(), *last.values()], default=0)
    bars = tuple(
        bar(
            say(f"office.oversight.programme.changed.{when}", status=say(f"reasons.status.{status}")),
            [(counts.get(status, 0), look)],
            most,
            counts.get(status, 0),
        )
        for status in _STATUSES
        for when, counts, look in _ends(first, last)
        if first.get(status, 0) or last.get(status, 0)
    )
    sentence = say(
        "office.oversight.programme.changed.says",
        rounds=assessed["rounds"], cases=assessed["cases"], asked=changed["asked"], again=changed["rounds_again"],
        deferred=changed["deferred"], compared=changed["compared"],
    )  # fmt: skip
    return _picture("changed", sentence, ("status", "first", "decided", "difference"), rows, bars=bars)


def _ends(first: Mapping[str, int], last: Mapping[str, int]) -> tuple[tuple[str, Mapping[str, int], Look], ...]:
    return (("first", first, "none"), ("last", last, "full"))


def _signed(number: int) -> str:
    return f"+{number}" if number > 0 else str(number).replace("-", "−")


def _decisions(figures: Mapping[str, Any]) -> Picture:
    found, stopped = figures["decisions"], figures["stopped"]
    names: list[tuple[Message, int, Look]] = [
        (say(f"office.outcome.{outcome}"), n, "full") for outcome, n in sorted(found["by_outcome"].items())
    ]
    names += [
        (say("office.oversight.programme.decisions.stopped"), stopped["stopped"], "bad"),
        (say("office.oversight.programme.decisions.recalled"), stopped["recalled"], "bad"),
    ]
    sentence = say(
        "office.oversight.programme.decisions.says",
        n=found["number"], cases=found["cases"], recused=found["recused"], dissents=found["dissents"],
        stops=stopped["stopped"] + stopped["recalled"], upheld=stopped["upheld"], lifted=stopped["lifted"],
        waiting=stopped["not_ratified_at_end"],
    )  # fmt: skip
    return _picture("decisions", sentence, ("outcome", "number"), **_counted(names))


def _excepted(figures: Mapping[str, Any]) -> Picture:
    found = figures["excepted"]
    rows = [
        (
            Cell(text=item["requirement"].removeprefix("urn:hakari:requirement:")),
            Cell(text=item["number"]),
            Cell(text="", day=_date(item["first_until"])),
            Cell(text="", day=_date(item["last_until"])),
        )
        for item in found["in_force"]
    ]
    sentence = say(
        "office.oversight.programme.excepted.says",
        accepted=found["accepted"], ended=found["ended"], in_force=sum(item["number"] for item in found["in_force"]),
    )  # fmt: skip
    return _picture("excepted", sentence, ("requirement", "number", "first_until", "last_until"), rows)


def _date(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def _time(found: Mapping[str, Any]) -> Picture:
    all_, tiers = found["all"], [(level, found["by_tier"][level]) for level in TIERS if level in found["by_tier"]]
    whole = scale_of(row[name] for _, row in tiers for name in ("quarter", "half", "three_quarters"))
    words = {"n": all_["cases"], "decided": all_["decided"], "open": all_["open"]}
    if all_["half"] is None:
        sentence = say("office.oversight.programme.time.unreached", **words)
    else:
        sentence = say("office.oversight.programme.time.says", half=all_["half"], **words)
    rows = [
        (
            Cell(text=label), Cell(text=row["cases"]), Cell(text=row["decided"]), Cell(text=row["open"]),
            *(Cell(text=_days(row[name])) for name in ("quarter", "half", "half_low", "half_high", "three_quarters")),
            Cell(text=_days(row["longest_open"])),
        )
        for label, row in [*((tier_word(level), row) for level, row in tiers), (say("office.oversight.all"), all_)]
    ]  # fmt: skip
    head = ("tier", "cases", "decided_cases", "open", "quarter", "half", "half_low", "half_high", "most", "longest")
    bars = tuple(
        span(tier_word(level), row["quarter"], row["three_quarters"], row["half"], whole, half_words(row["half"]))
        for level, row in tiers
        if row["quarter"] is not None
    )
    scale = (say("office.oversight.days", n=0), say("office.oversight.days", n=whole)) if bars else ()
    notes = (say("office.oversight.programme.time.how"),)
    return _picture("time", sentence, head, rows, bars=bars, scale=scale, notes=notes)


def _days(days: int | None) -> Message:
    return quantile_words(Quantile(days=days, low=None, high=None))


def _mis_triage(rates: Sequence[Mapping[str, Any]]) -> Picture:
    wrong = [row for row in rates if row["kind"] == "wrong"]
    bars = tuple(
        span(
            say(f"office.intake.lane.{row['lane']}"), row["low"], row["high"],
            row["wrong"] / row["read"] if row["read"] else None, 1.0,
            say("office.oversight.programme.mis_triage.told", wrong=row["wrong"], read=row["read"]),
        )
        for row in wrong
        if row["read"]
    )  # fmt: skip
    rows = [
        (
            Cell(text=say(f"office.intake.lane.{row['lane']}")), Cell(text=say(f"office.intake.kind.{row['kind']}")),
            Cell(text=row["wrong"]), Cell(text=row["read"]),
            Cell(text=_share(row["wrong"] / row["read"] if row["read"] else None)),
            Cell(text=say("office.oversight.programme.limits", low=row["low"], high=row["high"])),
        )
        for row in rates
    ]  # fmt: skip
    read = sum(row["read"] for row in wrong)
    name = "says" if read else "none"
    sentence = say(f"office.oversight.programme.mis_triage.{name}", read=read, wrong=sum(row["wrong"] for row in wrong))
    head = ("lane", "kind", "wrong", "read", "share", "limits")
    scale = ("0 %", "100 %") if bars else ()
    return _picture(
        "mis_triage", sentence, head, rows, bars=bars, scale=scale, notes=(say("office.intake.dashboard.how"),)
    )


def _share(share: float | None) -> Message | str:
    return "–" if share is None else say("office.oversight.programme.share", share=share)


def _conditions(found: Mapping[str, int]) -> Picture:
    looks: dict[str, Look] = {"overdue_at_end": "bad", "open_at_end": "half"}
    names: list[tuple[Message, int, Look]] = [
        (say(f"office.oversight.programme.conditions.{name}"), found[name], looks.get(name, "full"))
        for name in ("set", "closed", "open_at_end", "overdue_at_end")
    ]
    sentence = say(
        "office.oversight.programme.conditions.says",
        set=found["set"], closed=found["closed"], late=found["closed_late"], open=found["open_at_end"],
        overdue=found["overdue_at_end"],
    )  # fmt: skip
    return _picture("conditions", sentence, ("what", "number"), **_counted(names))


def _units(units: Sequence[Mapping[str, Any]]) -> Picture:
    names = ("notified", "ever", "assessed", "decided")
    rows = [(Cell(text=_indented(unit)), *(Cell(text=unit[name]) for name in names)) for unit in units]
    told = sum(1 for unit in units if unit["notified"])
    drawn = sorted((unit for unit in units if unit["notified"]), key=lambda unit: -unit["notified"])[:_DRAWN]
    most = max((unit["notified"] for unit in drawn), default=0)
    return _picture(
        "units",
        say("office.oversight.programme.units.says", units=len(units), told=told, silent=len(units) - told),
        ("unit", *(f"unit_{name}" for name in names)),
        rows,
        bars=tuple(bar(_name(unit), [(unit["notified"], "full")], most, unit["notified"]) for unit in drawn),
        open=True,
    )


def _name(unit: Mapping[str, Any]) -> Any:
    return dict(unit["name"])


def _indented(unit: Mapping[str, Any]) -> Any:
    indent = "　" * int(unit["depth"])
    return {language: f"{indent}{name}" for language, name in unit["name"].items()}


def _ledger(found: Mapping[str, Any]) -> Any:
    yield say("office.oversight.programme.ledger.events", n=found["in_period"], all=found["events"])
    if found["holds"] is None:
        yield say("office.oversight.programme.ledger.unread")
    elif found["holds"]:
        yield say("office.oversight.programme.ledger.holds", sealed=found["sealed"] or 0)
    else:
        yield say("office.oversight.programme.ledger.broken")
