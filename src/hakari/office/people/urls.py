"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from hakari.office.people import views

app_name = "people"
urlpatterns = [path("me/", views.me, name="me")]
