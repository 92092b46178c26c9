"""The addresses of this room."""

from __future__ import annotations

from django.urls import path

from hakari.office.oversight.views import boards, calendar, programme

app_name = "oversight"
urlpatterns = [
    path("", boards.overview, name="overview"),
    path("figures/<slug:name>/", boards.board, name="board"),
    path("programme/", programme.programme, name="programme"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/<slug:secret>.ics", calendar.feed, name="feed"),
    path("calendar/<slug:key>/close/", calendar.close, name="close"),
    path("meetings/<slug:key>.ics", calendar.meeting, name="meeting"),
]
