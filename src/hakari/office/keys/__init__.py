"""Public keys registered to people and pipelines, the signed list of them, and the second key of the office."""
