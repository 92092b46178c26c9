"""Signing in: allauth's pages in our frame and words, its letters, and what it does noted in the ledger."""
