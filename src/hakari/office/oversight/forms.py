"""Forms of this room."""

from __future__ import annotations

from django import forms

from hakari.office.core.forms import OfficeForm

__all__ = ["PeriodForm", "SeedForm"]


class PeriodForm(OfficeForm):
    """The period of a report."""

    texts = "office.oversight.form.programme."

    period = forms.CharField(max_length=40)


class SeedForm(OfficeForm):
    """What makes a form that is sent twice give the same secret."""

    seed = forms.CharField(min_length=20, max_length=100, widget=forms.HiddenInput)
