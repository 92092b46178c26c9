"""Rules: the parts of the engine, each a pure function from records to what they mean.

Which record answers a check today, what an answer does to its requirement, at which error a limit is computed, what a
check's counts say, when an acceptance counts, and whether the stage closes.
"""

__all__: list[str] = []
