"""What people fill in about use cases."""

from __future__ import annotations

from typing import Any

from django import forms

from hakari.office.core.forms import OfficeForm, tell
from hakari.office.people.models import Person
from hakari.office.registry.models import Component, ComponentVersion, Supplier, UseCase, Visibility

__all__ = [
    "AnswersForm",
    "CodeNameForm",
    "ComponentForm",
    "DescribeForm",
    "LabelForm",
    "OwnerForm",
    "SubjectForm",
    "SupplierForm",
    "SureForm",
    "TakeOverForm",
    "UploadForm",
    "VersionForm",
    "VisibilityForm",
]


class _Seen(OfficeForm):
    """A form that knows which version of the row its reader saw."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    texts = "office.registry.form"


class DescribeForm(_Seen):
    """What a use case is called and what it is for."""

    title = forms.CharField(max_length=200)
    purpose = forms.CharField(max_length=4_000, required=False, widget=forms.Textarea(attrs={"rows": 8}))


class OwnerForm(_Seen):
    """Who answers for it."""

    owner = forms.EmailField(widget=forms.EmailInput(attrs={"autocomplete": "off"}))

    def clean_owner(self) -> Person:
        """Return the person with this address."""
        return _person(self.cleaned_data["owner"])


class VisibilityForm(_Seen):
    """Who sees it."""

    visibility = forms.ChoiceField(widget=forms.RadioSelect)
    people = forms.CharField(max_length=4_000, required=False, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(value, tell(f"office.registry.visibility.{value}.means")) for value in Visibility.values]
        self.fields["visibility"].choices = choices  # type: ignore[attr-defined]  # a field of choices

    def clean_people(self) -> list[Person]:
        """Return the people with these addresses."""
        return [_person(address) for address in self.cleaned_data["people"].replace(",", " ").split()[:50]]


class CodeNameForm(_Seen):
    """The name that stands for the title, and until when."""

    code_name = forms.CharField(max_length=60, required=False)
    until = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))


class SureForm(OfficeForm):
    """Nothing but the button."""

    texts = "office.registry.form"


class VersionForm(OfficeForm):
    """A release: its label, and its subjects as a file if there is one."""

    texts = "office.registry.form"
    label = forms.CharField(max_length=60)
    file = forms.FileField(required=False, widget=forms.FileInput(attrs={"accept": ".json,application/json"}))


class SubjectForm(OfficeForm):
    """One subject of a release."""

    texts = "office.registry.form.subject"
    role = forms.CharField(max_length=60)
    kind = forms.ChoiceField(initial="file")
    name = forms.CharField(max_length=300)
    digest = forms.RegexField(r"^[0-9a-f]{64}$", max_length=64, widget=forms.TextInput(attrs={"spellcheck": "false"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind, tell(f"office.registry.kind.{kind}")) for kind in ("file", "snapshot", "summary", "endpoint")]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]  # a field of choices
        self.fields["digest"].error_messages["invalid"] = tell("office.registry.form.subject.digest.wrong")


class UploadForm(OfficeForm):
    """The file of a register."""

    texts = "office.registry.form.upload"
    file = forms.FileField(widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}))


class TakeOverForm(OfficeForm):
    """The component's version from which answers are taken over."""

    texts = "office.registry.form"
    component = forms.ModelChoiceField(queryset=ComponentVersion.objects.none(), to_field_name="key")

    def __init__(self, *args: Any, use_case: UseCase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assessed = ComponentVersion.objects.exclude(assessed_on=None).select_related("component__supplier")
        self.fields["component"].queryset = (  # type: ignore[attr-defined]  # a field of rows
            assessed.exclude(uses__use_case=use_case).order_by("component__supplier__name", "component__name", "-pk")
        )
        self.fields["component"].label_from_instance = _component_label  # type: ignore[attr-defined]


class SupplierForm(_Seen):
    """Who supplies."""

    texts = "office.registry.form.supplier"
    name = forms.CharField(max_length=120)
    country = forms.CharField(max_length=60, required=False)
    contact = forms.EmailField(required=False)
    website = forms.URLField(required=False, assume_scheme="https")

    @staticmethod
    def of(supplier: Supplier) -> dict[str, Any]:
        """Return what stands in the fields now."""
        return {name: getattr(supplier, name) for name in ("name", "country", "contact", "website", "version")}


class ComponentForm(_Seen):
    """What is supplied."""

    texts = "office.registry.form.component"
    name = forms.CharField(max_length=120)
    description = forms.CharField(max_length=4_000, required=False, widget=forms.Textarea(attrs={"rows": 5}))

    @staticmethod
    def of(component: Component) -> dict[str, Any]:
        """Return what stands in the fields now."""
        return {name: getattr(component, name) for name in ("name", "description", "version")}


class LabelForm(OfficeForm):
    """A version's label."""

    texts = "office.registry.form"
    label = forms.CharField(max_length=60)


class AnswersForm(_Seen):
    """What a component's version answers: one field for each question of the pre-scan."""

    texts = "office.registry.form.answers"
    valid_until = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    notes = forms.CharField(max_length=4_000, required=False, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, questions: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        last = {name: self.fields.pop(name) for name in ("valid_until", "notes")}
        for question in questions:
            field = self._field(question, language)
            field.label = question.text.get(language) or question.text["en"]
            field.help_text = question.help.get(language) or question.help["en"]
            self.fields[f"q_{question.id}"] = field
        self.fields.update(last)

    @staticmethod
    def _field(question: Any, language: str) -> forms.Field:
        choices = [(choice.id, choice.text.get(language) or choice.text["en"]) for choice in question.choices]
        if question.type == "multi":
            return forms.MultipleChoiceField(choices=choices, required=False, widget=forms.CheckboxSelectMultiple)
        return forms.ChoiceField(choices=[("", "—"), *choices], required=False)

    @property
    def answers(self) -> dict[str, Any]:
        """What was answered, by question."""
        return {question.id: self.cleaned_data[f"q_{question.id}"] for question in self.questions}


def _component_label(version: ComponentVersion) -> str:
    return f"{version.component.supplier.name} · {version.component.name}@{version.label}"


def _person(address: str) -> Person:
    found = Person.objects.filter(email__iexact=address.strip(), is_active=True, erased_at=None).first()
    if found is None:
        raise forms.ValidationError(tell("office.registry.no_account", address=address))
    return found
