from __future__ import annotations

import inspect

import pytest

from hakari import errors
from hakari.errors import HakariError, InputError
from hakari.messages import render, say

RAISED = [getattr(errors, name) for name in errors.__all__]


@pytest.mark.parametrize("kind", RAISED)
def test_every_error_is_a_hakari_error_with_a_docstring(kind: type[HakariError]) -> None:
    assert issubclass(kind, HakariError)
    assert inspect.getdoc(kind)


@pytest.mark.parametrize(
    ("name", "built_in"),
    [
        ("InputError", ValueError),
        ("ManifestError", ValueError),
        ("PackError", ValueError),
        ("PlanError", ValueError),
        ("EvidenceError", ValueError),
        ("SignatureError", ValueError),
        ("BundleError", ValueError),
        ("MeasureError", RuntimeError),
    ],
)
def test_an_error_is_also_what_a_caller_would_catch(name: str, built_in: type[Exception]) -> None:
    with pytest.raises(built_in):
        raise getattr(errors, name)(say("language.name"))


def test_an_error_reads_in_english_and_keeps_its_message_for_other_languages() -> None:
    error = InputError(say("evidence.key.missing", path="key.pem"))
    assert str(error).startswith("There is no key at key.pem")
    assert render(say("evidence.key.missing", path="key.pem"), "ja") == render(error.message, "ja")  # type: ignore[arg-type]  # on purpose


def test_no_error_raised_on_purpose_was_forgotten() -> None:
    defined = {
        name for name, value in vars(errors).items() if inspect.isclass(value) and issubclass(value, HakariError)
    }
    assert defined == set(errors.__all__)
