"""Parts: the single-file verifier, before its parts are joined.

They import the standard library, `cryptography` and each other only, and share no code with the rest of Hakari: what
they find is a second opinion.
"""

__all__: list[str] = []
