"""What fuzzing found, each with the smallest input that showed it."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bench.fuzz import seeds
from bench.fuzz.mutate_bundle import attacker, payload, sealed_again

from hakari.assessment.archive import pack_archive, unpack_archive
from hakari.assessment.bundle import EVIDENCE_TYPE, read_bundle, seal_evidence
from hakari.errors import EvidenceError, HakariError, InputError, ManifestError, PackError, SignatureError
from hakari.evidence import Evidence, canonical_bytes, decode, encode, open_envelope, parse_json, read_directory, seal
from hakari.evidence.directory import DIRECTORY_TYPE
from hakari.inputs import open_data
from hakari.messages import LANGUAGES, Message, in_one_line, render, say, shown
from hakari.packs import diff_packs, read_pack
from hakari.workflows.verify import verify_bytes
from tests.unit.assessment import _small as small

FILES = {"pack.yaml": small.PACK, "requirements/fair.yaml": small.REQUIREMENTS}


def on_one_line(error: HakariError | Message) -> str:
    """Require a message that a terminal shows as one line in both languages; return the English one."""
    message = error.message if isinstance(error, HakariError) else error
    assert isinstance(message, Message)
    for language in LANGUAGES:
        text = render(message, language)
        assert text.isprintable()
        assert len(text) <= 2000
    return render(message)


# ---------------------------------------------------------------- texts from outside in messages


def test_a_text_is_shown_without_commands_to_the_terminal() -> None:
    assert shown("a\nb\tc\x1b[31m\u202ed\u2028") == "a b c\\x1b[31m\\u202ed\\u2028"


def test_japanese_spaces_and_joined_signs_stay_as_they_are() -> None:
    assert shown("東京\u3000都 👩\u200d👧") == "東京\u3000都 👩\u200d👧"


def test_a_long_text_ends_in_dots_also_where_signs_are_written_out() -> None:
    assert [len(shown(sign * 9000, 50)) for sign in ("x", "\x00")] == [50, 50]
    assert shown("x" * 50, 50) == "x" * 50


def test_every_argument_of_a_message_is_kept_on_its_line() -> None:
    inner = say("text", text="a\nb")
    message = in_one_line(say("text", text=[inner, {"\n": ["\x00"] * 100}, 5, None, "x" * 900]))
    listed = message.arguments["text"]
    assert render(listed[0]) == "a b"
    assert list(listed[1]) == [" "]
    assert (len(listed[1][" "]), listed[2:4], len(listed[4])) == (21, [5, None], 60)


@pytest.mark.parametrize("escape", ["\\e[2J", "\\x00", "\\u202e", "\\u2028", "\\x7f"])
def test_a_pack_with_a_command_to_the_terminal_is_refused(escape: str) -> None:
    bent = small.PACK.replace(b"{en: Small,", b'{en: "' + escape.encode() + b'",', 1)
    with pytest.raises(PackError) as caught:
        read_pack({**FILES, "pack.yaml": bent}, name="small")
    assert "small/pack.yaml:7" in on_one_line(caught.value)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"urn:hakari:pack:small", b'"a\\nb"'),
        (b"status: published", b'status: "a\\nb"'),
        (b"languages: [en, ja]", b'languages: [en, ja, "a\\nb"]'),
        (b"id: people", b'"id\\n": people'),
        (b"type: boolean", b"type: " + b"x" * 19_000),
    ],
)
def test_what_a_pack_says_stands_on_the_line_that_refuses_it(old: bytes, new: bytes) -> None:
    bent = small.PACK.replace(old, new, 1)
    assert bent != small.PACK
    with pytest.raises(PackError) as caught:
        read_pack({**FILES, "pack.yaml": bent}, name="small")
    on_one_line(caught.value)


def test_a_changed_text_of_several_lines_is_one_line_of_a_difference() -> None:
    bent = small.PACK.replace(b"summary: {en: Small,", b'summary: {en: "a\\nb",', 1)
    found = diff_packs(read_pack(FILES, name="small"), read_pack({**FILES, "pack.yaml": bent}, name="small"))
    assert any("a b" in on_one_line(line) for line in found.lines())


def test_a_file_of_a_pack_with_a_strange_name_is_refused_on_one_line() -> None:
    with pytest.raises(PackError) as caught:
        read_pack({**FILES, "requirements/\u202ex.yml": b""}, name="small")
    on_one_line(caught.value)


def test_a_manifest_that_names_a_column_over_two_lines_twice_is_refused_on_one_line() -> None:
    from hakari.assessment.manifest import read_manifest

    content = b"""hakari: 1
