"""Judging: from records, packs and numbers to findings, and from these to the three levels."""

__all__: list[str] = []
