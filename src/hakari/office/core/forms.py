"""Forms: one look for every field, with label, hint and error tied to its input."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.template.loader import get_template

from hakari.messages import render, say
from hakari.office.core.language import reader_language

__all__ = ["OfficeForm", "Renderer", "tell"]


class Renderer(DjangoTemplates):
    """Django's own widgets inside our frame of a field."""

    form_template_name = "office/form.html"
    field_template_name = "office/field.html"

    def get_template(self, template_name: str) -> Any:
        """Look among the site's pages first, then among Django's widgets."""
        if template_name.startswith("office/"):
            return get_template(template_name)
        return super().get_template(template_name)


def tell(key: str, /, **arguments: Any) -> str:
    """Return a text of the catalogue in the reader's language."""
    return render(say(key, **arguments), reader_language())


class OfficeForm(forms.Form):
    """A form whose labels and hints come from the catalogue: `<texts>.<field>` and `<texts>.<field>.hint`."""

    texts = ""
    """The key under which the labels stand, such as `office.intake.form`."""
    error_css_class = "field-wrong"
    required_css_class = "field-needed"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        from hakari.messages import catalogue

        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        texts = self.texts.rstrip(".")  # with a dot at its end it counts as the literal from which keys are made
        for name, field in self.fields.items():
            field.label = tell(f"{texts}.{name}")
            if f"{texts}.{name}.hint" in catalogue():
                field.help_text = tell(f"{texts}.{name}.hint")
