"""Log: the one logger, on stderr, as text for people or as one JSON object a line for machines."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

from hakari.cli.terminal.session import LogFormat
from hakari.messages import Language, Message, render

__all__ = ["configure", "logger"]

logger = logging.getLogger("hakari")


class _Lines(logging.Formatter):
    def __init__(self, language: Language, form: LogFormat) -> None:
        super().__init__()
        self.language: Language = language
        self.form = form

    def format(self, record: logging.LogRecord) -> str:
        message = record.msg
        told = render(message, self.language) if isinstance(message, Message) else record.getMessage()
        # One event is one line, whatever a file name or a value holds.
        line = " ".join(told.split())
        if self.form == "text":
            return line
        document = {"level": record.levelname.lower(), "message": line, "time": _time(record)}
        if isinstance(message, Message):
            document["key"] = message.key
        return json.dumps(document, ensure_ascii=False, sort_keys=True)


def configure(language: Language, form: LogFormat, *, quiet: bool) -> None:
    """Point the logger at the present stderr; `quiet` leaves errors only."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines(language, form))
    logger.handlers = [handler]
    logger.propagate = False
    logger.setLevel(logging.ERROR if quiet else logging.INFO)


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
