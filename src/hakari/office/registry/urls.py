"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from hakari.office.registry import views

app_name = "registry"
urlpatterns = [path("", views.use_cases, name="list")]
