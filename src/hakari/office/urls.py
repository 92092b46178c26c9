"""The addresses of the site: each room has its own list."""

from __future__ import annotations

from django.urls import include, path

from hakari.office.core import views

urlpatterns = [
    path("", views.home, name="home"),
    path("language/", views.language, name="language"),
    path("parts/", views.parts, name="parts"),
    path("accounts/", include("hakari.office.people.signing.addresses")),
    path("people/", include("hakari.office.people.urls")),
    path("use-cases/", include("hakari.office.registry.urls")),
    path("notify/", include("hakari.office.intake.urls")),
    path("information/", include("hakari.office.information.urls")),
    path("keys/", include("hakari.office.keys.urls")),
    path("assessments/", include("hakari.office.lifecycle.urls")),
    path("committee/", include("hakari.office.committee.urls")),
    path("oversight/", include("hakari.office.oversight.urls")),
    path("api/", include("hakari.office.api.urls")),
]
