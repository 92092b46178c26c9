"""Why something could not be done, said on the next page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages

from hakari.errors import NotAllowedError
from hakari.office.core.access import OfficeRequest
from hakari.office.core.templatetags.office import told

__all__ = ["show_refusal"]


def show_refusal(request: OfficeRequest, error: Any) -> None:
    """Say on the next page why something could not be done; who may not is refused outright.

    Raises:
        NotAllowedError: this was the reason.
    """
    if isinstance(error, NotAllowedError):
        raise error
    messages.error(request, told(error.message), extra_tags="bad")
