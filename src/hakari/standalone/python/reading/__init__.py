"""Reading: from the bytes of a bundle to records, by readers that trust nothing."""

__all__: list[str] = []
