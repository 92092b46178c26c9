"""Votes at rest: sealed until their ballot closes, and one door through which what they say is read."""
