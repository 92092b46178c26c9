"""The packs that this office knows: those of the library, and those in the office's own folder `packs`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from hakari.errors import HakariError, InputError
from hakari.messages import say
from hakari.packs import Pack, list_packs, load_pack, pack_files
from hakari.packs.model import Question, Requirement

__all__ = ["files_of", "find_question", "find_requirement", "known_packs", "packs_of", "pinned"]

OWN: Final = "packs"


def known_packs() -> dict[str, Pack]:
    """Return every pack by `name@version`; each folder under the office's `packs` holds one."""
    return {**_library(), **{pack.reference: pack for pack, _ in _own().values()}}


def pinned(references: Iterable[str]) -> list[dict[str, str]]:
    """Return packs as an assessment pins them.

    Raises:
        InputError: none is named, or one that this office does not know.
    """
    known = known_packs()
    wanted = list(dict.fromkeys(references))
    for reference in wanted:
        if reference not in known:
            raise InputError(say("office.lifecycle.pack_unknown", pack=reference[:80]))
    if not wanted:
        raise InputError(say("office.lifecycle.pack_none"))
    found = [known[reference] for reference in wanted]
    return [{"name": pack.name, "version": pack.version, "digest": pack.digest} for pack in found]


def packs_of(pins: Iterable[Mapping[str, Any]]) -> tuple[Pack, ...]:
    """Return the packs of an assessment, each exactly as pinned.

    Raises:
        InputError: one is not there any more, or its content is another.
    """
    known, found = known_packs(), []
    for pin in pins:
        reference = f"{pin['name']}@{pin['version']}"
        pack = known.get(reference)
        if pack is None or pack.digest != pin["digest"]:
            raise InputError(say("office.lifecycle.pack_changed", pack=reference))
        found.append(pack)
    return tuple(found)


def files_of(pack: Pack) -> Mapping[str, bytes]:
    """Return the files of a pack, as a bundle holds them."""
    own = {found.reference: path for found, path in _own().values()}
    return pack_files(own.get(pack.reference, pack.reference))


def find_requirement(packs: Iterable[Pack], reference: str) -> tuple[Pack, Requirement]:
    """Return a requirement by `urn@version`.

    Raises:
        InputError: no pack has it.
    """
    for pack in packs:
        for requirement in pack.requirements:
            if requirement.reference == reference:
                return pack, requirement
    raise InputError(say("office.lifecycle.requirement_unknown", requirement=reference[:200]))


def find_question(requirement: Requirement, identifier: str) -> Question:
    """Return a question of a requirement.

    Raises:
        InputError: it has no such question.
    """
    for question in requirement.questions:
        if question.id == identifier:
            return question
    raise InputError(say("office.lifecycle.question_unknown", question=identifier[:80]))


@lru_cache(maxsize=1)
def _library() -> dict[str, Pack]:
    return {pack.reference: pack for pack in list_packs()}


def _own() -> dict[str, tuple[Pack, Path]]:
    folder = Path(settings.ENVIRONMENT.folder) / OWN
    if not folder.is_dir():
        return {}
    # A pack that is put there, or changed, is seen at once: its files say when.
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return _read(folder, tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in paths))


@lru_cache(maxsize=4)
def _read(folder: Path, _: tuple[tuple[Path, int, int], ...]) -> dict[str, tuple[Pack, Path]]:
    found = {}
    for path in sorted(item for item in folder.iterdir() if item.is_dir()):
        try:
            found[path.name] = (load_pack(path), path)
        except HakariError:
            continue  # `hakari pack check` says what is wrong with it; the site goes on without
    return found
