"""Tags and filters of the office's pages: texts of the catalogue, times, and records with two languages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.utils import formats, timezone

from hakari.messages import render
from hakari.messages import say as message
from hakari.office.core.language import in_readers_words, reader_language

register = template.Library()


@register.simple_tag
def say(key: str, **arguments: Any) -> str:
    """Return a text of the catalogue in the reader's language; it is escaped like any other value."""
    return render(message(key, **arguments), reader_language())


@register.filter
def told(value: Any) -> str:
    """Return a message, or a text in several languages, in the reader's language."""
    return in_readers_words(value)


@register.filter
def said(key: str) -> str:
    """Return the text of a key that has no placeholders: `{{ "office.level."|add:level|said }}`."""
    return render(message(key), reader_language())


@register.filter
def day(value: date | datetime | None) -> str:
    """Return a day as the reader writes it."""
    if value is None:
        return "–"
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    return f"{local.year}年{local.month}月{local.day}日" if reader_language() == "ja" else f"{local.day} {local:%b %Y}"


@register.filter
def moment(value: datetime | None) -> str:
    """Return a time as the reader writes it."""
    if value is None:
        return "–"
    return f"{day(value)} {timezone.localtime(value):%H:%M}"


@register.filter
def iso(value: date | datetime | None) -> str:
    """Return a time for the `datetime` attribute."""
    return "" if value is None else value.isoformat()


@register.filter
def percent(value: float | None) -> str:
    """Return a share in percent."""
    return "–" if value is None else f"{formats.number_format(value * 100, 1)} %"


@register.filter
def share(mapping: Mapping[str, Any], name: str) -> Any:
    """Return one entry of a mapping."""
    return mapping.get(name)


@register.simple_tag(takes_context=True)
def address(context: Any, **changes: Any) -> str:
    """Return this page's address with other filters; an empty value takes a filter away."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in ("", None):
            query[name] = str(value)
    query.pop("page", None) if "page" not in changes else None
    text = query.urlencode()
    return f"?{text}" if text else "?"
