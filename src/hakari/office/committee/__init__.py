"""The committee: what lies before it, who may vote, what was decided and on which conditions, and stops."""
