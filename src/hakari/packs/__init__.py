"""Policy packs: what must be true of a use case, as data in every language of the people who write and read it.

A pack is a folder of YAML. It declares *facts* about a use case, *principles* (groups) and *requirements*. A
requirement says in an expression over the facts when it applies, and how it is shown: by *questions* to people and by
*checks*, measurements with a line that someone drew for a reason. A published version never changes; an *overlay*
tightens a pack for one company or unit. Packs name measures by id only and never import them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.packs._changes import is_looser
    from hakari.packs._records import Places, Written
    from hakari.packs.applicability import Applicability, applies, asked, facts_used
    from hakari.packs.catalogue import Catalogue
    from hakari.packs.diff import FieldChange, PackDiff, RequirementChange, diff_packs
    from hakari.packs.facts import check_fact_values
    from hakari.packs.loader import list_packs, load_pack, pack_files, read_pack, warnings_of
    from hakari.packs.model import Pack, Requirement
    from hakari.packs.overlays import overlay
    from hakari.packs.record_file import located_record, read_record

__all__ = [
    "Applicability",
    "Catalogue",
    "FieldChange",
    "Pack",
    "PackDiff",
    "Places",
    "Requirement",
    "RequirementChange",
    "Written",
    "applies",
    "asked",
    "check_fact_values",
    "diff_packs",
    "facts_used",
    "is_looser",
    "list_packs",
    "load_pack",
    "located_record",
    "overlay",
    "pack_files",
    "read_pack",
    "read_record",
    "warnings_of",
]

__getattr__, __dir__ = exports(
    __name__,
    {
        "_changes": ("is_looser",),
        "_records": ("Places", "Written"),
        "applicability": ("Applicability", "applies", "asked", "facts_used"),
        "catalogue": ("Catalogue",),
        "diff": ("FieldChange", "PackDiff", "RequirementChange", "diff_packs"),
        "facts": ("check_fact_values",),
        "loader": ("list_packs", "load_pack", "pack_files", "read_pack", "warnings_of"),
        "model": ("Pack", "Requirement"),
        "record_file": ("located_record", "read_record"),
        "overlays": ("overlay",),
    },
)
