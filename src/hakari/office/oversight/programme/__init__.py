"""The programme report: what the office did in a period, counted from its rows and its ledger, and signed."""
