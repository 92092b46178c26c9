"""Hakari."""
