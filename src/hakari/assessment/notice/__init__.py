"""The decision notice: what one person is told about one decision in which a model took part.

The company writes a *glossary* (what each column is called, how its values are said, what may be named) and a *wording*
(what was decided, who decides, how to contest). With them the explanation of one row becomes a *notice*: data only,
complete in itself, in every language that the wording has; `reports.notice` puts it on a page. A notice states no
reason that flips when the explanation is repeated, and no change that the model was not asked about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.assessment.notice.files import read_glossary, read_wording
    from hakari.assessment.notice.glossary import Entry, Glossary
    from hakari.assessment.notice.model import ChangeLine, ChangeState, DecisionNotice, ReasonLine
    from hakari.assessment.notice.reading import LINES, ReadingLevel, ReadingWarning, reading_level
    from hakari.assessment.notice.record import is_notice, notice_faults, notice_in, record_of
    from hakari.assessment.notice.wording import Contest, NotUsed, Outcome, Wording

__all__ = [
    "LINES",
    "ChangeLine",
    "ChangeState",
    "Contest",
    "DecisionNotice",
    "Entry",
    "Glossary",
    "NotUsed",
    "Outcome",
    "ReadingLevel",
    "ReadingWarning",
    "ReasonLine",
    "Wording",
    "is_notice",
    "notice_faults",
    "notice_in",
    "read_glossary",
    "read_wording",
    "reading_level",
    "record_of",
]

__getattr__, __dir__ = exports(
    __name__,
    {
        "files": ("read_glossary", "read_wording"),
        "glossary": ("Entry", "Glossary"),
        "model": ("ChangeLine", "ChangeState", "DecisionNotice", "ReasonLine"),
        "reading": ("LINES", "ReadingLevel", "ReadingWarning", "reading_level"),
        "record": ("is_notice", "notice_faults", "notice_in", "record_of"),
        "wording": ("Contest", "NotUsed", "Outcome", "Wording"),
    },
)
