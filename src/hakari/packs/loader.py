"""Reading packs: from the shipped library, from a folder, or from the named bytes of a bundle."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hakari.errors import PackError
from hakari.messages import Message, say
from hakari.packs._files import OVERLAY, PACK, TRIAGE, check_names, library_folder, library_names, read_folder
from hakari.packs._loaded import Loaded, digest_files, find, keep, places_of
from hakari.packs._nodes import ListNode, MapNode, Node, ScalarNode, read_yaml
from hakari.packs._records import Places, RecordReader
from hakari.packs._rules import check_pack
from hakari.packs.catalogue import Catalogue, unknown_measures
from hakari.packs.model import Pack, Requirement
from hakari.packs.overlays import base_reference, overlay

__all__ = ["list_packs", "load_pack", "pack_files", "read_pack", "warnings_of"]


def load_pack(reference: str | Path, catalogue: Catalogue | None = None) -> Pack:
    """Return the pack `name` or `name@version` of the shipped library, or the pack in a folder.

    A folder holds `pack.yaml` and `requirements/*.yaml`, or one `overlay.yaml` over a shipped pack. A string is a
    folder if it contains a separator (`./lending`).

    Raises:
        PackError: there is no such pack or version, or it breaks a rule; the message names file and line. With a
            `catalogue`, an unknown measure or metric is such a rule.
    """
    return read_pack(pack_files(reference), name=_shown_name(reference), catalogue=catalogue)


def read_pack(files: Mapping[str, bytes], *, name: str, catalogue: Catalogue | None = None) -> Pack:
    """Return the pack in `files` (file name → bytes); `name` is how messages call it. No disk is read.

    Raises:
        PackError: as for `load_pack`.
    """
    base = {file: content for file, content in files.items() if file != OVERLAY}
    check_names(base, name)
    digest = digest_files(base)
    loaded = find(digest, name) or keep(name, _build(base, name, digest))
    pack = loaded.pack
    if OVERLAY in files:
        pack = overlay(pack, {OVERLAY: files[OVERLAY]}, name=name)
    if catalogue is not None:
        for problem in warnings_of(pack, catalogue):
            raise PackError(problem)
    return pack


def pack_files(reference: str | Path) -> dict[str, bytes]:
    """Return the YAML files of a pack by relative posix name, as a bundle stores them; an overlay's base is included.

    Raises:
        PackError: no such pack, a file that is too large, or a YAML file where none is read.
    """
    folder = _folder(reference)
    if folder is None:
        return _library_files(str(reference))
    content = read_folder(folder, _shown_name(reference))
    if OVERLAY in content and PACK not in content:
        base = base_reference(content[OVERLAY], file=f"{_shown_name(reference)}/{OVERLAY}")
        return {**_library_files(base), **content}
    return content


def list_packs(*, versions: bool = True) -> tuple[Pack, ...]:
    """Return the packs of the shipped library, sorted by name; without `versions` only the usual one of each."""
    return tuple(load_pack(name) for name in library_names() if versions or "@" not in name)


def warnings_of(pack: Pack, catalogue: Catalogue | None) -> tuple[Message, ...]:
    """Return what keeps `pack` from being measured though it loads: measures and metrics that `catalogue` lacks."""
    if catalogue is None:
        return ()
    kept = places_of(pack)
    return tuple(unknown_measures(kept.pack, catalogue, kept.places))


def _build(content: Mapping[str, bytes], name: str, digest: str) -> Loaded:
    places = Places()
    file = f"{name}/{PACK}"
    root = read_yaml(content[PACK], file=file)
    languages = _languages(root)
    header: dict[str, Any] = RecordReader(file, places, languages).arguments(
        Pack, root, without=("digest", "requirements")
    )
    requirements: list[Requirement] = []
    for part in sorted(content):
        if part not in (PACK, TRIAGE):
            requirements.extend(_requirements(content[part], f"{name}/{part}", places, languages))
    order = {group.id: place for place, group in enumerate(header["groups"])}
    requirements.sort(key=lambda requirement: order.get(requirement.group, len(order)))
    pack = Pack(**header, requirements=tuple(requirements), digest=digest)
    assert isinstance(root, MapNode)
    places.put(pack, file, root)
    check_pack(pack, places)
    return Loaded(pack, places)


def _requirements(content: bytes, file: str, places: Places, languages: tuple[str, ...]) -> tuple[Requirement, ...]:
    root = read_yaml(content, file=file)
    reader = RecordReader(file, places, languages)
    entries = reader.mapping(root).entries
    for key, (line, _) in entries.items():
        if key != "requirements":
            reader.unknown(line, "packs.key.unknown", key, ["requirements"])
    if "requirements" not in entries:
        reader.refuse(root.line, say("packs.key.missing", keys=["requirements"]))
    found: tuple[Requirement, ...] = reader.value(tuple[Requirement, ...], entries["requirements"][1], "requirements")
    return found


def _languages(root: Node) -> tuple[str, ...]:
    """Return the declared languages before anything else is read: every text is checked against them."""
    entry = root.entries.get("languages") if isinstance(root, MapNode) else None
    if entry is None or not isinstance(entry[1], ListNode):
        return ()
    return tuple(item.text for item in entry[1].items if isinstance(item, ScalarNode))


def _library_files(reference: str) -> dict[str, bytes]:
    name, _, version = reference.partition("@")
    content = read_folder(library_folder(reference), name)
    if version:
        installed = read_pack(content, name=name).version
        if installed != version:
            raise PackError(say("packs.library.other_version", name=name, asked=version, installed=installed))
    return content


def _folder(reference: str | Path) -> Path | None:
    """Return the folder that `reference` means, or None if it names a pack of the library."""
    if isinstance(reference, str) and not ({"/", "\\"} & set(reference)) and reference not in (".", ".."):
        return None
    folder = Path(reference)
    if not folder.is_dir():
        raise PackError(say("packs.folder.missing", folder=str(reference)))
    return folder


def _shown_name(reference: str | Path) -> str:
    if _folder(reference) is None:
        return str(reference).partition("@")[0]
    return str(reference).rstrip("/") or "/"
