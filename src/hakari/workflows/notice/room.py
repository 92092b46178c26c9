"""The room: the files of one project from which its notices are made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hakari.assessment.manifest import Manifest
from hakari.assessment.notice import Glossary, Wording, read_glossary, read_wording
from hakari.errors import InputError
from hakari.messages import say

__all__ = ["NOTICE_FILE", "NoticeRoom"]

NOTICE_FILE = "notice.yaml"
_LARGEST = 2 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRoom:
    """Wording and glossary of one project, and where its constraints stand."""

    wording: Wording
    glossary: Glossary
    constraints: Path | None
    """The file that says what people can change, or None if neither wording nor manifest names one."""

    @classmethod
    def of(cls, folder: Path, manifest: Manifest) -> NoticeRoom:
        """Return the room of the project in `folder`.

        Raises:
            InputError, ManifestError: no `notice.yaml`, or a file that is missing, too large, outside or malformed.
        """
        base = folder.resolve()
        name = manifest.notice or NOTICE_FILE
        path = _inside(base, name)
        if not path.is_file():
            raise InputError(say("workflows.notice.none", path=name))
        wording = read_wording(_content(path), file=path.name)
        # Names in the wording are relative to it.
        glossary_path = _inside(base, wording.glossary, path.parent)
        glossary = read_glossary(_content(glossary_path), wording.languages, file=glossary_path.name)
        own, shared = wording.constraints, manifest.constraints
        constraints = _inside(base, own, path.parent) if own else _inside(base, shared) if shared else None
        if constraints is not None and not constraints.is_file():
            raise InputError(say("workflows.notice.missing", path=constraints.name))
        return cls(wording=wording, glossary=glossary, constraints=constraints)

    def check_features(self, features: tuple[str, ...]) -> None:
        """Refuse a wording and a glossary that do not fit what the model is given.

        Raises:
            InputError: a feature without an entry, or one that the wording says is not used.
        """
        unknown = [name for name in features if name not in self.glossary.columns]
        if unknown:
            raise InputError(say("workflows.notice.no_entry", columns=unknown, path=self.wording.glossary))
        for item in self.wording.not_used:
            used = sorted(set(item.columns) & set(features))
            if used:
                raise InputError(say("workflows.notice.used", columns=used, name=dict(item.name)))


def _inside(base: Path, name: str, start: Path | None = None) -> Path:
    path = ((start or base) / name).resolve()
    if not path.is_relative_to(base):
        raise InputError(say("workflows.subject.outside", role="notice", path=name))
    return path


def _content(path: Path) -> bytes:
    if not path.is_file():
        raise InputError(say("workflows.notice.missing", path=path.name))
    size = path.stat().st_size
    if size > _LARGEST:
        raise InputError(say("workflows.answers.too_large", path=path.name, size=size, limit=_LARGEST))
    return path.read_bytes()
