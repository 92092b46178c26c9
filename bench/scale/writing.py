"""Writing: the results as tables for the documentation."""

from __future__ import annotations

from typing import Any


def write_markdown(results: dict[str, Any]) -> str:
    """Return all tables with machine and versions."""
    from machine import sentence

    versions = ", ".join(f"{name} {number}" for name, number in results["versions"].items())
    runs = results["settings"]["runs"]
    lines = [
        "Parquet folders with three columns of groups (2 × 5 × 5, text, dictionary-encoded), label and prediction "
        f"(int8) and two columns that nothing asks for. Each figure is the median of {runs} processes that do nothing "
        "else; the page cache is warm; what is loaded on first use is not timed. Peak memory is the largest resident "
        "memory of the process, Python and libraries included.",
        "",
        f"Machine: {sentence(results['machine'])}",
        "",
        f"Versions: {versions}.",
        "",
        *[line for part in results["counting"] for line in (*_counting(part), "")],
        "### Naming the table in evidence",
        "",
        "Opening and counting compute no digest: none of the times above holds any hashing. A measurement that writes "
        "evidence names its data, once: a folder by the SHA-256 of each file, a frame by its rows, or by the bounds of "
        "its columns where it has more than a million. That takes:",
        "",
        *_digests(results["digests"]),
        "",
        "### Columns of groups in memory",
        "",
        f"{results['frames'][0]['rows']:,} rows; the library's own eager group-by on the same frame beside it.",
        "",
        *_frames(results["frames"]),
        "",
    ]
    if results["spark"]:
        lines += ["### PySpark", "", *_spark(results["spark"]), ""]
    lines += ["### Goals", "", "| goal | found | reached |", "|---|---:|---|"]
    lines += [f"| {g['goal']} | {g['found']} | {'yes' if g['reached'] else 'no'} |" for g in results["goals"]]
    return "\n".join([*lines, ""])


def _counting(part: dict[str, Any]) -> list[str]:
    size = f"{part['bytes'] / 1e6:,.0f} MB"
    lines = [f"### {part['rows']:,} rows in {part['files']} files, {size}", ""]
    lines += ["| counted by | seconds | of it opening | processor | times the bare engine | peak MB |"]
    lines += ["|---|---:|---:|---:|---:|---:|"]
    for engine, found in part["engines"].items():
        ratio = f"{found['ratio']:.2f}" if "ratio" in found else "1"
        opening = f"{found['opening']:.3f}" if "ratio" in found else ""
        seconds = f"{found['wall']:.3f} | {opening} | {found['cpu']:.3f}"
        lines.append(f"| {engine} | {seconds} | {ratio} | {found['peak'] / 1e6:,.0f} |")
    return lines


def _digests(rows: list[dict[str, Any]]) -> list[str]:
    lines = ["| what | rows | files | seconds | processor | peak MB |", "|---|---:|---:|---:|---:|---:|"]
    for row in rows:
        lines.append(
            f"| {row['what']} | {row['rows']:,} | {row['files']} | {row['wall']:.3f} | {row['cpu']:.3f} | "
            f"{row['peak'] / 1e6:,.0f} |"
        )
    return lines


def _frames(rows: list[dict[str, Any]]) -> list[str]:
    head = "| frame | seconds | processor | the library's own group-by | its processor | times the library's own | "
    head += "times ours on categories, processor |"
    lines = [head, "|---|---:|---:|---:|---:|---:|---:|"]
    coded = {_library(row): row["cpu"] for row in rows if row["kind"].endswith(("categories", "dictionaries"))}
    for row in rows:
        lines.append(
            f"| {row['kind']} | {row['wall']:.3f} | {row['cpu']:.3f} | {row['bare']:.3f} | {row['bare_cpu']:.3f} | "
            f"{row['wall'] / row['bare']:.2f} | {row['cpu'] / coded[_library(row)]:.1f} |"
        )
    return lines


def _library(row: dict[str, Any]) -> str:
    return str(row["kind"].split(",")[0])


def _spark(rows: list[dict[str, Any]]) -> list[str]:
    lines = [
        f"PySpark {rows[0]['version']} on this machine; its own start, {rows[0]['start']:.1f} s, is not in the "
        "figures. The cells equal those that DuckDB and polars count.",
        "",
        "| rows | Hakari on a Spark frame, s | of it opening | Spark's group-by, s | Python peak MB | Java peak MB |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        java = f"{row['java_peak'] / 1e6:,.0f}" if row["java_peak"] else ""
        lines.append(
            f"| {row['rows']:,} | {row['wall']:.2f} | {row['opening']:.2f} | {row['bare']:.2f} | "
            f"{row['peak'] / 1e6:,.0f} | {java} |"
        )
    return lines
