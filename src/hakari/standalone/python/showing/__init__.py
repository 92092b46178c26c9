"""Showing: the program that a person runs."""

__all__: list[str] = []
