"""`hakari office`: start the demonstration, run the site, check an installation, save and restore it, renew its keys.

`hakari ledger`: find out whether the office's ledger was bent. Nothing here needs Django until a command runs.
"""

from __future__ import annotations

from hakari.cli.office import keys, report, upkeep
from hakari.cli.office.records import ledger
from hakari.cli.office.site import office

__all__ = ["keys", "ledger", "office", "report", "upkeep"]
