"""The report as PDF for a board's papers: tagged (PDF/UA), titled, in one language, and the same bytes every time.

It carries the signed figures within itself as an associated file, so that whoever holds the PDF alone can check it.
"""

from __future__ import annotations

import datetime
import logging
from importlib import import_module
from typing import Any, Final

from hakari.errors import InputError
from hakari.messages import Language, say
from hakari.office.oversight.programme.page import FIGURES, render_programme
from hakari.office.oversight.programme.statement import Signed

__all__ = ["printed", "printer", "producer"]

_KIND: Final = "pdf/ua-1"


def printer() -> Any:
    """Return the package that prints; it is optional and has no types.

    Raises:
        InputError: it is not there, or the libraries that it draws letters with are not.
    """
    # It tells of every line of style that is for browsers, and of its own when it is loaded; the pages were looked at.
    for name in ("weasyprint", "weasyprint.progress", "fontTools"):
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        return import_module("weasyprint")
    except (ImportError, OSError):  # OSError: the package is there, and Pango is not
        raise InputError(say("office.oversight.programme.no_pdf")) from None


def producer() -> str:
    """Return how the package that prints names itself and its version in what it made.

    Raises:
        InputError: it is not there.
    """
    return f"WeasyPrint {printer().__version__}"


def printed(signed: Signed, language: Language) -> bytes:
    """Return the pages of signed figures as PDF; nothing is fetched, and no clock or chance enters it.

    Raises:
        InputError: the package that prints is not there.
    """
    program = printer()
    # The page holds all that it shows: no protocol is allowed, so that nothing is fetched.
    fetcher = program.urls.URLFetcher(allowed_protocols=())
    page = render_programme(signed, language, on_paper=True)
    made = datetime.datetime.fromisoformat(signed.figures["made_at"])
    attached = program.Attachment(string=signed.envelope, name=FIGURES, created=made, modified=made)
    pages: bytes = program.HTML(string=page, url_fetcher=fetcher).write_pdf(
        finisher=_associate,
        attachments=[attached],
        # The name of the file within itself, otherwise drawn from its content and a clock.
        pdf_identifier=bytes.fromhex(signed.digest)[:16],
        pdf_variant=_KIND,
    )
    return pages


def _associate(_: Any, pdf: Any) -> None:
    """Say of the signed figures what they are to the pages: their source (ISO 32000-2, 7.11.4 and 14.13)."""
    objects: list[Any] = [found for found in pdf.objects if isinstance(found, dict)]
    for found in objects:
        if found.get("Type") == "/Filespec":
            found["AFRelationship"] = "/Source"
            pdf.catalog["AF"] = f"[{found.reference.decode()}]"
