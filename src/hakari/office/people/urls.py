"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from hakari.office.people.views import accounts, me, roles, tokens, units

app_name = "people"
urlpatterns = [
    path("me/", me.me, name="me"),
    path("me/profile/", me.profile, name="profile"),
    path("me/sessions/", me.sessions, name="sessions"),
    path("me/about-me.json", me.export, name="export"),
    path("me/erasure/", me.erasure, name="erasure"),
    path("me/tokens/", tokens.tokens, name="tokens"),
    path("me/tokens/add/", tokens.add, name="token_add"),
    path("me/tokens/<slug:prefix>/revoke/", tokens.revoke, name="token_revoke"),
    path("roles/", roles.roles, name="roles"),
    path("directory/units/", units.units, name="units"),
    path("directory/units/add/", units.add, name="unit_add"),
    path("directory/units/<slug:key>/", units.unit, name="unit"),
    path("directory/", accounts.people, name="list"),
    path("directory/add/", accounts.add, name="add"),
    path("directory/person/<slug:key>/", accounts.person, name="person"),
    path("directory/person/<slug:key>/roles/give/", roles.give, name="role_give"),
    path("directory/person/<slug:key>/roles/<int:number>/end/", roles.end, name="role_end"),
    path("directory/person/<slug:key>/change/", accounts.change, name="change"),
    path("directory/person/<slug:key>/<slug:act>/", accounts.act, name="act"),
]
