"""The addresses of this room."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import path

app_name = "committee"


def item(request: Any, key: str) -> HttpResponse:
    return HttpResponse(key)


def decision(request: Any, number: str) -> HttpResponse:
    return HttpResponse(number)


urlpatterns: list[Any] = [
    path("items/<str:key>/", item, name="item"),
    path("decisions/<str:number>/", decision, name="decision"),
]
