"""The address of a decision as a file."""

from __future__ import annotations

from django.urls import path

from hakari.office.committee.views import exporting

urlpatterns = [path("decisions/<str:number>/bundle/", exporting.bundle, name="export")]
