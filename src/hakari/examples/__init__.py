"""Examples: small engineers' repositories, as somebody who uses Hakari would keep them.

Nothing in Hakari imports their code; the demo copies a folder, runs its `train.py` and assesses what comes out.
"""

__all__: list[str] = []
