"""The forms of this room."""

from __future__ import annotations

import datetime
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from hakari.errors import InputError
from hakari.office.core.forms import OfficeForm, tell
from hakari.office.core.templatetags.office import told
from hakari.office.keys.access import may_ask_for_unit
from hakari.office.keys.actions import LONGEST_REASON
from hakari.office.keys.models import Kind
from hakari.office.keys.reading import LONGEST, public_key
from hakari.office.people.access import Access
from hakari.office.people.forms import one_line
from hakari.office.people.models import Unit
from hakari.office.people.permissions import Permission

__all__ = ["AskForm", "ConfirmForm", "ReasonForm"]

_FORM: Final = "office.keys.form."
_KIND: Final = "office.keys.kind."


class _Units(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """A unit, by its name in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return told(obj.names)


def _date() -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, required=False)


class AskForm(OfficeForm):
    """A public key, and whose it is."""

    texts = _FORM + "ask"
    public = forms.CharField(
        max_length=LONGEST, widget=forms.Textarea({"rows": 4, "spellcheck": "false", "autocomplete": "off"})
    )
    kind = forms.ChoiceField(widget=forms.RadioSelect)
    name = forms.CharField(max_length=120, required=False)
    unit = _Units(queryset=Unit.objects.none(), to_field_name="key", required=False)
    valid_from = _date()
    valid_until = _date()

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].initial = timezone.now().astimezone(datetime.UTC).date()
        kind: Any = self.fields["kind"]
        kind.choices = [(Kind.PERSON, tell(f"{_KIND}{Kind.PERSON}.mine"))]
        if may_ask_for_unit(access):
            kind.choices = [*kind.choices, (Kind.PIPELINE, tell(f"{_KIND}{Kind.PIPELINE}.unit"))]
            unit: Any = self.fields["unit"]
            unit.queryset = access.units(Permission.EDIT).order_by("path")
            unit.empty_label = tell("office.keys.form.ask.no_unit")
        else:  # there is nothing to choose
            del self.fields["kind"], self.fields["name"], self.fields["unit"]

    def clean_public(self) -> str:
        try:
            return public_key(self.cleaned_data["public"]).hex
        except InputError as error:
            raise ValidationError(told(error.message)) from None

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "PRIVATE KEY" in str(self.data.get("public", "")).upper():  # it must not come back in the page
            self.data = {**{name: self.data.get(name) for name in self.data}, "public": ""}
        if "kind" not in self.fields:
            cleaned["kind"] = Kind.PERSON
        if cleaned.get("kind") == Kind.PIPELINE:
            if not cleaned.get("name") and "name" not in self.errors:
                self.add_error("name", tell("office.keys.name_missing"))
            if not cleaned.get("unit") and "unit" not in self.errors:
                self.add_error("unit", tell("office.keys.unit_missing"))
        else:
            cleaned["name"], cleaned["unit"] = "", None
        first, last = cleaned.get("valid_from"), cleaned.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", tell("office.keys.until_before_from"))
        return cleaned


class ConfirmForm(OfficeForm):
    """That the id was compared with the person."""

    texts = _FORM + "confirm"
    compared = forms.BooleanField()
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(OfficeForm):
    """Why a key is declined or revoked."""

    texts = _FORM + "reason"
    reason = forms.CharField(max_length=LONGEST_REASON, widget=forms.Textarea({"rows": 3}))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
