"""Packs that this process has read, by digest, each with the places where its records were written."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from hakari.packs._records import Places
from hakari.packs.model import Pack

__all__ = ["Loaded", "digest_files", "find", "keep", "places_of"]

_KEPT = 64
_loaded: OrderedDict[tuple[str, str], Loaded] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Loaded:
    """A pack and where its records were written."""

    pack: Pack
    places: Places


def digest_files(content: Mapping[str, bytes]) -> str:
    """Return the SHA-256 over the sorted (file name, file digest) pairs; nothing is normalised."""
    from hakari.evidence import digest_bytes, digest_json

    return digest_json(sorted([name, digest_bytes(part)] for name, part in content.items()))


def find(digest: str, name: str) -> Loaded | None:
    """Return what was read under `name` with this digest."""
    return _loaded.get((digest, name))


def keep(name: str, loaded: Loaded) -> Loaded:
    """Remember `loaded`; the oldest gives way."""
    _loaded[loaded.pack.digest, name] = loaded
    while len(_loaded) > _KEPT:
        _loaded.popitem(last=False)
    return loaded


def places_of(pack: Pack) -> Loaded:
    """Return an equal pack with its places; without any if this process has not read it from YAML."""
    same = (item for (digest, _), item in list(_loaded.items()) if digest == pack.digest and item.pack == pack)
    return next(same, None) or Loaded(pack, Places())
