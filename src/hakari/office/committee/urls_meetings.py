"""The addresses of meetings, decisions, conditions, stops and precedents."""

from __future__ import annotations

from typing import Any

from django.urls import path

from hakari.office.committee.views import conditions, decisions, meetings, minutes, precedents, recalls, stops

urlpatterns: list[Any] = [
    path("meetings/", meetings.meeting_list, name="meetings"),
    path("meetings/new/", meetings.plan, name="meeting_plan"),
    path("meetings/<slug:key>/", meetings.meeting, name="meeting"),
    path("meetings/<slug:key>/change/", meetings.change, name="meeting_change"),
    path("meetings/<slug:key>/act/", meetings.act, name="meeting_act"),
    path("meetings/<slug:key>/minutes/", minutes.minutes, name="minutes"),
    path("meetings/<slug:key>/minutes/words/", minutes.words, name="minutes_words"),
    path("meetings/<slug:key>/minutes/approve/", minutes.approve, name="minutes_approve"),
    path("decisions/", precedents.precedents, name="precedents"),
    path("decisions/<slug:number>/", decisions.decision, name="decision"),
    path("conditions/", conditions.conditions, name="conditions"),
    path("conditions/<slug:key>/accept/", conditions.accept, name="condition_accept"),
    path("stops/", stops.stops, name="stops"),
    path("stops/<slug:key>/", stops.stop, name="stop"),
    path("stops/<slug:key>/recall/", recalls.recall, name="stop_recall"),
    path("stops/<slug:key>/open/", stops.open_vote, name="stop_open"),
    path("use-cases/<slug:number>/stop/", stops.stop_case, name="stop_case"),
    path("use-cases/<slug:number>/resume/", stops.resume_case, name="resume_case"),
    path("tasks/", stops.tasks, name="tasks"),
    path("tasks/<slug:key>/", stops.task, name="task"),
]
