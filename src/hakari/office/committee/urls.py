"""The addresses of this room: the docket and the vote; meetings, decisions and stops have their own list."""

from __future__ import annotations

from typing import Any

from django.urls import path

from hakari.office.committee import urls_export, urls_meetings
from hakari.office.committee.views import docket, items, items_writing, voting

app_name = "committee"


urlpatterns: list[Any] = [
    path("", docket.docket, name="docket"),
    path("rounds/<slug:key>/", docket.put, name="put"),
    path("items/<slug:key>/", items.item, name="item"),
    path("items/<slug:key>/withdraw/", docket.withdraw, name="withdraw"),
    path("items/<slug:key>/write/<slug:heading>/", items_writing.passage, name="passage"),
    path("items/<slug:key>/translate/<slug:heading>/", items_writing.translation, name="translation"),
    path("items/<slug:key>/terms/", items_writing.terms, name="terms"),
    path("items/<slug:key>/conditions/", items_writing.conditions, name="conditions_proposed"),
    path("items/<slug:key>/conditions/<int:place>/drop/", items_writing.drop, name="drop_condition"),
    path("items/<slug:key>/declare/", voting.declare, name="declare"),
    path("items/<slug:key>/open/", voting.open_ballot, name="open_ballot"),
    path("ballots/<slug:key>/vote/", voting.vote, name="vote"),
    path("ballots/<slug:key>/call/", voting.call, name="call"),
    path("ballots/<slug:key>/close/", voting.close, name="close_ballot"),
    *urls_meetings.urlpatterns,
    *urls_export.urlpatterns,
]
