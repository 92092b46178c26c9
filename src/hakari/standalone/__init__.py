"""Standalone: verifiers that a stranger runs without Hakari, as a second opinion on its bundles.

`single_file` joins the parts under `python` into one Python file that needs nothing but `cryptography`; `page` makes
one offline HTML page. Both answer what `hakari verify` answers, and share with it the words of the message catalogue
and the published JSON schemas, but no code: what they find again they find by another road.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.standalone.assemble import single_file

__all__ = ["single_file"]

__getattr__, __dir__ = exports(__name__, {"assemble": ("single_file",)})
