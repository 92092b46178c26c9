"""Seeds: real inputs of each door, from the product's own examples and tests."""

# ruff: noqa: E501 (the parts of a workbook are lines as long as their addresses)
from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from bench.fuzz.mutate_bundle import attacker, unzipped
from bench.fuzz.mutate_data import joined

from hakari.assessment.bundle import seal_evidence, seal_exception, write_bundle
from hakari.assessment.engine import EngineInput, assess
from hakari.assessment.model import Exception_
from hakari.evidence import DirectoryEntry, SigningKey, Table, write_directory
from hakari.packs import pack_files
from tests.unit.assessment import _small as small

__all__ = ["ROOT", "bundles", "directory", "envelopes", "manifests", "packs", "tables"]

ROOT = Path(__file__).resolve().parents[2]
_EXAMPLE = ROOT / "src" / "hakari" / "examples" / "mortgage"


@cache
def engineer() -> SigningKey:
    """Return the key that signs the seeds; every run has the same."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return SigningKey(Ed25519PrivateKey.from_private_bytes(bytes([65]) * 32))


@cache
def directory() -> bytes:
    """Return a signed key directory that knows the engineer."""
    entries = [
        DirectoryEntry(
            key=engineer().public,
            name="Engineer",
            valid_from="2026-01-01T00:00:00+00:00",
            valid_until="2027-01-01T00:00:00+00:00",
        ),
        DirectoryEntry(
            key=attacker().public,
            name="Somebody",
            valid_from="2026-06-01T00:00:00+00:00",
            revoked="2026-12-01T00:00:00+00:00",
        ),
    ]
    return write_directory(entries, issued_at=small.NOW, key=engineer())


def bundles() -> list[bytes]:
    """Return the stored case and one with every kind of check, an acceptance, attachments and an earlier assessment."""
    return [(ROOT / "tests" / "contract" / "golden" / "case-1.zip").read_bytes(), _rich_bundle()]


@cache
def _rich_bundle() -> bytes:
    line = small.planned_check
    plan = small.small_plan(
        line(),
        line(id="gaps/ratio[g]", aggregation="ratio", operator=">=", threshold=0.8, margin=0.1, method="box"),
        line(
            id="gaps/worst[g]", aggregation="worst_group", operator=">=", threshold=0.3, margin=0.05, family_met="holm"
        ),
        line(
            id="gaps/auc",
            metric="auc",
            basis="smooth",
            table="scores",
            aggregation="overall",
            columns=(),
            operator=">=",
            threshold=0.6,
        ),
        line(
            id="gaps/exact",
            metric="exact",
            basis="count",
            aggregation="overall",
            columns=(),
            operator="<=",
            threshold=3.0,
            margin=0.0,
        ),
    )
    scored = [(score / 10, label, 3 + (score * label) % 5) for score in range(6) for label in (0, 1)]
    measured = small.counts(plan, {"a": (50, 100), "b": (40, 100), "c": (9, 12)})
    table = Table(name="scores", columns=("score", "label", "n"), rows=tuple(scored))
    records = [
        replace(measured, tables=(*measured.tables, table)),
        small.answer("sure", "yes"),
        small.answer("how", "in words"),
    ]
    sealed = dict(seal_evidence(record, engineer()) for record in records)
    given = small.given(plan, *records, signers=dict.fromkeys(sealed, engineer().public.id))
    accepted = _acceptance(given)
    assessment = assess(replace(given, exceptions=(accepted,), previous=assess(given)))
    return write_bundle(
        assessment=assessment,
        plan=plan,
        pack_files={"small@1.0.0": {"pack.yaml": small.PACK, "requirements/fair.yaml": small.REQUIREMENTS}},
        evidence=sealed,
        exceptions=[seal_exception(accepted, attacker())],
        reports={"report.en.html": b"<p>report</p>"},
        previous=assess(given),
        keys=[engineer().public, attacker().public],
        key=engineer(),
        created_at=small.NOW,
    )


def _acceptance(given: EngineInput) -> Exception_:
    return Exception_(
        requirement="urn:hakari:requirement:small:gaps@1",
        reason="until there are more rows",
        by="Office",
        until="2027-01-01",
        condition="monthly report",
        bounds={check.id: 0.9 for check in given.plan.checks},
        scope=given.plan.scope,
        created_at=small.NOW,
        key=attacker().public.id,
    )


def envelopes(demo: Path | None = None) -> list[bytes]:
    """Return envelopes of every kind, and the records of a demo that was run."""
    found = [directory()]
    for content in bundles():
        files = unzipped(content) or {}
        found += [
            part for name, part in sorted(files.items()) if name.startswith(("evidence/", "exceptions/", "manifest"))
        ]
    if demo is not None:
        found += [path.read_bytes() for path in sorted((demo / ".hakari" / "evidence").glob("*.json"))]
    return [content for content in found if len(content) < 100_000]


def joined_files(files: Mapping[str, bytes]) -> bytes:
    """Return several files as one input: each after a line with its name."""
    return b"".join(b"%%%% %s\n%s\n" % (name.encode(), content.rstrip(b"\n")) for name, content in files.items())


def packs() -> list[bytes]:
    """Return the shipped packs whole and in parts, a small one, and overlays over both."""
    core = pack_files("ai-ethics-core")
    tiny = {"pack.yaml": small.PACK, "requirements/fair.yaml": small.REQUIREMENTS}
    found = [tiny, {**tiny, "overlay.yaml": _overlay("small@1.0.0", "gaps", "gap")}]
    found += [{"pack.yaml": core["pack.yaml"], name: content} for name, content in core.items() if name != "pack.yaml"]
    for seed in (ROOT / "tests" / "unit" / "packs").glob("**/*.yaml"):
        found.append({"pack.yaml": seed.read_bytes()})
    return [joined_files(files) for files in found]


def _overlay(of: str, requirement: str, check: str) -> bytes:
    return f"""overlay: urn:hakari:pack:ours
