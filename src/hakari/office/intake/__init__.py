"""How the office hears of a use of AI: a short pre-scan, triage with reasons, a receipt, lanes, and a second look."""
