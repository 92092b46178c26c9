"""Whether what lies under a digest still is what the digest says: frozen documents, plans, envelopes, texts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Final

from hakari.messages import Message, say
from hakari.office.committee.models import Decision, Minutes
from hakari.office.core.models import FreeText
from hakari.office.lifecycle.models import Acceptance, Attachment, Delivery, File, Record, Round

__all__ = ["bent_files", "bent_texts"]

_CITED: Final[tuple[tuple[Any, str], ...]] = (
    (Round, "document"),
    (Round, "plan"),
    (Decision, "signed"),
    (Acceptance, "envelope"),
    (Minutes, "document"),
    (Delivery, "plan"),
    (Record, "envelope"),
    (Attachment, "digest"),
)
"""Where rows cite files without which nothing can be shown again."""
_PAGE: Final = 500


def bent_files(
    *, newest: int | None = None, most: int = 20, tell: Callable[[Message], None] | None = None
) -> list[tuple[str, str]]:
    """Return (table, digest) of files that rows cite and that are gone, or say something else than their digest.

    Args:
        newest: Look at so many rows of each table, the newest ones; at all of them if None.
        most: Stop after so many.
        tell: Is told how far it is.
    """
    return list(islice(_bent(newest, tell), most))


def _bent(newest: int | None, tell: Callable[[Message], None] | None) -> Iterator[tuple[str, str]]:
    looked = 0
    for model, column in _CITED:
        last, left = None, newest
        while left is None or left > 0:
            rows = model._base_manager.order_by("-pk")
            rows = rows if last is None else rows.filter(pk__lt=last)
            page = list(rows.values_list("pk", column)[: min(_PAGE, left or _PAGE)])
            if not page:
                break
            last, left = page[-1][0], None if left is None else left - len(page)
            digests = {digest for _, digest in page}
            files = File.objects.filter(digest__in=digests)
            # What somebody attached can be erased; what is frozen or signed cannot go without being missed.
            gone = model is Attachment
            whole = {file.digest for file in files.iterator() if _holds(file) or (gone and file.erased_at is not None)}
            for digest in sorted(digests - whole):
                yield model._meta.db_table, digest
            looked += len(page)
            if tell is not None:
                tell(say("office.desk.row.files", n=looked))


def _holds(file: File) -> bool:
    content = None if file.content is None else bytes(file.content)
    return content is not None and hashlib.sha256(content).hexdigest() == file.digest and len(content) == file.size


def bent_texts(*, most: int = 20) -> list[str]:
    """Return the digests of texts that say something else than was kept; erased ones are not there to ask."""
    rows = FreeText.objects.order_by("digest").iterator(chunk_size=_PAGE)
    return list(islice((row.digest for row in rows if not row.holds), most))
