"""A small harm library for tests: one harm, one incident."""

from __future__ import annotations

FILES = {
    "library.yaml": b"""
urn: urn:example:harms:small
version: 1.0.0
languages: [en, ja]
title: {en: Small, ja: sho}
summary: {en: For tests., ja: tesuto}
facts_of: "ai-ethics-core@1.1.0"
sources:
  - {id: paper, title: {en: A paper, ja: ronbun}}
exposures:
  - {id: subject_of, title: {en: a, ja: b}, question: {en: a, ja: b}, help: {en: a, ja: b}, sources: [{id: paper}]}
  - {id: interacts_with, title: {en: a, ja: b}, question: {en: a, ja: b}, help: {en: a, ja: b}, sources: [{id: paper}]}
  - {id: suffers_due_to, title: {en: a, ja: b}, question: {en: a, ja: b}, help: {en: a, ja: b}, sources: [{id: paper}]}
  - {id: excluded_from, title: {en: a, ja: b}, question: {en: a, ja: b}, help: {en: a, ja: b}, sources: [{id: paper}]}
kinds:
  - {id: privacy, title: {en: a, ja: b}}
motives:
  - {id: profit, held_by: [creator, deployer], title: {en: a, ja: b}}
""",
    "speech.yaml": b"""
harms:
  - id: overheard
    modality: speech
    kind: privacy
    exposures: [subject_of, suffers_due_to]
    title: {en: Overheard, ja: kikareru}
    text: {en: Somebody is overheard., ja: kikareru}
    who: {en: Neighbours, ja: kinjo}
    severity: serious
    reversible: "no"
    motives: [profit]
    applies_when: "talks_with_people && domain == 'games'"
    requirements: ["ai-ethics-core@1.1.0:security"]
    sources: [{id: paper}]
""",
    "told.yaml": b"""
incidents:
  - id: summer
    harm: overheard
    exposure: subject_of
    title: {en: A summer, ja: natsu}
    text: {en: It listened., ja: kiita}
    who: {en: Guests, ja: kyaku}
    severity: minor
    date: "2025-07"
    motives: [{held_by: deployer, motive: boredom, text: {en: Boredom, ja: taikutsu}}]
    facts: {talks_with_people: true, domain: games}
    source: {title: A newspaper, date: "2025-08-01"}
""",
}


def changed(file: str, old: str, new: str) -> dict[str, bytes]:
    """Return the files with one text replaced, which must be there."""
    content = FILES[file].decode()
    assert old in content
    return {**FILES, file: content.replace(old, new, 1).encode()}
