"""Explained page: one row's explanation as one self-contained HTML file, for engineers."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from hakari.messages import Language
from hakari.reports._page import environment, policy, style
from hakari.reports.explained.result import RowExplanation
from hakari.reports.explained.view import FeatureLine, RowView, row_view
from hakari.reports.explained.waterfall import waterfall_figure
from hakari.reports.marks import scale_mark
from hakari.reports.tables import MOST_ROWS, Table
from hakari.reports.words import Words

__all__ = ["explained_html"]

_LONGEST: Final = 120
"""Letters of a value that a table shows."""


def explained_html(found: RowExplanation, language: Language) -> str:
    """Return one explained row as one HTML file in `language`.

    The same result and language give the same bytes on the same machine. Styles and pictures stand in the page, and
    its content security policy forbids everything else.
    """
    words = Words(language)
    view = row_view(found, words, minus="−")  # a true minus sign
    sheet = style("explained")
    return (
        environment()
        .get_template("explained.html")
        .render(
            figure=waterfall_figure(view, words),
            language=language,
            mark=scale_mark(),
            policy=policy(sheet),
            say=words.say,
            style=Markup(sheet),  # noqa: S704  # our own file, and CSS must not be escaped
            table=_table(view, words),
            view=view,
        )
    )


def _table(view: RowView, words: Words) -> Table:
    left = len(view.features) - MOST_ROWS
    notes = [words.say("reports.explained.table.usual_note")]
    if left > 0:
        notes.insert(0, words.say("reports.explained.table.more", n=left))
    sampled = any(line.error for line in view.features)
    # Numbers first: values of groups are long, and on a telephone they stand out of sight.
    headers = ["feature", "contribution", *(["error"] if sampled else []), "kept", "value", "usual"]
    return Table(
        caption=words.say("reports.explained.table.caption", unit=view.unit),
        headers=tuple(words.say(f"reports.explained.table.{header}") for header in headers),
        rows=tuple(_row(line, view, sampled=sampled) for line in view.features[:MOST_ROWS]),
        numbers=frozenset(range(1, headers.index("kept") + 1)),
        note=" ".join(notes) if words.language == "en" else "".join(notes),
    )


def _row(line: FeatureLine, view: RowView, *, sampled: bool) -> tuple[str, ...]:
    error = view.errors.plain(line.error) if line.error else "–"
    return (
        line.name,
        view.numbers.signed(line.contribution),
        *((error,) if sampled else ()),
        "–" if line.kept is None else f"{line.kept:.0%}",
        _cut(line.value),
        _cut(line.usual),
    )


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
