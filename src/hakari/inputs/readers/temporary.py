"""Temporary: folders for copies that DuckDB can read."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path

__all__ = ["TemporaryFolder"]


class TemporaryFolder:
    """A folder that only its owner can read; deleted when nobody holds it, at the latest when the program ends.

    Only a killed process leaves it behind. (`tempfile.TemporaryDirectory` warns where this is the intended end.)
    """

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="hakari-"))
        """Where it is."""
        self._end = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)
