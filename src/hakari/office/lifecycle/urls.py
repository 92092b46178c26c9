"""The addresses of this room."""

from __future__ import annotations

from django.urls import path

from hakari.office.lifecycle.views import (
    answering,
    assessments,
    carrying,
    delivering,
    enclosing,
    opening,
    reviewing,
    rounds,
    stating,
)

app_name = "lifecycle"
urlpatterns = [
    path("", assessments.assessments, name="list"),
    path("<slug:key>/evidence/<int:number>/", delivering.older, name="older"),
    path("<slug:key>/evidence/files/<str:digest>/", enclosing.enclosed, name="enclosed"),
    path("attachments/<slug:key>/", answering.attachment, name="attachment"),
    path("open/<slug:number>/", opening.open_stage, name="open"),
    path("<slug:key>/", assessments.assessment, name="assessment"),
    path("<slug:key>/again/", opening.again, name="again"),
    path("<slug:key>/close/", opening.close, name="close"),
    path("<slug:key>/facts/", stating.facts, name="facts"),
    path("<slug:key>/people/", stating.responsible, name="responsible"),
    path("<slug:key>/carried/", carrying.carried, name="carried"),
    path("<slug:key>/questions/<str:reference>/<slug:name>/", answering.question, name="question"),
    path("<slug:key>/questions/<str:reference>/<slug:name>/comment/", answering.remark, name="comment"),
    path("<slug:key>/evidence/", delivering.evidence, name="evidence"),
    path("<slug:key>/submit/", rounds.send, name="submit"),
    path("<slug:key>/rounds/<int:number>/", rounds.frozen_round, name="round"),
    path("<slug:key>/accept/<str:reference>/", reviewing.accept, name="accept"),
]
