"""Pack: the policy that a case was assessed against, read from the files in its bundle."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from hakari.standalone.python.packs.overlay import overlaid
from hakari.standalone.python.packs.records import RecordReader
from hakari.standalone.python.packs.rules import check_pack
from hakari.standalone.python.packs.yaml_file import read_yaml
from hakari.standalone.python.packs.yaml_text import Scalar
from hakari.standalone.python.reading.canonical import sha256, sha256_of
from hakari.standalone.python.words import Refused, say

__all__ = ["pack_digest", "read_pack"]

_PACK, _OVERLAY, _TRIAGE = "pack.yaml", "overlay.yaml", "triage.yaml"
_MOST_FILES, _LARGEST_PACK = 500, 50 * 2**20

PackRecord = dict[str, Any]


def pack_digest(files: Mapping[str, bytes]) -> str:
    """Return the digest that a plan pins: over names and digests of the files, and then over the overlay."""
    digest = sha256_of(sorted([name, sha256(content)] for name, content in files.items() if name != _OVERLAY))
    return digest if _OVERLAY not in files else sha256_of([digest, sha256(files[_OVERLAY])])


def read_pack(files: Mapping[str, bytes], name: str) -> PackRecord:
    """Return the pack in `files` (file name → bytes); `name` is how messages call it.

    Raises:
        Refused: it breaks a rule, or is written in YAML or CEL that this verifier does not read.
    """
    return _read_files(tuple(sorted(files.items())), name)


@lru_cache(maxsize=16)
def _read_files(files: tuple[tuple[str, bytes], ...], name: str) -> PackRecord:
    base = {file: content for file, content in files if file != _OVERLAY}
    if _PACK not in base:
        raise Refused(say("packs.folder.no_pack_yaml", folder=name))
    for file in base:
        folder, _, last = file.rpartition("/")
        if file not in (_PACK, _TRIAGE) and not (
            folder == "requirements" and last.endswith(".yaml") and last != ".yaml"
        ):
            raise Refused(say("packs.folder.unexpected_file", place=f"{name}/{file}"))
    if len(base) > _MOST_FILES:
        raise Refused(say("packs.folder.too_many_files", folder=name, count=len(base), limit=_MOST_FILES))
    if (size := sum(map(len, base.values()))) > _LARGEST_PACK:
        raise Refused(say("packs.folder.too_large", folder=name, size=size, limit=_LARGEST_PACK))
    pack = _based(base, name)
    check_pack(pack, name)
    for file, content in files:
        if file == _OVERLAY:
            pack = overlaid(pack, content, f"{name}/{file}")
            check_pack(pack, name)
    return pack


def _based(files: Mapping[str, bytes], name: str) -> PackRecord:
    """Put the header and the requirements together, in the order of the groups."""
    root = read_yaml(files[_PACK], f"{name}/{_PACK}")
    listed = root.get("languages") if isinstance(root, dict) else None
    languages = [item.text for item in listed or () if isinstance(item, Scalar)] if isinstance(listed, list) else []
    pack = RecordReader(f"{name}/{_PACK}", languages).record("pack", root)
    requirements = []
    for file in sorted(files):
        if file not in (_PACK, _TRIAGE):
            node = read_yaml(files[file], f"{name}/{file}")
            requirements += RecordReader(f"{name}/{file}", languages).record("requirements", node)["requirements"]
    order = {group["id"]: place for place, group in enumerate(pack["groups"])}
    requirements.sort(key=lambda requirement: order.get(requirement["group"], len(order)))
    return {**pack, "requirements": requirements}