of: {of}
version: 1.0.0
authority: company
title: {{en: Ours, ja: 当社}}
changes:
  - {{requirement: {requirement}, check: {check}, threshold: 0.05,
     set_by: {{en: we, ja: 我}}, why: {{en: why, ja: 理}}}}
  - {{requirement: asked, severity: critical, max_age_days: 10}}
facts:
  - {{id: more, type: choice, title: {{en: More, ja: 更}}, choices: [{{id: a, text: {{en: A, ja: あ}}}}]}}
add: []
remove: []
""".encode()


def manifests(demo: Path | None = None) -> list[bytes]:
    """Return manifests with their answers and saved acceptances."""
    example = {name: (_EXAMPLE / name).read_bytes() for name in ("hakari.yaml", "answers.yaml")}
    files = unzipped(_rich_bundle()) or {}
    accepted = next(content for name, content in sorted(files.items()) if name.startswith("exceptions/"))
    state = {"exception.json": accepted, "keys.json": files["keys.json"], "plan.json": files["plan.json"]}
    state["looks.json"] = json.dumps({"1": {"gaps/gap[g]": ["d" * 64]}}).encode()
    short = (
        b"hakari: 1\nuse_case: {id: u, title: T}\nsystem: {version: '1'}\nstage: plan\npacks: [small@1.0.0]\nseed: 7\n"
    )
    full = (
        short
        + b"""overrides:
  gaps/gap: {threshold: 0.1, margin: 0.05, confidence: 0.9, min_rows: 10,
    set_by: we, why: so, source: none, confirmed: true}
searched:
  - {digest: abc, candidates: 3}
subjects:
  data.test: {path: data.csv, encoding: cp932, sheet: "1"}
  search: {provider: p, model_id: m, region: r, pinning: pinned, parameters: {t: 0.5, x: [1, a]}}
