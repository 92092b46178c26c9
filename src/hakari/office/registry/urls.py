"""Addresses of this room."""

from __future__ import annotations

from django.urls import path, register_converter

from hakari.office.registry.views import changes, components, exchange, use_cases, versions


class Number:
    """The number of a use case in an address."""

    regex = "UC-[0-9]{4}-[0-9]{4,9}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Part:
    """The name of a part of an entry that has a page for changing it."""

    regex = "|".join(changes.PARTS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Number, "number")
register_converter(Part, "part")

app_name = "registry"
urlpatterns = [
    path("", use_cases.use_cases, name="list"),
    path("export/", exchange.export, name="export"),
    path("import/", exchange.upload, name="import"),
    path("import/<slug:digest>/", exchange.import_file, name="import_file"),
    path("suppliers/", components.suppliers, name="suppliers"),
    path("suppliers/add/", components.add_supplier, name="supplier_add"),
    path("suppliers/<slug:key>/", components.supplier, name="supplier"),
    path("suppliers/<slug:key>/edit/", components.change_supplier, name="supplier_change"),
    path("suppliers/<slug:key>/add/", components.add_component, name="component_add"),
    path("components/", components.components, name="components"),
    path("components/<slug:key>/", components.component, name="component"),
    path("components/<slug:key>/edit/", components.change_component, name="component_change"),
    path("components/<slug:key>/add/", components.add_component_version, name="component_version_add"),
    path("component-versions/<slug:key>/", components.answer_component, name="component_answers"),
    path("<number:number>/", use_cases.use_case, name="detail"),
    path("<number:number>/versions/", versions.add_version, name="version_add"),
    path("<number:number>/components/", changes.take_over, name="take_over"),
    path("<number:number>/components/<slug:key>/again/", changes.take_over_again, name="take_over_again"),
    path("<number:number>/components/<slug:key>/drop/", changes.drop, name="drop"),
    path("<number:number>/<part:part>/", changes.change_part, name="change"),
]
