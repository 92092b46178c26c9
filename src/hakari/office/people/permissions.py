"""What can be allowed to people, one word each."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Permission"]


class Permission(StrEnum):
    """Something that a role allows, in its unit and what lies below it, while it lasts."""

    NOTIFY = "notify"
    """Tell the office of a use of AI, and complete what was told."""
    SEE = "see"
    """See use cases that are shown to their unit."""
    EDIT = "edit"
    """Change the entry of a use case in the registry: versions, components, who is responsible."""
    DECIDE_MIDDLE = "decide_middle"
    """Decide on notifications of the middle tier."""
    REVIEW = "review"
    """Take up notifications of the high tier, ask, and advise."""
    ACCEPT = "accept"
    """Accept a stated bound or an exception for the office, until a day."""
    SAMPLE = "sample"
    """Read again what the lanes below the office have passed."""
    SEE_RESTRICTED = "see_restricted"
    """See use cases that are shown to named people only."""
    INFORM = "inform"
    """Send bulletins, record dialogue with people outside, keep commitments."""
    MANAGE_COMPONENTS = "manage_components"
    """Keep suppliers and components."""
    EXPORT = "export"
    """Take the register, or a part of it, away as a file."""
    IMPORT = "import"
    """Bring a register in from a file."""
    MEASURE_OFFICE = "measure_office"
    """See how the office itself does: mis-triage, ages, lanes."""
    VOTE = "vote"
    """Vote on a case in the committee."""
    CHAIR = "chair"
    """Lead the committee, and stop a use in one act."""
    STOP = "stop"
    """Stop a use in one act, to be ratified later."""
    PUBLISH = "publish"
    """Write for the public register."""
    MANAGE_PEOPLE = "manage_people"
    """Make accounts, units and roles, and erase people."""
    AUDIT = "audit"
    """Read everything, the ledger among it, and change nothing."""
