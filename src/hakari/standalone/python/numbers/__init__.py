"""Numbers: from counts to limits and verdicts, in plain floating-point arithmetic."""

__all__: list[str] = []
