"""Everything that can be done in the committee: each function is one act, one transaction and one event."""
