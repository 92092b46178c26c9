"""What a pack that rests on others must keep to, as lists of what breaks it: empty is good."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from hakari.evidence import encode
from hakari.packs import Pack, facts_used, load_pack
from hakari.packs.model import Mapping_, Requirement

STAGES = ("plan", "design", "develop", "release", "operate")


def texts(value: Any) -> Iterator[Mapping[str, str]]:
    """Yield every text in several languages below an encoded record."""
    if isinstance(value, Mapping):
        if "en" in value or "ja" in value:
            yield value
        else:
            yield from (text for item in value.values() for text in texts(item))
    elif isinstance(value, (list, tuple)):
        yield from (text for item in value for text in texts(item))


def untranslated(pack: Pack) -> list[Mapping[str, str]]:
    """Return texts that are empty in a language or the same in both."""
    return [
        text
        for text in texts(encode(pack))
        if not (text["en"].strip() and text["ja"].strip()) or text["en"] == text["ja"]
    ]


def target(mapping: Mapping_) -> Requirement | None:
    """Return the requirement that a mapping names, if the library has it in this version."""
    reference, _, slug = mapping.to.partition(":")
    pack = load_pack(reference)
    return next((item for item in pack.requirements if item.slug == slug), None)


def dangling(pack: Pack) -> list[str]:
    """Return mappings whose target is not there."""
    return [item.to for requirement in pack.requirements for item in requirement.mappings if target(item) is None]


def asked_early(pack: Pack) -> list[str]:
    """Return mappings that would ask or measure something before its own stage.

    A question may be answered before this requirement looks at it, not after; a measurement is planned at its own
    stages only, so a requirement that rests on measurements alone looks at them at no other.
    """
    found = []
    for requirement in pack.requirements:
        for mapping in requirement.mappings:
            other = target(mapping)
            if other is None or not mapping.answers:
                continue
            first = min(STAGES.index(stage) for stage in other.stages)
            early = first > min(STAGES.index(stage) for stage in requirement.stages)
            if early or (not other.questions and not set(requirement.stages) <= set(other.stages)):
                found.append(f"{requirement.slug} → {mapping.to}")
    return found


def unshown(pack: Pack) -> list[str]:
    """Return requirements that nothing can answer: no question, no check, no mapping that answers."""
    return [
        item.slug
        for item in pack.requirements
        if not item.questions and not item.checks and not any(mapping.answers for mapping in item.mappings)
    ]


def undeclared(pack: Pack) -> list[str]:
    """Return facts that conditions read and the pack does not declare."""
    declared = {fact.id for fact in pack.facts}
    return sorted({name for item in pack.requirements for name in facts_used(item)} - declared)


def other_facts(pack: Pack) -> list[str]:
    """Return facts that are declared otherwise than in the core, or not there."""
    core = {fact.id: fact for fact in load_pack("ai-ethics-core").facts}
    return [fact.id for fact in pack.facts if core.get(fact.id) != fact]


def without_examples(pack: Pack) -> list[str]:
    """Return questions that lack help or an example of a good or a poor answer."""
    return [
        f"{item.slug}/{question.id}"
        for item in pack.requirements
        for question in item.questions
        if not (question.help and question.good and question.poor)
    ]


def relations(pack: Pack) -> dict[str, int]:
    """Return how many mappings there are of each relation."""
    return dict(Counter(mapping.relation for item in pack.requirements for mapping in item.mappings))


def repeated(pack: Pack) -> list[str]:
    """Return targets that one requirement names twice."""
    return [
        to
        for item in pack.requirements
        for to, times in Counter(mapping.to for mapping in item.mappings).items()
        if times > 1
    ]


def broken(pack: Pack) -> dict[str, list[Any]]:
    """Return all of the above that found something."""
    rules = (untranslated, dangling, asked_early, unshown, undeclared, other_facts, without_examples, repeated)
    return {rule.__name__: found for rule in rules if (found := rule(pack))}
