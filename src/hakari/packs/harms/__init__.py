"""The harm library: what AI can do to people, who bears it, and how they came to be exposed.

A *harm* names what happens, who bears it and by which *exposure*: as a subject of the system, by interacting with it,
by suffering from its use by others, or by being excluded from it. These four are closed, because they are those of a
published taxonomy of the harms of speech generators; they give the four questions that every release is asked. The
*motives* of those who make and use systems are an open list. An *incident* is a harm that happened, in the same words,
so that use cases with the same facts can be told of it. The library is data in `library/*.yaml`, versioned like a pack.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.packs.harms.matching import (
        HarmMatch,
        IncidentMatch,
        by_exposure,
        fitting_facts,
        match_incident,
        matching_harms,
    )
    from hakari.packs.harms.model import EXPOSURES, MODALITIES, Exposure, Harm, HarmLibrary, Incident, Modality, Motive
    from hakari.packs.harms.reading import load_harms, load_incidents, read_harms, read_incidents

__all__ = [
    "EXPOSURES",
    "MODALITIES",
    "Exposure",
    "Harm",
    "HarmLibrary",
    "HarmMatch",
    "Incident",
    "IncidentMatch",
    "Modality",
    "Motive",
    "by_exposure",
    "fitting_facts",
    "load_harms",
    "load_incidents",
    "match_incident",
    "matching_harms",
    "read_harms",
    "read_incidents",
]

__getattr__, __dir__ = exports(
    __name__,
    {
        "matching": (
            "HarmMatch",
            "IncidentMatch",
            "by_exposure",
            "fitting_facts",
            "match_incident",
            "matching_harms",
        ),
        "model": ("EXPOSURES", "MODALITIES", "Exposure", "Harm", "HarmLibrary", "Incident", "Modality", "Motive"),
        "reading": ("load_harms", "load_incidents", "read_harms", "read_incidents"),
    },
)
