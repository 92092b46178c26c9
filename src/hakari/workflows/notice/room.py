"""The room: the files of one project from which its notices are made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hakari.assessment.manifest import Manifest
from hakari.assessment.notice import Glossary, Wording, read_glossary, read_wording
from hakari.errors import InputError
from hakari.inputs.confinement import confine
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
        if not cls.stands_in(folder, manifest):
            raise InputError(say("workflows.notice.none", path=manifest.notice or NOTICE_FILE))
        name = Path(manifest.notice or NOTICE_FILE)
        wording = read_wording(_content(confine(name, folder)), file=name.name)
        # Names in the wording are relative to it.
        glossary = read_glossary(
            _content(confine(name.parent / wording.glossary, folder)),
            wording.languages,
            file=Path(wording.glossary).name,
        )
        own, shared = wording.constraints, manifest.constraints
        constraints = name.parent / own if own else Path(shared) if shared else None
        return cls(
            wording=wording,
            glossary=glossary,
            constraints=None if constraints is None else _file(confine(constraints, folder)),
        )

    @staticmethod
    def stands_in(folder: Path, manifest: Manifest) -> bool:
        """Return whether the project has a wording of notices."""
        return (folder / (manifest.notice or NOTICE_FILE)).is_file()

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


def _file(path: Path) -> Path:
    if not path.is_file():
        raise InputError(say("workflows.notice.no_file", path=path.name))
    return path


def _content(path: Path) -> bytes:
    size = _file(path).stat().st_size
    if size > _LARGEST:
        raise InputError(say("workflows.answers.too_large", path=path.name, size=size, limit=_LARGEST))
    return path.read_bytes()
