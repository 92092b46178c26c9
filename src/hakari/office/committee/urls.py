"""The addresses of this room: the docket and the vote; meetings, decisions, conditions and stops have their own list."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import path

from hakari.office.committee import urls_export, urls_meetings

app_name = "committee"


def item(request: Any, key: str) -> HttpResponse:
    return HttpResponse(key)


def decision(request: Any, number: str) -> HttpResponse:
    return HttpResponse(number)


urlpatterns: list[Any] = [
    path("items/<str:key>/", item, name="item"),
    *urls_meetings.urlpatterns,
    *urls_export.urlpatterns,
    path("decisions/<str:number>/", decision, name="decision"),
]
