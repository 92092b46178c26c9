"""Page: what every page of ours shares: the templates, the style sheet, and the policy that forbids everything else."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["environment", "policy", "style"]


@cache
def environment() -> Environment:
    """Return the templates, which escape all text and stop at an unknown name."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("hakari.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def style(*further: str) -> str:
    """Return the style sheet of the report, and after it those named in `further`."""
    folder = files("hakari.reports").joinpath("templates")
    return "\n".join(folder.joinpath(f"{name}.css").read_text("utf-8") for name in ("report", *further))


def policy(style: str) -> str:
    """Return the content security policy: this very style sheet by its hash, pictures from the page, nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
