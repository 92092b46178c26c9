"""Doors: the five places where bytes from outside come in, what is done with them, and how they are bent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from bench.fuzz import seeds
from bench.fuzz.mutate_bundle import attacker, bent_bundle, bent_envelope, payload
from bench.fuzz.mutate_bytes import bent_bytes
from bench.fuzz.mutate_data import bent_table, parted
from bench.fuzz.mutate_json import bent_json
from bench.fuzz.mutate_yaml import bent_yaml
from bench.fuzz.oracle import MOST_SECONDS, Differs, all_rendered

from hakari.assessment.answer_edit import with_answer
from hakari.assessment.answer_file import read_answers, write_answers
from hakari.assessment.archive import pack_archive, unpack_archive
from hakari.assessment.bundle import EVIDENCE_TYPE, EXCEPTION_TYPE, MANIFEST_TYPE, Bundle, read_bundle
from hakari.assessment.manifest import load_manifest
from hakari.assessment.model import Exception_
from hakari.errors import HakariError
from hakari.evidence import (
    Evidence,
    KeyDirectory,
    canonical_bytes,
    decode,
    digest_bytes,
    encode,
    open_envelope,
    parse_json,
    read_directory,
)
from hakari.evidence.directory import DIRECTORY_TYPE
from hakari.inputs import Columns, Data, Inputs, describe_columns, open_data
from hakari.messages import Message
from hakari.packs import Pack, applies, asked, diff_packs, facts_used, load_pack, read_pack, warnings_of
from hakari.workflows.project import RegistryCatalogue
from hakari.workflows.store import Store
from hakari.workflows.verify import verify_bytes
from tests.unit.assessment import _small as small

__all__ = ["DOORS", "SECOND_OPINION", "Door", "door_of"]

Messages = list[object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One reader of bytes from outside."""

    name: str
    seeds: Callable[[], list[bytes]]
    bend: Callable[[bytes, Random], bytes]
    """Returns the input with one change that keeps most of its structure."""
    run: Callable[[bytes, Path, Messages], None]
    """Reads the input; may write below the folder, and adds every message that a person would see."""
    most_seconds: float = MOST_SECONDS
    """Of the processor, for one input."""


def _attempt(messages: Messages, work: Callable[..., Any], *values: Any, **options: Any) -> Any:
    """Return what `work` gives, or None where it refuses."""
    try:
        return work(*values, **options)
    except HakariError as error:
        messages.append(error.message)
        return None


# ---------------------------------------------------------------- bundle


@cache
def _directory() -> KeyDirectory:
    return read_directory(seeds.directory(), what="keys.json")


def _run_bundle(data: bytes, _: Path, messages: Messages) -> None:
    bundle = read_bundle(data)
    messages += [fault.problem for fault in bundle.faults]
    found = verify_bytes(data, directory=_directory() if digest_bytes(data)[0] in "0123" else None)
    messages.append(found.signed)
    for level in found.levels:
        messages.append(level.summary)
        for problem in level.problems:
            messages += [problem.problem, *problem.rests]
    again = pack_archive(bundle.files)
    if unpack_archive(again) != (bundle.files, ()):
        raise Differs("written and read: the archive holds other files")
    genuine = found.levels[0].status
    if genuine in ("yes", "partly"):
        all_rendered(_messages_in([bundle.assessment, bundle.plan, *bundle.evidence.values(), *bundle.exceptions]))
        _check_canonical(bundle, data, again)


def _check_canonical(bundle: Bundle, data: bytes, again: bytes) -> None:
    if again != data:
        raise Differs("genuine, not canonical: the archive")
    kept = {"assessment.json": bundle.assessment, "plan.json": bundle.plan, "previous.json": bundle.previous}
    for name, record in kept.items():
        if record is not None:
            _check_same(parse_json(bundle.files[name], what=name), encode(record), name)
    for name, content in bundle.files.items():
        if name.startswith(("evidence/", "exceptions/")):
            kind, record_type = (EVIDENCE_TYPE, Evidence) if name[1] == "v" else (EXCEPTION_TYPE, Exception_)
            opened = open_envelope(content, what=name, predicate_type=kind, keys=bundle.keys)
            _check_same(opened.predicate, encode(decode(record_type, opened.predicate)), name.partition("/")[0])


def _check_same(written: Any, read: Any, name: str) -> None:
    """Require that what stands in a file is what was read; only what has a default may be left out."""
    if canonical_bytes(_filled(written, read)) != canonical_bytes(read):
        raise Differs(f"genuine, read otherwise: {name}")


