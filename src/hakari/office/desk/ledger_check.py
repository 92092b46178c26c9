"""Verifying the ledger of an installation, as one answer with every problem named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hakari.errors import HakariError
from hakari.messages import Message, say
from hakari.office.core.ledger.chain import ChainReport, Problem

__all__ = ["LedgerAnswer", "problem_text", "seal_ledger", "verify_ledger"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerAnswer:
    """What verification found in the database and among the checkpoints."""

    report: ChainReport
    refused: Message | None
    """Why the checkpoints could not be used at all; the chain was then looked at without them."""
    rows: tuple[tuple[str, int, Message], ...] = ()
    """(kind, number of the event or 0, sentence) for each row, file or text that is not what was written."""

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return self.report.holds and self.refused is None and not self.rows


def verify_ledger(*, rows: bool = False, tell: Callable[[Message], None] | None = None) -> LedgerAnswer:
    """Return where the ledger breaks.

    Args:
        rows: Whether the rows, files and texts that events made are compared with them as well.
        tell: Is told how far the comparison is.
    """
    from hakari.office.core.ledger import store

    refused: Message | None = None
    try:
        report = store.verify()
    except HakariError as error:
        refused = error.message if isinstance(error.message, Message) else say("text", text=str(error))
        report = store.verify([])
    return LedgerAnswer(report=report, refused=refused, rows=tuple(_compared(tell)) if rows else ())


def _compared(tell: Callable[[Message], None] | None) -> Iterator[tuple[str, int, Message]]:
    from hakari.office.core.ledger.store import snapshot
    from hakari.office.desk.file_check import bent_files, bent_texts
    from hakari.office.desk.row_check import compare_rows, row_problem_text

    with snapshot():
        for problem in compare_rows(tell=tell):
            yield f"row_{problem.kind}", problem.sequence, row_problem_text(problem)
        for table, digest in bent_files(tell=tell):
            yield "file", 0, say("office.desk.row.file", table=table, digest=digest[:16])
        for digest in bent_texts():
            yield "text", 0, say("office.desk.row.text", digest=digest[:16])


def seal_ledger() -> int:
    """Sign where the chain stands now, and return the number of events (none: nothing to sign).

    Raises:
        OfficeError: the ledger does not hold; a checkpoint would vouch for it.
    """
    from hakari.errors import OfficeError
    from hakari.office.core.ledger.checkpoints import write_checkpoint
    from hakari.office.core.models import Head

    answer = verify_ledger()
    if not answer.holds:
        raise OfficeError(say("office.desk.broken_ledger", problem=first_problem(answer)))
    head = Head.objects.filter(id=1).first()
    if head is not None and head.sequence > answer.report.sealed:
        write_checkpoint(head.sequence, head.digest, ledger=head.ledger)
    return head.sequence if head is not None else 0


def first_problem(answer: LedgerAnswer) -> Message:
    """Return the first thing that is wrong."""
    if answer.refused is not None or not answer.report.problems:
        return answer.refused or say("text", text="")
    return problem_text(answer.report.problems[0])


def problem_text(problem: Problem) -> Message:
    """Return a problem as a sentence."""
    return say(f"office.desk.problem.{problem.kind}", sequence=problem.sequence)