columns: {label: y, prediction: p, score: s, sensitive: [g], weight: w, cluster: c, positive: "yes", negative: "no"}
facts: {people: true}
"""
    )
    answers = b"answers:\n  asked:\n    sure: {value: yes, by: owner}\n    how:\n      value: in words\n"
    answers += b"      at: 2026-11-22T09:00:00+00:00\n"
    found = [example, {"hakari.yaml": short, "answers.yaml": answers, **state}, {"hakari.yaml": full, **state}]
    found += [{"hakari.yaml": (demo / "hakari.yaml").read_bytes()}] if demo else []
    return [joined_files(each) for each in found]


def tables() -> list[bytes]:
    """Return tables as CSV, TSV, workbook and Parquet, with what their columns mean."""
    return [joined(head, content) for head, content in _tables()]


_MEANING = {
    "label": "label",
    "prediction": "prediction",
    "score": "score",
    "weight": "weight",
    "cluster": "shop",
    "sensitive": ["group", "区分"],
}
_ROWS = [["label", "prediction", "score", "weight", "shop", "group", "区分"], *(
    [str(i % 2), str(i // 2 % 2), f"0.{i:02d}", str(1 + i % 3), f"s{i % 4}", "abc"[i % 3], "男女"[i % 2]] for i in range(12)
)]  # fmt: skip


def _tables() -> Iterator[tuple[dict[str, Any], bytes]]:
    text = "".join(",".join(row) + "\n" for row in _ROWS)
    yield {"suffix": ".csv", "columns": _MEANING}, text.encode()
    yield {"suffix": ".csv", "columns": {**_MEANING, "weight": None, "cluster": None}}, text.encode("cp932")
    yield {"suffix": ".csv", "columns": _MEANING, "encoding": "utf-16"}, text.encode("utf-16")
    yield (
        {"suffix": ".tsv", "columns": {"label": "y", "sensitive": ["g"]}},
        b'y\tg\n"yes"\t"a ""b"" c"\nno\t\n yes \tx\r\nNO\tNA\n',
    )
    yield (
        {"suffix": ".csv", "columns": {"label": "y", "positive": "はい"}},
        "y;z\nはい;１２\nいいえ;007\n;TRUE\n".encode(),
    )
    yield {"suffix": ".xlsx", "columns": _MEANING}, _workbook(_ROWS)
    yield {"suffix": ".ods", "columns": _MEANING}, _open_document(_ROWS)
    yield {"suffix": ".parquet", "columns": {**_MEANING, "positive": "1"}}, _parquet(_ROWS)


def _parquet(rows: list[list[str]]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = (int, int, float, int, str, str, str)
    made = {name: [kind(row[i]) for row in rows[1:]] for i, (name, kind) in enumerate(zip(rows[0], kinds, strict=True))}
    buffer = io.BytesIO()
    pq.write_table(pa.table(made), buffer, compression="none")
    return buffer.getvalue()


def _workbook(rows: list[list[str]]) -> bytes:
    """Return the smallest XLSX that spreadsheet programs open."""
    cells = "".join(
        f'<row r="{r}">' + "".join(_cell(r, c, value) for c, value in enumerate(row)) + "</row>"
        for r, row in enumerate(rows, 1)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return _zipped({
        "[Content_Types].xml": f'{head}<Types xmlns="{types}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'{head}<Relationships xmlns="{relations}"><Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{head}<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{head}<Relationships xmlns="{relations}"><Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'{head}<worksheet xmlns="{main}"><dimension ref="A1:G13"/><sheetData>{cells}</sheetData></worksheet>',
    })  # fmt: skip


def _cell(row: int, column: int, value: str) -> str:
    place = f"{chr(65 + column)}{row}"
    if row > 1 and column < 4:
        return f'<c r="{place}" t="n"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'


def _open_document(rows: list[list[str]]) -> bytes:
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>' for value in row
        )
        + "</table:table-row>"
        for row in rows
    )
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    body = f'<office:body><office:spreadsheet><table:table table:name="Sheet1">{cells}</table:table></office:spreadsheet></office:body>'
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    manifest = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    return _zipped({
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": f"{head}<manifest:manifest {manifest}/>",
        "content.xml": f'{head}<office:document-content{names} office:version="1.2">{body}</office:document-content>',
    })  # fmt: skip


def _zipped(parts: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text.encode())
    return buffer.getvalue()
