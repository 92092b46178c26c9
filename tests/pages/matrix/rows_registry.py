"""Who gets what in the register."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.pages.matrix.answers import SIGNED_IN, empty, get, no_get, people, post, shows
from tests.pages.matrix.world import World, upload

__all__ = ["CASES", "KNOWS", "REGISTRY", "SEES"]

CASES = ("own", "other", "group", "restricted", "draft", "coded", "made-up")
"""Of Cameras; of Music; of Music and shown to all; restricted, of Cameras; a draft in Cameras; of Music, shown to all
under a code name; and one that is not there."""
_WITH_ROLE = SIGNED_IN - people("outsider")
SEES = {
    "own": people("reporter owner engineer delegate reviewer member chair head auditor publisher"),
    "other": people("stranger guest reviewer member chair head auditor publisher"),
    "group": _WITH_ROLE,
    "restricted": people("reporter owner guest chair head auditor"),
    "draft": people("reporter"),
    "coded": _WITH_ROLE,
}
"""Who is shown that a use case exists."""
KNOWS = {**SEES, "coded": people("stranger guest reviewer chair head auditor")}
"""Who is told its title."""
_EDITS = {
    "own": people("owner engineer head"),
    "other": people("stranger head"),
    "group": people("stranger head"),
    "restricted": people("owner head"),
    "draft": people("reporter"),
    "coded": people("stranger head"),
}
_SEE = SIGNED_IN - people("admin outsider")
_KEEPERS = people("reviewer head")
_EXPORTERS = people("delegate reviewer head auditor")
_IMPORTERS = people("head")


def _version(world: World, thing: str, _: str) -> Mapping[str, Any]:
    subject = {"role": "model", "kind": "file", "name": "m.onnx", "digest": "a" * 64}
    typed = {f"subject-0-{name}": value for name, value in subject.items()}
    return {"label": "new", "subject-TOTAL_FORMS": "1", "subject-INITIAL_FORMS": "0", **typed}


def _component(world: World, thing: str, _: str) -> Mapping[str, Any]:
    assert world.component is not None
    return {"component": world.component.key}


def _part(**typed: str) -> Any:
    def sends(world: World, thing: str, _: str) -> Mapping[str, Any]:
        case = world.cases.get(thing)
        return {"version": case.version if case else 1, "csrfmiddlewaretoken": "x", **typed}

    return sends


def _changes() -> list[Any]:
    found: list[Any] = []
    typed: dict[str, dict[str, str]] = {
        "edit": {"title": "Another", "purpose": "Another"},
        "owner": {"owner": "engineer@example.com"},
        "visibility": {"visibility": "group", "people": ""},
        "code-name": {"code_name": "Pebble", "until": ""},
        "retire": {},
    }
    for part, words in typed.items():
        who = _EDITS
        on: dict[str, Any] = {"kind": "case", "on": CASES, "plus": (part,)}
        found += [
            # The pages of the parts are one view; each is sent filled in by everybody, and one is opened by everybody.
            get("registry:change", page=who, refused=SEES, let_in_only=part != "edit", **on),
            empty("registry:change", page=who, refused=SEES, **on),
            post("registry:change", elsewhere=who, refused=SEES, sends=_part(**words), note="filled in", **on),
        ]
    return found


_ON_CASES: dict[str, Any] = {"kind": "case", "on": CASES}
_ON_USES: dict[str, Any] = {"kind": "use", "on": (*CASES, "other's")}
_USED = {**SEES, "other's": SEES["own"] - _EDITS["own"]}


def _kept(view: str, kind: str, typed: Mapping[str, str]) -> list[Any]:
    """Return the rows of a form that only those see who keep suppliers and components."""
    on: dict[str, Any] = {"opens_to": _KEEPERS}
    if kind:
        on |= {"kind": kind, "on": (kind, "made-up")}
    who = {kind: _KEEPERS}
    return [
        get(view, page=who, **on),
        empty(view, page=who, **on),
        post(view, elsewhere=who, sends=lambda *_: typed, note="filled in", **on),
    ]


REGISTRY = (
    *shows("registry:list"),
    no_get("registry:export", opens_to=_EXPORTERS),
    post("registry:export", opens_to=_EXPORTERS, page=_EXPORTERS, note="csv"),
    post("registry:export", opens_to=_EXPORTERS, page=_EXPORTERS, sends=lambda *_: {"format": "xlsx"}, note="xlsx"),
    get("registry:import", opens_to=_IMPORTERS, page=_IMPORTERS),
    empty("registry:import", opens_to=_IMPORTERS, page=_IMPORTERS),
    post(
        "registry:import",
        opens_to=_IMPORTERS,
        elsewhere=_IMPORTERS,
        sends=lambda *_: {"file": upload()},
        note="filled in",
    ),
    get(
        "registry:import_file",
        kind="import",
        on=("own", "other's", "made-up"),
        opens_to=_IMPORTERS,
        page={"own": _IMPORTERS},
    ),
    post(
        "registry:import_file",
        kind="import",
        on=("own", "other's", "made-up"),
        opens_to=_IMPORTERS,
        elsewhere={"own": _IMPORTERS},
    ),
    *shows("registry:suppliers", opens_to=_SEE),
    *shows("registry:components", opens_to=_SEE),
    *shows("registry:supplier", {"supplier": _SEE}, kind="supplier", on=("supplier", "made-up"), opens_to=_SEE),
    *shows("registry:component", {"component": _SEE}, kind="component", on=("component", "made-up"), opens_to=_SEE),
    *_kept("registry:supplier_add", "", {"name": "Bolt", "version": "0"}),
    *_kept("registry:supplier_change", "supplier", {"name": "Bolt", "version": "1"}),
    *_kept("registry:component_add", "supplier", {"name": "Writer", "version": "0"}),
    *_kept("registry:component_change", "component", {"name": "Writer", "version": "1"}),
    *_kept("registry:component_version_add", "component", {"label": "3"}),
    *_kept("registry:component_answers", "version", {"version": "2"}),
    *shows("registry:detail", SEES, **_ON_CASES),
    get("registry:version_add", page=_EDITS, refused=SEES, **_ON_CASES),
    empty("registry:version_add", page=_EDITS, refused=SEES, **_ON_CASES),
    post("registry:version_add", elsewhere=_EDITS, refused=SEES, sends=_version, note="filled in", **_ON_CASES),
    get("registry:take_over", page=_EDITS, refused=SEES, **_ON_CASES),
    empty("registry:take_over", page=_EDITS, refused=SEES, **_ON_CASES),
    post("registry:take_over", elsewhere=_EDITS, refused=SEES, sends=_component, note="filled in", **_ON_CASES),
    no_get("registry:take_over_again", **_ON_USES),
    post("registry:take_over_again", elsewhere=_EDITS, refused=_USED, **_ON_USES),
    no_get("registry:drop", **_ON_USES),
    post("registry:drop", elsewhere=_EDITS, refused=_USED, **_ON_USES),
    *_changes(),
)
