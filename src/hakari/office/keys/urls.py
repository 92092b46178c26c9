"""The addresses of this room."""

from __future__ import annotations

from django.urls import path

from hakari.office.keys import views

app_name = "keys"
urlpatterns = [
    path("", views.keys, name="list"),
    path("directory.json", views.directory, name="directory"),
    path("ask/", views.ask, name="ask"),
    path("<slug:key>/", views.key, name="key"),
    path("<slug:key>/confirm/", views.confirm, name="confirm"),
    path("<slug:key>/decline/", views.decline, name="decline"),
    path("<slug:key>/withdraw/", views.withdraw, name="withdraw"),
    path("<slug:key>/revoke/", views.revoke, name="revoke"),
]
