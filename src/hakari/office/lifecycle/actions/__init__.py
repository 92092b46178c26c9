"""Everything that can be done to an assessment: each function is one act, one transaction and one event."""
