"""The forms of this room."""

from __future__ import annotations

from typing import Any

from django import forms

from hakari.office.core.forms import OfficeForm, tell
from hakari.office.core.language import in_readers_words
from hakari.office.information.actions.commitments import InitiativeFacts, PromiseFacts
from hakari.office.information.actions.notices import Draft
from hakari.office.information.audience import Audience, Condition, conditions_on_offer
from hakari.office.information.models import Heard, Kind, Notice, Urgency
from hakari.office.information.words import Words, line
from hakari.office.people.models import Unit
from hakari.office.registry.models import Level

__all__ = ["BulletinForm", "DialogueForm", "InitiativeForm", "NoticeForm", "PromiseForm", "WithdrawForm"]

_ROWS = ("condition_1", "condition_2", "condition_3", "condition_4", "condition_5")


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _line(most: int) -> forms.CharField:
    return forms.CharField(max_length=most, required=False)


def _text(rows: int, most: int = 10_000) -> forms.CharField:
    return forms.CharField(max_length=most, required=False, widget=_area(rows))


def _day() -> forms.DateField:
    return forms.DateField(required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))


class NoticeForm(OfficeForm):
    """What bulletins and dialogue records have in common: words in two languages, and whom they concern."""

    texts = "office.information.notice."
    kind = ""

    key = forms.UUIDField(widget=forms.HiddenInput)
    previewed = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    """The digest of the audience that the author has seen counted."""
    title_en = _line(200)
    text_en = _text(8)
    title_ja = _line(200)
    text_ja = _text(8)
    units = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    levels = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    condition_1 = forms.ChoiceField(required=False)
    condition_2 = forms.ChoiceField(required=False)
    condition_3 = forms.ChoiceField(required=False)
    condition_4 = forms.ChoiceField(required=False)
    condition_5 = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("units", [(unit.key, _indented(unit)) for unit in Unit.objects.all()])
        self._choose("levels", [(level, tell(f"office.level.{level}")) for level in Level.values])
        offer: list[tuple[str, Any]] = [("", tell("office.information.any"))]
        for title, values in conditions_on_offer():
            name = in_readers_words(title)
            offer.append((name, [(item.code, f"{name}: {in_readers_words(text)}") for item, text in values]))
        for row in _ROWS:
            self._choose(row, offer)

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Ask for a title and a text in the same language, in at least one."""
        super().clean()
        for language in ("en", "ja"):
            title, text = f"title_{language}", f"text_{language}"
            if self._says(title) != self._says(text):
                missing = text if self._says(title) else title
                if missing not in self.errors:
                    self.add_error(missing, tell("office.information.words_missing"))
        if not self._says("title_en") and not self._says("title_ja") and not self.errors:
            self.add_error("title_en", tell("office.information.words_missing"))
        return self.cleaned_data

    def _says(self, name: str) -> bool:
        return bool(str(self.cleaned_data.get(name) or "").strip())

    @property
    def audience(self) -> Audience:
        """Whom it concerns."""
        data = self.cleaned_data
        offered = {item.code: item for _, values in conditions_on_offer() for item, _ in values}
        codes = dict.fromkeys(data[row] for row in _ROWS if data.get(row))
        conditions: tuple[Condition, ...] = tuple(offered[code] for code in codes)
        return Audience(units=tuple(data["units"]), levels=tuple(data["levels"]), conditions=conditions)

    def draft(self, supersedes: Notice | None) -> Draft:
        """Return what is to be published."""
        data = self.cleaned_data
        return Draft(
            kind=self.kind,
            title=Words(data["title_en"], data["title_ja"]),
            text=Words(data["text_en"], data["text_ja"]),
            audience=self.audience,
            supersedes=supersedes,
            urgency=data.get("urgency") or Urgency.NOTE,
            heard=data.get("heard") or "",
            heard_name=data.get("heard_name") or "",
            heard_on=data.get("heard_on"),
            changed=Words(data.get("changed_en") or "", data.get("changed_ja") or ""),
        )


class BulletinForm(NoticeForm):
    """A bulletin, with how urgent it is."""

    kind = Kind.BULLETIN
    urgency = forms.ChoiceField(widget=forms.RadioSelect)
    field_order = ("urgency",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("urgency", [(item, tell(f"office.information.urgency.{item}")) for item in Urgency.values])


class DialogueForm(NoticeForm):
    """A dialogue record: who was heard, when, what was said, and what changed."""

    kind = Kind.DIALOGUE
    heard = forms.ChoiceField()
    heard_name = _line(200)
    heard_on = _day()
    changed_en = _text(4)
    changed_ja = _text(4)
    field_order = (
        *("heard", "heard_name", "heard_on", "title_en", "text_en", "changed_en", "title_ja", "text_ja", "changed_ja"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["heard_on"].required = True
        self._choose("heard", [(item, tell(f"office.information.heard.{item}")) for item in Heard.values])


class WithdrawForm(OfficeForm):
    """Why a notice no longer holds."""

    texts = "office.information.withdrawing."
    reason = forms.CharField(max_length=4_000, widget=_area(4))


class InitiativeForm(OfficeForm):
    """What is known of an initiative."""

    texts = "office.information.initiative."
    key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    name_en = _line(200)
    name_ja = _line(200)
    body = _line(200)
    link = forms.URLField(required=False, max_length=500, assume_scheme="https")
    since = _day()
    until = _day()

    def clean(self) -> dict[str, Any]:
        """Ask for a name, and for days in their order."""
        data = super().clean() or self.cleaned_data
        if not data.get("name_en") and not data.get("name_ja"):
            self.add_error("name_en", tell("office.information.name_missing"))
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            self.add_error("until", tell("office.information.until_before_since"))
        return data

    @property
    def facts(self) -> InitiativeFacts:
        """What was typed."""
        data = self.cleaned_data
        return InitiativeFacts(
            name=Words(line(data["name_en"]), line(data["name_ja"])),
            body=line(data["body"]),
            link=data["link"],
            since=data["since"],
            until=data["until"],
        )


class PromiseForm(OfficeForm):
    """What was promised; the requirements that carry it are ticked beside (see `views.commitments`)."""

    texts = "office.information.promise."
    key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    text_en = _text(4, 4_000)
    text_ja = _text(4, 4_000)
    due = _day()
    ended = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for words in at least one language."""
        data = super().clean() or self.cleaned_data
        if not data.get("text_en") and not data.get("text_ja"):
            self.add_error("text_en", tell("office.information.promise_missing"))
        return data

    def facts(self, carriers: tuple[str, ...]) -> PromiseFacts:
        """What was typed and ticked."""
        data = self.cleaned_data
        words = Words(*(data[name].replace("\r\n", "\n") for name in ("text_en", "text_ja")))
        return PromiseFacts(text=words, due=data["due"], ended=data["ended"], carriers=carriers)


def _indented(unit: Unit) -> str:
    return "\u2003" * max(unit.path.count("/") - 2, 0) + in_readers_words(unit.names)