use_case: {id: u, title: T}
system: {version: "1"}
stage: plan
packs: [x]
columns: {sensitive: ["a\\nb", "a\\nb"]}
"""
    with pytest.raises(ManifestError) as caught:
        read_manifest(content)
    assert "a b" in on_one_line(caught.value)


# ---------------------------------------------------------------- evidence, envelopes, key directories


def test_an_unknown_field_of_a_record_is_named_without_its_commands() -> None:
    with pytest.raises(EvidenceError) as caught:
        decode(Evidence, {**encode(small.answer("sure", "no")), "\x00" * 900: 1}, what="x.json")
    assert "\\x00" in on_one_line(caught.value)


def directory(change: Callable[[dict[str, Any]], None]) -> bytes:
    """Return a key directory whose first entry was changed before it was signed."""
    predicate = payload(seeds.directory())["predicate"]
    change(predicate["keys"][0])
    return seal(DIRECTORY_TYPE, predicate, [("keys", "0" * 64)], [seeds.engineer()])


@pytest.mark.parametrize("value", [None, 5, "", "yesterday", "2026-01-01"])
def test_a_key_without_a_time_from_which_it_counts_is_refused(value: object) -> None:
    with pytest.raises(SignatureError) as caught:
        read_directory(directory(lambda entry: entry.update({"from": value})), what="keys.json")
    on_one_line(caught.value)


def test_a_strange_field_of_a_key_is_named_on_one_line() -> None:
    with pytest.raises(SignatureError) as caught:
        read_directory(directory(lambda entry: entry.update({"a\nb": 1})), what="keys.json")
    assert "a b" in on_one_line(caught.value)


def test_another_type_of_statement_is_named_without_its_commands() -> None:
    envelope = seal("\x1b[31m" * 50, {}, [("x", "0" * 64)], [attacker()])
    with pytest.raises(SignatureError) as caught:
        open_envelope(envelope, what="x", predicate_type=EVIDENCE_TYPE, keys={attacker().public.id: attacker().public})
    assert "\\x1b" in on_one_line(caught.value)


# ---------------------------------------------------------------- bundles


def bundle(member: str, change: Callable[[dict[str, Any]], None]) -> bytes:
    """Return the stored case with a changed document, sealed again by somebody who may sign."""
    files = dict(unpack_archive(seeds.bundles()[0])[0])
    document = json.loads(files[member])
    change(document)
    files[member] = canonical_bytes(document)
    return pack_archive(sealed_again(files, attacker()))


@pytest.mark.parametrize(
    ("member", "place", "value"),
    [("plan.json", "family", "1"), ("plan.json", "schema", True), ("assessment.json", "selective_labels", "no")],
)
def test_a_value_that_only_we_would_read_so_is_a_fault(member: str, place: str, value: object) -> None:
    """`"1"` is read as 1 by this program and as a text by any other."""
    faults = read_bundle(bundle(member, lambda document: document.update({place: value}))).faults
    assert [(fault.member, fault.problem.key) for fault in faults] == [(member, "assessment.bundle.not_canonical")]


def test_a_null_that_we_would_not_write_is_a_fault() -> None:
    def change(plan: dict[str, Any]) -> None:
        plan["checks"][0]["reference"] = None

    faults = read_bundle(bundle("plan.json", change)).faults
    assert {fault.problem.key for fault in faults} == {"assessment.bundle.not_canonical"}


def test_a_field_with_a_default_may_be_absent_as_in_the_bundles_of_earlier_releases() -> None:
    assert read_bundle(bundle("plan.json", lambda plan: plan["checks"][0].pop("reused"))).faults == ()


def test_a_record_with_a_text_for_a_number_is_a_fault() -> None:
    files = dict(unpack_archive(seeds.bundles()[0])[0])
    name = next(name for name in sorted(files) if name.startswith("evidence/") and b"" in files[name])
    predicate = payload(files.pop(name))["predicate"]
    predicate["seed"] = "7"
    identifier, _ = seal_evidence(decode(Evidence, predicate), attacker())
    files[f"evidence/{identifier}.json"] = seal(EVIDENCE_TYPE, predicate, [("x", "0" * 64)], [attacker()])
    faults = read_bundle(pack_archive(sealed_again(files, attacker()))).faults
    assert "assessment.bundle.not_canonical" in {fault.problem.key for fault in faults}


def test_what_a_bundle_says_cannot_steer_the_terminal_of_its_verifier() -> None:
    def change(assessment: dict[str, Any]) -> None:
        assessment["findings"][0]["requirement"] = "urn:\x1b[2J\n@1"

    found = verify_bytes(bundle("assessment.json", change))
    said = [line for level in found.levels for item in level.problems for line in (item.problem, *item.rests)]
    assert any("\\x1b[2J" in on_one_line(line) for line in said)


# ---------------------------------------------------------------- tables


@pytest.mark.parametrize("encoding", ["rot13", "base64", "no-such", "a\x00b", "\x1b[31m"])
def test_an_encoding_that_is_none_is_refused(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"a,b\n1,2\n")
    with pytest.raises(InputError) as caught:
        open_data("t.csv", role="data.test", base=tmp_path, encoding=encoding)
    on_one_line(caught.value)


@pytest.mark.parametrize("name", ["a\x00b", "\x1b[31mx", "a\u202eb"])
def test_a_column_name_that_steers_the_terminal_is_refused(name: str, tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({name: [1]}), tmp_path / "t.parquet")
    with pytest.raises(InputError) as caught:
        open_data("t.parquet", role="data.test", base=tmp_path)
    on_one_line(caught.value)


def test_only_the_first_columns_without_a_name_are_listed(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a" + "," * 900 + "\n" + "1" + "," * 900 + "\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        open_data("t.csv", role="data.test", base=tmp_path)
    assert on_one_line(caught.value).count("2") < 20


def workbook(kind: str, old: bytes, new: bytes) -> bytes:
    """Return the seed workbook with one replacement in its sheet."""
    suffix = {".xlsx": seeds._workbook, ".ods": seeds._open_document}[kind]
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(suffix(seeds._ROWS))) as source, zipfile.ZipFile(made, "w") as archive:
        for name in source.namelist():
            archive.writestr(name, source.read(name).replace(old, new, 1))
    return made.getvalue()


SPARSE = {
    "a value in the last cell": (".xlsx", b'<c r="G13"', b'<c r="XFD1048576"'),
    "a value in the last row": (".xlsx", b'<c r="G13"', b'<c r="A1048576"'),
    "a value far to the right": (".xlsx", b'<c r="G13"', b"<c r='XFD5000'"),
    "a row far below": (".xlsx", b'<row r="13"', b'<row r="9999999"'),
    "a cell a billion times": (".ods", b"table-cell", b'table-cell table:number-columns-repeated="1000000000"'),
    "a row a million times": (".ods", b"table-row", b'table-row table:number-rows-repeated="1000000"'),
}  # fmt: skip


@pytest.mark.parametrize("case", SPARSE)
def test_a_workbook_that_spreads_a_few_cells_over_everything_is_refused_before_it_is_read(
    case: str, tmp_path: Path
) -> None:
    """Each would take gigabytes, or end the process."""
    suffix, old, new = SPARSE[case]
    path = tmp_path / f"t{suffix}"
    path.write_bytes(workbook(suffix, old, new))
    with pytest.raises(InputError) as caught:
        open_data(path.name, role="data.test", base=tmp_path)
    assert "written cells" in on_one_line(caught.value)


def test_the_empty_end_that_office_programs_write_does_not_count(tmp_path: Path) -> None:
    """An OpenDocument sheet ends in rows and cells that say they are repeated up to the last place."""
    empty = b'<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
    end = b'<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row></table:table>'
    content = workbook(".ods", b"</table:table-row>", empty)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w") as archive:
        for name in source.namelist():
            archive.writestr(name, source.read(name).replace(b"</table:table>", end))
    (tmp_path / "t.ods").write_bytes(made.getvalue())
    assert open_data("t.ods", role="data.test", base=tmp_path).rows == 12


def test_a_workbook_that_unpacks_to_far_more_than_it_is_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b" " * (65 * 2**20))
    with pytest.raises(InputError) as caught:
        open_data("t.xlsx", role="data.test", base=tmp_path)
    assert "unpacks" in on_one_line(caught.value)


@pytest.mark.parametrize("name", ["PanicException", "KeyboardInterrupt"])
def test_a_panic_of_the_spreadsheet_library_is_refused_and_an_interruption_is_not(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rust's panics arrive as an exception that is no `Exception` and that no module exports."""
    import python_calamine

    raised = type(name, (BaseException,), {})

    class Workbook:
        @staticmethod
        def from_path(path: str) -> None:
            raise raised("range end index 7 out of range")

    monkeypatch.setattr(python_calamine, "CalamineWorkbook", Workbook)
    (tmp_path / "t.xls").write_bytes(b"x")
    with pytest.raises(InputError if name == "PanicException" else raised):
        open_data("t.xls", role="data.test", base=tmp_path)


