"""The forms of this room."""

from __future__ import annotations

import unicodedata
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from hakari.office.core.forms import OfficeForm, tell
from hakari.office.people.access import Access
from hakari.office.people.models import Person, Unit
from hakari.office.people.roles import ROLES
from hakari.office.people.tokens import NEEDS, Scope

__all__ = ["ChangeForm", "PersonForm", "ProfileForm", "RoleForm", "TokenForm", "UnitForm", "one_line"]

_FORM: Final = "office.people.form."
_SCOPE: Final = "office.people.scope."
_ROLE: Final = "office.role."
_LANGUAGES: Final = [("en", "English"), ("ja", "日本語")]
_DAYS: Final = (7, 30, 90, 365)


def one_line(value: str) -> str:
    """Refuse what would break a line or hide: a name stands in letters, lists and files.

    Raises:
        ValidationError: it has such a character.
    """
    if any(unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"} for character in value):
        raise ValidationError(tell("office.people.one_line"))
    return unicodedata.normalize("NFC", value).strip()


class Line(forms.CharField):
    """Text on one line."""

    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value) or "")


class Units(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """A unit, shown with its place in the tree."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Unit.objects.order_by("path"), to_field_name="key", **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        indent: int = obj.path.count("/") - 2
        return "\u2003" * indent + tell("office.people.unit.name", name=obj.names)


class ProfileForm(OfficeForm):
    """How somebody is called, and in which language they read."""

    texts = _FORM + "profile"
    name = Line(max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    reading = Line(max_length=120, required=False)
    language = forms.ChoiceField(choices=_LANGUAGES, widget=forms.RadioSelect)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


def _empty(form: forms.Form, name: str, key: str) -> None:
    field: Any = form.fields[name]
    field.empty_label = tell(key)


class PersonForm(ProfileForm):
    """A new account."""

    texts = _FORM + "person"
    email = forms.EmailField(max_length=254)
    unit = Units(required=False)
    field_order = ("email", "name", "reading", "language", "unit")
    version = None  # type: ignore[assignment]  # there is nothing yet that could have changed

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _empty(self, "unit", "office.people.no_unit")

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if Person.objects.filter(email__iexact=email).exists():
            raise ValidationError(tell("office.people.address_taken"))
        return email


class ChangeForm(ProfileForm):
    """How somebody is called and where they belong, as administrators keep it."""

    texts = _FORM + "person"
    unit = Units(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _empty(self, "unit", "office.people.no_unit")


class UnitForm(OfficeForm):
    """A unit: its names, and where it hangs."""

    texts = _FORM + "unit"
    name = Line(max_length=120)
    name_ja = Line(max_length=120, required=False)
    reading = Line(max_length=120, required=False)
    parent = Units(required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _empty(self, "parent", "office.people.no_unit")


class RoleForm(OfficeForm):
    """A role for a unit and a period."""

    texts = _FORM + "role"
    role = forms.ChoiceField(widget=forms.RadioSelect)
    unit = Units(required=False)
    starts = forms.DateField(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    ends = forms.DateField(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _empty(self, "unit", "office.people.company")
        role: Any = self.fields["role"]
        role.choices = [(code, f"{tell(_ROLE + code)}: {tell(f'{_ROLE}{code}.does')}") for code in ROLES]
        self.fields["starts"].initial = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        role, unit = cleaned.get("role"), cleaned.get("unit")
        if role and ROLES[role].whole_company and unit:
            self.add_error("unit", tell("office.people.role.company_only", role=tell(_ROLE + role)))
        if role and not ROLES[role].whole_company and not unit and "unit" not in self.errors:
            self.add_error("unit", tell("office.people.role.unit_needed", role=tell(_ROLE + role)))
        if cleaned.get("starts") and cleaned.get("ends") and cleaned["ends"] < cleaned["starts"]:
            self.add_error("ends", tell("office.people.role.ends_first"))
        return cleaned


class TokenForm(OfficeForm):
    """A token: what for, what it may do, how long."""

    texts = _FORM + "token"
    name = Line(max_length=80)
    scopes = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    days = forms.TypedChoiceField(coerce=int)
    seed = forms.RegexField(r"^[0-9A-Za-z_-]{20,64}$", widget=forms.HiddenInput)

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scopes: Any = self.fields["scopes"]
        needs = {scope: NEEDS[scope] for scope in Scope}
        scopes.choices = [
            (str(scope), tell(_SCOPE + scope)) for scope, need in needs.items() if need is None or access.may(need)
        ]
        days: Any = self.fields["days"]
        days.choices = [(count, tell("office.people.token.for_days", n=count)) for count in _DAYS]
        days.initial = 90
