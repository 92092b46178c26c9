"""`hakari report`: render the page of a case again, from its bundle."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hakari.cli._command import command
from hakari.cli.terminal.session import Session
from hakari.errors import BundleError, InputError
from hakari.messages import say

if TYPE_CHECKING:
    from hakari.assessment.bundle import Bundle
    from hakari.assessment.case import Case

__all__ = ["report"]


@command("report")
@click.argument("source", required=False, type=click.Path(path_type=Path), metavar="[BUNDLE]")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE")
def report(session: Session, source: Path | None, out: Path | None) -> None:
    """Write the report as one HTML file."""
    from hakari.assessment.archive import LARGEST_BUNDLE
    from hakari.assessment.bundle import read_bundle
    from hakari.reports import render_report
    from hakari.workflows.store import write_file

    path = _bundle_path(session, source)
    try:
        if path.stat().st_size > LARGEST_BUNDLE:
            raise BundleError(say("assessment.archive.too_large", size=path.stat().st_size, limit=LARGEST_BUNDLE))
        content = path.read_bytes()
    except OSError as error:
        problem = error.strerror or str(error)
        raise InputError(say("cli.report.unreadable", path=str(path), problem=problem)) from None
    bundle = read_bundle(content)
    case = _case(bundle, path)
    page = render_report(case, session.language, generated_at=bundle.created_at)
    target = session.path(out) if out is not None else path.with_name(f"{path.stem}.{session.language}.html")
    if target.is_dir():
        target = target / f"{path.stem}.{session.language}.html"
    write_file(target, page.encode("utf-8"))
    if session.as_json:
        session.emit({"language": session.language, "report": target})
    else:
        session.lines(session.say("cli.report.written", path=session.shown(target)))


def _bundle_path(session: Session, source: Path | None) -> Path:
    """Return the bundle named, or the one of the project in a folder."""
    from hakari.assessment.manifest import load_manifest

    path = session.path(source) if source is not None else session.folder
    if not path.is_dir():
        return path
    manifest = load_manifest(path)
    bundle = path / "case" / f"{manifest.use_case.id}-{manifest.stage}.zip"
    if not bundle.is_file():
        raise InputError(say("cli.report.none", path=str(bundle)))
    return bundle


def _case(bundle: Bundle, path: Path) -> Case:
    """Return what the bundle holds; a bundle with faults gets no fresh page that would look sound."""
    from hakari.assessment.case import Case
    from hakari.packs import read_pack

    if bundle.faults or bundle.assessment is None or bundle.plan is None:
        raise BundleError(say("cli.report.faults", n=len(bundle.faults), path=str(path)))
    names = [f"{pack.name}@{pack.version}" for pack in bundle.plan.packs]
    return Case(
        assessment=bundle.assessment,
        plan=bundle.plan,
        packs=tuple(read_pack(bundle.pack_files[name], name=name) for name in names),
        evidence=bundle.evidence,
        signers=bundle.signers,
    )