@pytest.mark.parametrize("bad", [b"PK\x03\x04", b"PK\x05\x06" + b"\x00" * 18, b"not a workbook"])
@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
def test_a_damaged_workbook_is_refused_in_one_line(suffix: str, bad: bytes, tmp_path: Path) -> None:
    (tmp_path / f"t{suffix}").write_bytes(bad)
    with pytest.raises(InputError) as caught:
        open_data(f"t{suffix}", role="data.test", base=tmp_path)
    on_one_line(caught.value)


# ---------------------------------------------------------------- large documents


def nested(depth: int, *, inside: str) -> bytes:
    """Return a document of lists in lists, with something in the innermost."""
    return ("[" * depth + inside + "]" * depth).encode()


def test_a_document_is_read_to_a_depth_of_64_and_no_deeper() -> None:
    for depth, inside in ((64, ""), (63, "1"), (62, '{"a":1}')):
        parse_json(nested(depth, inside=inside), what="x")
        with pytest.raises(EvidenceError) as caught:
            parse_json(nested(depth + 1, inside=inside), what="x")
        on_one_line(caught.value)


def test_looking_for_depth_takes_no_memory_for_numbers() -> None:
    """A list of a million numbers is found flat without a mark for each of them."""
    content = b"[" + b"1," * 999_999 + b"1]"
    tracemalloc.start()
    parse_json(content, what="x")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 32 * 2**20
