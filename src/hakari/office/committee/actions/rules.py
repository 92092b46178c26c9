"""Rows under lock, and what is voted on as one digest."""

from __future__ import annotations

from hakari.errors import OfficeError
from hakari.evidence import digest_json
from hakari.messages import say
from hakari.office.committee.models import Ballot, DocketItem, Heading, Meeting, Passage, ProposedCondition, Stop
from hakari.office.core.conflicts import locked_row

__all__ = ["NEEDED", "locked", "locked_ballot", "locked_meeting", "locked_stop", "motion_of", "page_of"]

NEEDED = (Heading.ASKED, Heading.AFFECTED, Heading.UNKNOWN, Heading.IF_NO)
"""Headings without which nobody is asked to vote; the others say "nothing" where there is nothing."""


def locked(item: DocketItem) -> DocketItem:
    """Return an item as it stands now; until the transaction ends nobody else changes it."""
    locked_row(item)
    return DocketItem.objects.select_related(
        "round__assessment__use_case__unit", "use_case__unit", "use_case__owner", "use_case__reporter", "put_by"
    ).get(pk=item.pk)


def locked_ballot(ballot: Ballot) -> Ballot:
    """Return a ballot as it stands now, under lock."""
    return locked_row(ballot)


def locked_meeting(meeting: Meeting) -> Meeting:
    """Return a meeting as it stands now, under lock."""
    return locked_row(meeting)


def locked_stop(stop: Stop) -> Stop:
    """Return a stop under lock; its row never changes, and two ballots on it are kept apart by it."""
    return locked_row(stop)


def page_of(item: DocketItem) -> dict[str, Passage]:
    """Return the last passage under each heading; one query."""
    found: dict[str, Passage] = {}
    for row in Passage.objects.filter(item=item).select_related("text", "translation").order_by("revision"):
        found[row.heading] = row
    return found


def motion_of(item: DocketItem) -> str:
    """Return the digest of what is voted on.

    Raises:
        OfficeError: a heading of the one page is empty.
    """
    page = page_of(item)
    missing = [say(f"office.committee.heading.{heading}") for heading in NEEDED if heading not in page]
    if missing:
        raise OfficeError(say("office.committee.page_incomplete", headings=missing))
    return digest_json(
        {
            "conditions": [
                [row.text.digest, row.requirement, row.due.isoformat(), row.rule, row.check_id]
                for row in ProposedCondition.objects.filter(item=item).select_related("text")
            ],
            "document": item.round.document,
            "envelope": item.envelope,
            "page": {heading: row.text.digest for heading, row in page.items()},
            "proposal": item.proposal,
            "valid_until": item.valid_until.isoformat(),
        }
    )
