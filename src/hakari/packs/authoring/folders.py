"""The folder of a pack: what may be written there, and what stands beside the YAML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from hakari.errors import InputError
from hakari.messages import say
from hakari.packs._files import OVERLAY, PACK, TRIAGE
from hakari.packs.authoring.shelf import Refusal

__all__ = ["NOT_FOR_US", "check_target", "read_refusals", "write_folder"]

NOT_FOR_US = "not-for-us.json"
"""What the company does not take from the shelf, with the reasons; beside the YAML, no part of the pack."""


def check_target(folder: Path, *, shown: str, replace: bool = False) -> None:
    """Refuse a folder that holds something, unless it is a pack and may be replaced.

    Raises:
        InputError: with what to do.
    """
    if folder.is_file():
        raise InputError(say("authoring.folder.file", folder=shown))
    if not folder.exists() or not any(folder.iterdir()):
        return
    if (folder / OVERLAY).exists() or not (folder / PACK).is_file():
        raise InputError(say("authoring.folder.other", folder=shown))
    if not replace:
        raise InputError(say("authoring.folder.full", folder=shown))


def write_folder(folder: Path, files: Mapping[str, bytes], refused: Iterable[Refusal] | None = None) -> None:
    """Write the files of a pack; what an earlier version of the pack left there is removed."""
    try:
        (folder / "requirements").mkdir(parents=True, exist_ok=True)
        stale = {PACK, TRIAGE, *(f"requirements/{item.name}" for item in (folder / "requirements").glob("*.yaml"))}
        for name, content in files.items():
            (folder / name).write_bytes(content)
        for name in stale - set(files):
            (folder / name).unlink(missing_ok=True)
        if refused is not None:
            told = {refusal.reference: dict(refusal.because) for refusal in refused}
            target = folder / NOT_FOR_US
            if told:
                target.write_text(json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
            else:
                target.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(say("authoring.file.unwritable", file=folder.name, problem=error.strerror or "")) from None


def read_refusals(folder: Path) -> tuple[Refusal, ...]:
    """Return what the company refused from the shelf, as an earlier import wrote it."""
    path = folder / NOT_FOR_US
    if not path.is_file():
        return ()
    try:
        told = json.loads(path.read_text("utf-8"))
        return tuple(
            Refusal(reference=str(name), because={str(key): str(text) for key, text in texts.items()})
            for name, texts in told.items()
        )
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        problem = " ".join(str(error).split())[:200]
        raise InputError(say("authoring.file.damaged", file=NOT_FOR_US, problem=problem)) from None
