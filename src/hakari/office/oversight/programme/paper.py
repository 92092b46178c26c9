"""The report as PDF for a board's papers: tagged (PDF/UA), titled, in one language, and the same bytes every time."""

from __future__ import annotations

import logging
from importlib import import_module
from typing import Any, Final

from hakari.errors import InputError
from hakari.messages import Language, say
from hakari.office.oversight.programme.page import render_programme
from hakari.office.oversight.programme.statement import Signed

__all__ = ["printed", "printer"]

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


def printed(signed: Signed, language: Language) -> bytes:
    """Return the pages of signed figures as PDF; nothing is fetched, and no clock or chance enters it.

    Raises:
        InputError: the package that prints is not there.
    """
    program = printer()
    # The page holds all that it shows: no protocol is allowed, so that nothing is fetched.
    fetcher = program.urls.URLFetcher(allowed_protocols=())
    page = render_programme(signed, language, on_paper=True)
    pages: bytes = program.HTML(string=page, url_fetcher=fetcher).write_pdf(
        # The name of the file within itself, otherwise drawn from its content and a clock.
        pdf_identifier=bytes.fromhex(signed.digest)[:16],
        pdf_variant=_KIND,
    )
    return pages
