"""The decision notice of one row: its files, its explanation, what could change the decision, and its statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.workflows.notice.making import make_notice
    from hakari.workflows.notice.room import NOTICE_FILE, NoticeRoom
    from hakari.workflows.notice.stating import notice_evidence

__all__ = ["NOTICE_FILE", "NoticeRoom", "make_notice", "notice_evidence"]

__getattr__, __dir__ = exports(
    __name__,
    {
        "making": ("make_notice",),
        "room": ("NOTICE_FILE", "NoticeRoom"),
        "stating": ("notice_evidence",),
    },
)
