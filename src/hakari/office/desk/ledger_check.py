"""Verifying the ledger of an installation, as one answer with every problem named."""

from __future__ import annotations

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

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return self.report.holds and self.refused is None


def verify_ledger() -> LedgerAnswer:
    """Return where the ledger breaks."""
    from hakari.office.core.ledger import store

    try:
        return LedgerAnswer(report=store.verify(), refused=None)
    except HakariError as error:
        refused = error.message if isinstance(error.message, Message) else say("text", text=str(error))
    return LedgerAnswer(report=store.verify([]), refused=refused)


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