def _filled(written: Any, read: Any) -> Any:
    if isinstance(written, dict) and isinstance(read, dict):
        return {**read, **{name: _filled(value, read.get(name)) for name, value in written.items()}}
    if isinstance(written, list) and isinstance(read, list) and len(written) == len(read):
        return [_filled(one, other) for one, other in zip(written, read, strict=True)]
    return written


def _messages_in(values: Iterable[object]) -> Iterator[Message]:
    """Yield every message inside records."""
    stack = list(values)
    while stack:
        value = stack.pop()
        if isinstance(value, Message):
            yield value
        elif is_dataclass(value) and not isinstance(value, type):
            stack += [getattr(value, item.name) for item in fields(value)]
        elif isinstance(value, Mapping):
            stack += value.values()
        elif isinstance(value, (list, tuple)):
            stack += value


# ---------------------------------------------------------------- envelope

_SMALL = 100_000


def _type_told(data: bytes) -> str:
    statement = payload(data)
    return str(statement.get("predicateType")) if isinstance(statement, dict) else ""


def _run_envelope(data: bytes, _: Path, messages: Messages) -> None:
    keys = {key.public.id: key.public for key in (attacker(), seeds.engineer())}
    kinds = [(EVIDENCE_TYPE, Evidence), (EXCEPTION_TYPE, Exception_), (MANIFEST_TYPE, None)]
    # A product opens an envelope once: a large one is opened as what it says it is, and not four times.
    told = None if len(data) < _SMALL else _type_told(data)
    for kind, record in kinds:
        if told is not None and told != kind:
            continue
        opened = _attempt(messages, open_envelope, data, what="x.json", predicate_type=kind, keys=keys)
        if opened is None:
            continue
        if canonical_bytes(parse_json(data, what="x")) != data:
            raise Differs("opened, not canonical: the envelope")
        if record is not None:
            _attempt(messages, decode, record, opened.predicate, what="x.json")
    known = _attempt(messages, read_directory, data, what="keys.json") if told in (None, DIRECTORY_TYPE) else None
    if known is not None:
        for entry in known.entries[:50]:
            entry.standing("2026-11-22T09:00:00+00:00")
            known.find(entry.key.id)


# ---------------------------------------------------------------- packs and manifests: several files in one input

_FILE = re.compile(rb"^%% (.*)\n", re.MULTILINE)


def _files(data: bytes) -> dict[str, bytes]:
    parts = _FILE.split(data)
    names = [name.decode("utf-8", "replace") for name in parts[1::2]]
    return dict(zip(names, parts[2::2], strict=True))


def _bent_files(data: bytes, rng: Random) -> bytes:
    files = _files(data)
    if not files or rng.random() < 0.03:
        return bent_bytes(data, rng)
    name = rng.choice(sorted(files))
    if rng.random() < 0.02:
        del files[name]
    elif rng.random() < 0.02:
        files[
            rng.choice(("overlay.yaml", "pack.yaml", "requirements/a.yaml", "requirements/a.yml", "x/../pack.yaml", ""))
        ] = files[name]
    else:
        files[name] = bent_json(files[name], rng) if name.endswith(".json") else bent_yaml(files[name], rng)
    return seeds.joined_files(files)


def _run_pack(data: bytes, _: Path, messages: Messages) -> None:
    pack = read_pack(_files(data), name="ours")
    messages += warnings_of(pack, RegistryCatalogue())
    some = {fact.id: _value(fact.type, [choice.id for choice in fact.choices]) for fact in pack.facts}
    for requirement in pack.requirements:
        facts_used(requirement)
        for facts in ({}, some):
            _attempt(messages, applies, requirement, facts, pack)
        for question in requirement.questions:
            for answers in ({}, {other.id: "yes" for other in requirement.questions}):
                _attempt(messages, asked, question, answers, some, requirement=requirement, pack=pack)
    messages += diff_packs(_small_pack(), pack).lines()


def _value(kind: str, choices: list[str]) -> Any:
    return {"boolean": True, "number": 3, "text": "word", "date": "2026-11-22"}.get(
        kind, choices[0] if choices else None
    )


@cache
def _small_pack() -> Pack:
    return read_pack({"pack.yaml": small.PACK, "requirements/fair.yaml": small.REQUIREMENTS}, name="small")


@cache
def _core() -> Pack:
    return load_pack("ai-ethics-core")


