"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from hakari.office.intake.views import dashboard, links, questions, queues, receipt, samples, writing

app_name = "intake"
urlpatterns = [
    path("", writing.mine, name="mine"),
    path("start/", writing.begin, name="start"),
    path("similar/", writing.like_hint, name="like_hint"),
    path("queue/unit/", queues.unit_queue, name="unit_queue"),
    path("queue/office/", queues.office_queue, name="office_queue"),
    path("samples/", samples.samples, name="samples"),
    path("samples/<slug:key>/", samples.sample, name="sample"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("asked/thanks/", links.thanks, name="thanks"),
    path("asked/<str:token>/", links.outside, name="outside"),
    path("<slug:number>/", writing.go_on, name="go_on"),
    path("<slug:number>/about/", writing.about, name="about"),
    path("<slug:number>/similar/", writing.like, name="like"),
    path("<slug:number>/question/<slug:name>/", questions.question, name="question"),
    path("<slug:number>/question/<slug:name>/ask/", questions.ask_other, name="ask"),
    path("<slug:number>/check/", questions.check, name="check"),
    path("<slug:number>/receipt/", receipt.receipt, name="receipt"),
    path("<slug:number>/decide/", queues.decide, name="decide"),
    path("<slug:number>/links/<slug:key>/", links.link, name="link"),
    path("<slug:number>/links/<slug:key>/accept/", links.accept_link, name="accept_link"),
    path("<slug:number>/links/<slug:key>/aside/", links.set_aside_link, name="set_aside_link"),
    path("<slug:number>/links/<slug:key>/withdraw/", links.withdraw_link, name="withdraw_link"),
]
