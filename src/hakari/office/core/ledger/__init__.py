"""The ledger: an append-only chain of events, and how anybody finds out whether it was bent.

`chain` is the arithmetic, `store` the database, `checkpoints` the signed witnesses outside of it, `custody` the keys
that sign them, `triggers` what makes the database refuse changes.
"""
