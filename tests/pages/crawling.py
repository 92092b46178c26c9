"""Following links as a person: one address for each kind of page that they reach."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

from hakari.office.people.models import Person

_MOST = 400


def crawl(person: Person) -> dict[str, str]:
    """Return one address for each kind of page that a person reaches by links, with the kind that it is of."""
    client = Client()
    client.force_login(person)
    found: dict[str, str] = {}
    waiting, seen = ["/"], {"/"}
    while waiting and len(seen) < _MOST:
        path = waiting.pop(0)
        answer = client.get(path)
        kind = _kind(urlsplit(path).path)
        html = answer.headers.get("Content-Type", "").startswith("text/html")
        if answer.status_code != 200 or not html or kind is None:
            continue
        found.setdefault(kind, path)
        for link in _links(answer.content.decode()):
            if link not in seen and _kind(urlsplit(link).path) not in found:
                seen.add(link)
                waiting.append(link)
    return found


def _kind(path: str) -> str | None:
    try:
        return resolve(path).view_name
    except Resolver404:
        return None


def _links(page: str) -> list[str]:
    links = [unescape(link).partition("#")[0] for link in re.findall(r'href="(/[^"]*)"', page)]
    return [link for link in links if link and not link.startswith("/static/")]
