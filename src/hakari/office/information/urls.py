"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from hakari.office.information.views import commitments, notices, writing

app_name = "information"
urlpatterns = [
    path("notices/", notices.notices, name="notices"),
    path("notices/new/bulletin/", writing.write, {"kind": "bulletin"}, name="write_bulletin"),
    path("notices/new/dialogue/", writing.write, {"kind": "dialogue"}, name="write_dialogue"),
    path("notices/<str:number>/", notices.notice, name="notice"),
    path("notices/<str:number>/receipts/", notices.receipts, name="receipts"),
    path("notices/<str:number>/remind/", notices.send_reminder, name="remind"),
    path("notices/<str:number>/withdraw/", writing.end, name="withdraw"),
    path("commitments/", commitments.initiatives, name="commitments"),
    path("commitments/new/", commitments.edit_initiative, name="new_initiative"),
    path("commitments/<str:number>/", commitments.initiative, name="initiative"),
    path("commitments/<str:number>/edit/", commitments.edit_initiative, name="edit_initiative"),
    path("commitments/<str:number>/promises/new/", commitments.edit_promise, name="new_promise"),
    path("commitments/<str:number>/promises/<str:key>/", commitments.edit_promise, name="edit_promise"),
]