def _run_manifest(data: bytes, folder: Path, messages: Messages) -> None:
    files = _files(data)
    (folder / "hakari.yaml").write_bytes(files.get("hakari.yaml", b""))
    manifest = _attempt(messages, lambda: load_manifest(folder))
    if manifest is not None:
        manifest.title("en"), manifest.title("ja")
    if "answers.yaml" in files:
        _attempt(messages, lambda: _run_answers(files["answers.yaml"]))
    state = folder / ".hakari"
    for name in ("keys.json", "plan.json", "looks.json"):
        if name in files:
            state.mkdir(exist_ok=True)
            (state / name).write_bytes(files[name])
    store = Store(folder)
    keys = _attempt(messages, store.keys) or {}
    _attempt(messages, store.plan)
    _attempt(messages, lambda: store.looks("1"))
    if "exception.json" in files:
        opened = _attempt(
            messages,
            lambda: open_envelope(
                files["exception.json"], what="x", predicate_type=EXCEPTION_TYPE, keys=keys, signatures=1
            ),
        )
        if opened is not None:
            _attempt(messages, lambda: decode(Exception_, opened.predicate, what="x"))


def _run_answers(content: bytes) -> None:
    packs = (_small_pack(), _core())
    answers = read_answers(content, packs)
    written = write_answers(answers)
    if read_answers(written, packs) != answers:
        raise Differs(f"answers written and read: {written[:600]!r}")
    for requirement in _small_pack().requirements:
        for question in requirement.questions[:1]:
            from hakari.assessment.answer_file import AnswerEntry

            edited = with_answer(content, packs, requirement, question.id, AnswerEntry(value="no", by="us"))
            if read_answers(edited, packs).answers[requirement.slug][question.id].value != "no":
                raise Differs("answer put in: it reads otherwise")


# ---------------------------------------------------------------- tables


def _run_table(data: bytes, folder: Path, messages: Messages) -> None:
    head, content = parted(data)
    suffix = head.get("suffix")
    path = (
        folder / f"table{suffix if suffix in ('.csv', '.tsv', '.txt', '.xlsx', '.xls', '.ods', '.parquet') else '.csv'}"
    )
    path.write_bytes(content)
    stated = {name: head.get(name) if isinstance(head.get(name), str) else None for name in ("encoding", "sheet")}
    table = open_data(path.name, role="data.test", base=folder, **stated)
    messages += table.notices
    encode(table.subject)
    canonical_bytes(encode(table.subject))
    table.duplicate_rows()
    _attempt(messages, lambda: describe_columns(table))
    _count(table, head.get("columns"), messages)


def _count(table: Data, meaning: object, messages: Messages) -> None:
    named = {
        key: value
        for key, value in (meaning.items() if isinstance(meaning, dict) else ())
        if key in Columns.__slots__ and value is not None
    }
    named["sensitive"] = tuple(str(name) for name in named.get("sensitive") or ())
    named = {key: value if key == "sensitive" else str(value) for key, value in named.items()}
    inputs = _attempt(messages, lambda: Inputs(table, None, Columns(**named)))
    if inputs is None:
        inputs = Inputs(table, None, Columns(sensitive=table.columns[:2]))
    columns = inputs.columns
    for by in (columns.sensitive, ()):
        for score in (False, True):
            wanted = {"label": columns.label is not None, "prediction": columns.prediction is not None, "score": score}
            tally = _attempt(messages, inputs.tally, by, **wanted)
            if tally is not None:
                rows = tally.to_rows()
                if tally.from_rows(tally.axes, rows, tally.weights.scale if tally.weights else None) != tally:
                    raise Differs("tally written and read: it differs")
                if tally.total != table.rows:
                    raise Differs(f"rows counted: {tally.total} of {table.rows}")
                canonical_bytes(rows)


def _run_second_opinion(data: bytes, folder: Path, messages: Messages) -> None:
    from bench.fuzz.second_opinion import run_second_opinion

    run_second_opinion(data, folder, messages)


DOORS: Mapping[str, Door] = {
    door.name: door
    for door in (
        Door(name="bundle", seeds=seeds.bundles, bend=bent_bundle, run=_run_bundle),
        Door(name="envelope", seeds=seeds.envelopes, bend=bent_envelope, run=_run_envelope),
        Door(name="pack", seeds=seeds.packs, bend=_bent_files, run=_run_pack),
        Door(name="manifest", seeds=seeds.manifests, bend=_bent_files, run=_run_manifest),
        Door(name="table", seeds=seeds.tables, bend=bent_table, run=_run_table),
    )
}
SECOND_OPINION = Door(
    name="second_opinion", seeds=seeds.bundles, bend=bent_bundle, run=_run_second_opinion, most_seconds=20.0
)
"""The single-file verifier: in plain Python, and bounded by the work it counts, not by two seconds."""


def door_of(name: str) -> Door:
    """Return a door by its name."""
    return SECOND_OPINION if name == SECOND_OPINION.name else DOORS[name]
