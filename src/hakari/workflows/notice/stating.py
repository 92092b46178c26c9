"""Stating: the notice of the example that `notice.yaml` names, as one evidence record."""

from __future__ import annotations

from dataclasses import replace

from hakari.assessment.notice import is_notice, record_of
from hakari.assessment.notice.record import referenced
from hakari.evidence import Evidence, Producer, SigningKey, encode
from hakari.workflows.notice.making import make_notice
from hakari.workflows.notice.room import NoticeRoom
from hakari.workflows.project import Project
from hakari.workflows.store import Shelf

__all__ = ["notice_evidence"]


def notice_evidence(
    project: Project, shelf: Shelf, *, producer: Producer, now: str, key: SigningKey | None
) -> tuple[Evidence, bool] | None:
    """Return the example's notice as evidence and whether it is new; None where the manifest names no example.

    A row leaves only where `notice.yaml` names it. A notice that says the same as the last one under the same key, of
    whatever day, is that one.

    Raises:
        InputError, ManifestError: as `make_notice` and `NoticeRoom.of`.
    """
    if project.manifest.notice is None:
        return None
    room = NoticeRoom.of(project.folder, project.manifest)
    if room.wording.example is None:
        return None
    notice = make_notice(project, room, room.wording.example.row, today=now[:10])
    subjects = tuple(item for item in project.subjects if item.role in ("model", "data.test", "data.train"))
    seed = project.manifest.seed
    record = record_of(notice, subjects, seed=seed, producer=producer, now=now)
    mine = key.public.id if key else None
    known = [
        (other.collected_at, identifier)
        for identifier, other in shelf.records.items()
        if is_notice(other) and shelf.signers.get(identifier) == mine
    ]
    if known:
        last = shelf.records[max(known)[1]]
        again = record_of(
            referenced(replace(notice, date=last.collected_at[:10])), subjects, seed=seed, producer=producer,
            now=last.collected_at,
        )  # fmt: skip
        if encode(again) == encode(last):
            return last, False
    return record, True
