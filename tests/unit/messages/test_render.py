from __future__ import annotations

from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.messages import LANGUAGES, Message, catalogue, join, render, say
from hakari.messages._message import _MessageFormatter


def fill(text: str, language: str = "en", **arguments: object) -> str:
    """Render a template that is not in the catalogue."""
    return _MessageFormatter(language).vformat(text, (), arguments)  # type: ignore[arg-type]  # on purpose


def test_str_is_english() -> None:
    assert str(say("language.name")) == "English"
    assert render(say("language.name"), "ja") == "日本語"


def test_a_plain_string_is_free_text_and_stays_as_it_is() -> None:
    assert render("a person wrote {this}", "ja") == "a person wrote {this}"


def test_an_unknown_key_shows_itself() -> None:
    assert str(Message("no.such.key")) == "[no.such.key]"


def test_messages_are_equal_when_key_and_arguments_are_and_can_be_kept_in_a_set() -> None:
    first, second = say("language.name", a=1, b=[2]), Message("language.name", {"b": [2], "a": 1})
    assert first == second
    assert len({first, second, say("language.name")}) == 2


@pytest.mark.parametrize(("n", "words"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (1234, "1,234 rows")])
def test_a_count_takes_its_english_plural(n: int, words: str) -> None:
    assert fill("{n:count|row|rows}", n=n) == words


@pytest.mark.parametrize(
    ("template", "value", "words"),
    [("{x:,}", 1234567, "1,234,567"), ("{x:.3f}", 0.12345, "0.123"), ("{x:.1%}", 0.256, "25.6%"), ("{x}", 0.1, "0.1")],
)
def test_numbers_follow_their_format(template: str, value: float, words: str) -> None:
    assert fill(template, x=value) == words


def test_a_format_meant_for_numbers_leaves_text_alone() -> None:
    """Where there is no number its reason stands in its place."""
    assert fill("{x:.3f}", x="not measured") == "not measured"
    assert fill("{x:.1%}", x=True) == "True"
    assert fill("{x:count|row|rows}", x="many") == "many"
    assert fill("{x:count|row|rows}", x=None) == "None"


def test_lists_are_joined_in_the_manner_of_the_language() -> None:
    assert join(["a", "b", 3], "en") == "a, b, 3"
    assert join(["a", "b", 3], "ja") == "a、b、3"
    assert fill("{x}", "ja", x=("あ", ["い", "う"])) == "あ、い、う"


def test_a_message_inside_a_message_is_rendered_in_the_same_language() -> None:
    assert fill("<{x}>", "ja", x=say("language.name")) == "<日本語>"
    assert fill("<{x}>", "ja", x=[say("language.name"), "b"]) == "<日本語、b>"


def test_a_stored_message_is_read_back_from_its_key_and_arguments() -> None:
    assert fill("<{x}>", "ja", x={"key": "language.name", "arguments": {}}) == "<日本語>"


def test_a_text_given_in_several_languages_shows_the_readers_own() -> None:
    both = {"en": "loan", "ja": "融資"}
    assert fill("{x}", "ja", x=both) == "融資"
    assert fill("{x}", "en", x=both) == "loan"
    assert fill("{x}", "ja", x={"en": "loan"}) == "loan"


def test_a_missing_argument_shows_its_name_instead_of_failing() -> None:
    assert fill("column {column}") == "column {column}"


@pytest.mark.parametrize("template", ["{x.__class__}", "{x[0]}", "{x.__init__.__globals__}"])
def test_a_text_cannot_reach_into_an_object(template: str) -> None:
    assert fill(template, x=say("language.name")) == template


@given(st.text())
def test_an_argument_is_never_read_as_a_template(value: str) -> None:
    assert fill("{x}", x=value) == value


def _argument(specification: str) -> object:
    return 2 if specification else "x"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_catalogue_renders(language: str) -> None:
    for key, texts in catalogue().items():
        fields = [(name, spec or "") for _, name, spec, _ in Formatter().parse(texts[language]) if name is not None]
        shown = render(Message(key, {name: _argument(spec) for name, spec in fields}), language)  # type: ignore[arg-type]  # on purpose
        assert [name for name, _ in fields if "{" + name + "}" in shown] == [], key
        assert "[" + key + "]" not in shown
