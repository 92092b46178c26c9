"""Tools for the people who write rules: a pack grows from guidelines, an Excel workbook and the shelf.

The workbook holds a whole pack, every fault in it is told with its cell, and nothing is lost on the way there and
back. Checks are sentences with blanks. The *shelf* is every requirement of the shipped packs: what is taken from it
is answered where it stands, so that nothing is asked twice. A *rehearsal* shows what a pack would have asked of past
cases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.packs.authoring.draft import draft_pack
    from hakari.packs.authoring.exporting import export_workbook
    from hakari.packs.authoring.folders import check_target, read_refusals, write_folder
    from hakari.packs.authoring.gaps import Gap, find_gaps
    from hakari.packs.authoring.importing import Imported, import_workbook
    from hakari.packs.authoring.outline import Guidelines, read_guidelines
    from hakari.packs.authoring.rehearsal import PastCase, Rehearsal, past_cases, read_cases, rehearse
    from hakari.packs.authoring.sentence import check_sentence, merge_sentences, read_sentence
    from hakari.packs.authoring.shelf import Refusal, ShelfItem, shelf_items, shelf_sheet

__all__ = [
    "Gap",
    "Guidelines",
    "Imported",
    "PastCase",
    "Refusal",
    "Rehearsal",
    "ShelfItem",
    "check_sentence",
    "check_target",
    "draft_pack",
    "export_workbook",
    "find_gaps",
    "import_workbook",
    "merge_sentences",
    "past_cases",
    "read_cases",
    "read_guidelines",
    "read_refusals",
    "read_sentence",
    "rehearse",
    "shelf_items",
    "shelf_sheet",
    "write_folder",
]

__getattr__, __dir__ = exports(
    __name__,
    {
        "draft": ("draft_pack",),
        "exporting": ("export_workbook",),
        "folders": ("check_target", "read_refusals", "write_folder"),
        "gaps": ("Gap", "find_gaps"),
        "importing": ("Imported", "import_workbook"),
        "outline": ("Guidelines", "read_guidelines"),
        "rehearsal": ("PastCase", "Rehearsal", "past_cases", "read_cases", "rehearse"),
        "sentence": ("check_sentence", "merge_sentences", "read_sentence"),
        "shelf": ("Refusal", "ShelfItem", "shelf_items", "shelf_sheet"),
    },
)
