"""What the harm library and incident records must keep to beyond the types of their fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from hakari.messages import say
from hakari.packs._records import Places
from hakari.packs._rules import PlacedRules, samples_of
from hakari.packs.facts import check_fact_values, stated
from hakari.packs.harms.model import EXPOSURES, Harm, HarmLibrary, Incident

__all__ = ["check_incidents", "check_library"]

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")
_SEMVER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)\Z")
_PINNED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*@[0-9]+\.[0-9]+\.[0-9]+:[A-Za-z0-9][A-Za-z0-9._-]*\Z")


def check_library(library: HarmLibrary, places: Places) -> None:
    """Refuse a library that contradicts itself.

    Raises:
        PackError: the first contradiction, with file and line.
    """
    _Rules(library, places).check()


def check_incidents(incidents: Sequence[Incident], library: HarmLibrary, places: Places) -> None:
    """Refuse incident records that do not fit `library`.

    Raises:
        PackError: the first that does not fit, with file and line.
    """
    rules = _Rules(library, places)
    rules.unique(incidents)
    for incident in incidents:
        rules.incident(incident)


class _Rules(PlacedRules):
    def __init__(self, library: HarmLibrary, places: Places) -> None:
        super().__init__(places, samples_of(library.pack), "harms")
        self.library = library
        self.kinds = [kind.id for kind in library.kinds]
        self.motives = [motive.id for motive in library.motives]
        self.sources = [source.id for source in library.sources]

    def check(self) -> None:
        library = self.library
        self.pattern(library, "version", library.version, _SEMVER, "semver")
        for records in (library.sources, library.kinds, library.motives, library.harms, library.incidents):
            self.unique(records)
            for record in records:
                self.pattern(record, "id", record.id, _ID, "id")
        self.exposures()
        for harm in library.harms:
            self.harm(harm)
        for incident in library.incidents:
            self.incident(incident)

    def exposures(self) -> None:
        self.unique(self.library.exposures)
        there = [kind.id for kind in self.library.exposures]
        missing = [exposure for exposure in EXPOSURES if exposure not in there]
        if missing:
            self.refuse(self.library, "exposures", say("harms.exposures.missing", exposures=missing))
        for kind in self.library.exposures:
            self.known_all(kind, "sources", (source.id for source in kind.sources), self.sources)
            self.pinned(kind, "requirements", kind.requirements)
        self.pinned(self.library, "asked_by", self.library.asked_by)

    def harm(self, harm: Harm) -> None:
        self.known_all(harm, "kind", (harm.kind,), self.kinds)
        self.known_all(harm, "motives", harm.motives, self.motives)
        self.known_all(harm, "sources", (source.id for source in harm.sources), self.sources)
        if not harm.exposures:
            self.refuse(harm, "exposures", say("packs.value.empty", key="exposures"))
        self.pinned(harm, "requirements", harm.requirements)
        self.expression(harm, "applies_when", harm.applies_when)

    def incident(self, incident: Incident) -> None:
        self.pattern(incident, "id", incident.id, _ID, "id")
        self.known_all(incident, "harm", (incident.harm,), [harm.id for harm in self.library.harms])
        harm = self.library.harm(incident.harm)
        assert harm is not None
        if incident.exposure not in harm.exposures:
            problem = say(
                "harms.incident.exposure", harm=harm.id, exposure=incident.exposure, known=list(harm.exposures)
            )
            self.refuse(incident, "exposure", problem)
        self.day(incident, "date", incident.date, partial=True)
        if incident.source.date:
            self.day(incident.source, "date", incident.source.date, partial=True)
        for motive in incident.motives:
            if motive.motive not in self.motives and motive.text is None:
                nearest = _near(motive.motive, self.motives)
                self.refuse(motive, "motive", say("harms.motive.unknown", motive=motive.motive, nearest=nearest))
        self.facts(incident)

    def facts(self, incident: Incident) -> None:
        """Facts are what an incident is found by, so there must be some, and each must be stated."""
        if not incident.facts or len(stated(incident.facts)) < len(incident.facts):
            self.refuse(incident, "facts", say("harms.incident.facts"))
        for problem in check_fact_values(self.library.pack, incident.facts):
            self.refuse(incident, "facts", problem)

    def pinned(self, record: object, key: str, requirements: Iterable[str]) -> None:
        for requirement in requirements:
            if not _PINNED.match(requirement):
                self.refuse(record, key, say("packs.mapping.unpinned", to=requirement))

    def known_all(self, record: object, key: str, found: Iterable[str], known: Sequence[str]) -> None:
        for name in found:
            if name not in known:
                self.refuse(record, key, say("harms.unknown", key=key, name=name, nearest=_near(name, known)))


def _near(name: str, known: Sequence[str]) -> list[str]:
    return get_close_matches(name, known, n=3) or list(known)
