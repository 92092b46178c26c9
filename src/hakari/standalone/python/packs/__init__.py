"""Packs: the policy that a case was assessed against: YAML, its records and rules, and when something applies."""

__all__: list[str] = []
