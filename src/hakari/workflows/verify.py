"""`hakari verify`: genuine, recomputed, re-run. Three answers to three questions, always all three."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from hakari.assessment.archive import LARGEST_BUNDLE
from hakari.assessment.bundle import Bundle, read_bundle
from hakari.assessment.decision.ledger import CHECKPOINT, EVENT
from hakari.assessment.decision.renewals import RENEWALS
from hakari.assessment.engine import EngineInput, assess
from hakari.assessment.figures import FigureLine, figure_lines
from hakari.assessment.harms import is_statement, statement_faults
from hakari.assessment.model import Assessment, CheckResult, Finding, digest_of_plan
from hakari.assessment.notice import notice_faults
from hakari.errors import BundleError, HakariError
from hakari.evidence import (
    DirectoryEntry,
    KeyDirectory,
    Unmeasured,
    digest_bytes,
    encode,
    read_directory,
)
from hakari.messages import Message, in_one_line, say
from hakari.packs import Pack, read_pack
from hakari.workflows.agreement import agree
from hakari.workflows.decided import carried_decision, resting_decision
from hakari.workflows.rerun import rerun_level
from hakari.workflows.verification import Level, LevelStatus, Problem, ReadFigure, Verdicts, Verification

__all__ = ["verify_bundle", "verify_bytes"]


def verify_bundle(
    path: Path,
    *,
    keys: Path | None = None,
    rerun: Path | None = None,
    today: date | None = None,
    progress: Callable[[Message], None] | None = None,
) -> Verification:
    """Check the bundle at `path`.

    Args:
        path: The bundle.
        keys: A signed key directory that says whose keys these are.
        rerun: Folder of the project whose subjects the evidence is about, for the third level.
        today: Says whether a decision in the bundle has run out.
        progress: Told each step.

    Raises:
        BundleError: the file cannot be read as a bundle at all.
    """
    content = _read(path, "workflows.verify.unreadable")
    directory = None
    if keys is not None:
        directory = read_directory(_read(keys, "workflows.verify.keys_unreadable"), what=str(keys))
    return verify_bytes(content, directory=directory, rerun=rerun, today=today, progress=progress)


def _read(path: Path, key: str) -> bytes:
    try:
        size = path.stat().st_size
        if size > LARGEST_BUNDLE:
            raise BundleError(say("assessment.archive.too_large", size=size, limit=LARGEST_BUNDLE))
        return path.read_bytes()
    except OSError as error:
        problem = error.strerror or str(error)
        raise BundleError(say(key, path=str(error.filename or path), problem=problem)) from None


def verify_bytes(
    content: bytes,
    *,
    directory: KeyDirectory | None = None,
    rerun: Path | None = None,
    today: date | None = None,
    progress: Callable[[Message], None] | None = None,
) -> Verification:
    """Check a bundle in memory; see `verify_bundle`."""
    tell = progress or (lambda message: None)
    tell(say("workflows.verify.reading"))
    bundle = read_bundle(content)
    genuine = _genuine(bundle, directory)
    tell(say("workflows.verify.recomputing"))
    recomputed, again, verdicts = _recomputed(bundle)
    tell(say("workflows.verify.rerunning"))
    return Verification(
        levels=tuple(_printable(level) for level in (genuine, recomputed, rerun_level(bundle, rerun))),
        signed=in_one_line(_signed(bundle, directory)),
        assessment=bundle.assessment or again,
        verdicts=verdicts,
        decision=carried_decision(bundle, genuine, today),
    )


def _printable(level: Level) -> Level:
    """Return a level whose lines no text of the bundle can break or steer."""
    problems = [
        replace(item, problem=in_one_line(item.problem), rests=tuple(in_one_line(rest) for rest in item.rests))
        for item in level.problems
    ]
    return replace(level, summary=in_one_line(level.summary), problems=tuple(problems))


def _signed(bundle: Bundle, directory: KeyDirectory | None) -> Message:
    if not bundle.signed_by:
        return say("workflows.verify.unsigned")
    key_id = bundle.signed_by[0]
    entry = None if directory is None else directory.find(key_id)
    if entry is None:
        return say("workflows.verify.unknown_key", key=key_id)
    standing = _standing(entry, bundle.created_at)
    return say(
        f"workflows.verify.key.{standing}",
        name=entry.name,
        key=key_id,
        since=entry.valid_from,
        until=entry.valid_until or "…",
        revoked=entry.revoked or "",
    )


def _genuine(bundle: Bundle, directory: KeyDirectory | None) -> Level:
    files = len(bundle.files)
    problems = [
        Problem(member=fault.member, problem=fault.problem, rests=_rests_on(bundle, fault.member))
        for fault in bundle.faults
    ]
    problems += _plan_problems(bundle)
    problems += _attachment_problems(bundle)
    problems += _key_problems(bundle, directory)
    if problems:
        members = len({problem.member for problem in problems})
        summary = say("workflows.verify.genuine_no", faults=len(problems), members=members)
        return Level(name="genuine", status="no", summary=summary, problems=tuple(problems))
    if not bundle.signed_by:
        return Level(name="genuine", status="partly", summary=say("workflows.verify.genuine_unsigned", files=files))
    unsigned = sum(identifier not in bundle.signers for identifier in bundle.evidence)
    if unsigned:
        summary = say("workflows.verify.genuine_partly", files=files, records=unsigned)
        return Level(name="genuine", status="partly", summary=summary)
    if directory is not None and any(directory.find(key) is None for key in _all_signers(bundle)):
        summary = say("workflows.verify.genuine_stranger", files=files)
        return Level(name="genuine", status="partly", summary=summary)
    return Level(name="genuine", status="yes", summary=say("workflows.verify.genuine_yes", files=files))


def _all_signers(bundle: Bundle) -> set[str]:
    of_ledger = () if bundle.seal is None else (bundle.seal.key,)
    return {*bundle.signed_by, *bundle.signers.values(), *(item.key for item in bundle.exceptions), *of_ledger}


def _plan_problems(bundle: Bundle) -> list[Problem]:
    """The plan must be the one that the evidence cites, and the packs those that the plan pins."""
    if bundle.plan is None or bundle.assessment is None:
        return []
    problems = []
    digest = digest_of_plan(bundle.plan)
    # A check that is stale cites the record that it outgrew, and that one names the plan of its own time.
    checks = [check for finding in bundle.assessment.findings for check in finding.checks]
    stale = {check.evidence for check in checks if check.status == "stale"}
    everything = _rests_on(bundle, "plan.json")
    if bundle.assessment.plan != digest:
        problem = say("workflows.verify.plan_changed", stated=bundle.assessment.plan, found=digest)
        problems.append(Problem(member="plan.json", problem=problem, rests=everything))
    for identifier, record in bundle.evidence.items():
        if record.plan is not None and record.plan.digest != digest and identifier not in stale:
            member = f"evidence/{identifier}.json"
            problems.append(
                Problem(
                    member=member,
                    problem=say("workflows.verify.other_plan", member=member),
                    rests=_rests_on(bundle, member),
                )
            )
    for reference in bundle.plan.packs:
        name = f"{reference.name}@{reference.version}"
        try:
            found = read_pack(bundle.pack_files[name], name=name).digest
        except HakariError as error:
            problems.append(Problem(member=f"packs/{name}", problem=_message(error), rests=everything))
            continue
        if found != reference.digest:
            problem = say("workflows.verify.pack_changed", pack=name)
            problems.append(Problem(member=f"packs/{name}", problem=problem, rests=everything))
    return problems


def _attachment_problems(bundle: Bundle) -> list[Problem]:
    """Every file that an answer names must be in the bundle with the digest that the answer signed."""
    problems = []
    for identifier, record in bundle.evidence.items():
        digest = None if record.answer is None else record.answer.attachment
        if digest is None:
            continue
        member = f"attachments/{digest}"
        if digest_bytes(bundle.files.get(member, b"")) != digest:
            rests = _rests_on(bundle, f"evidence/{identifier}.json")
            problems.append(
                Problem(member=member, problem=say("assessment.bundle.attachment", member=member), rests=rests)
            )
    return problems


def _key_problems(bundle: Bundle, directory: KeyDirectory | None) -> list[Problem]:
    """Every key that the directory knows must have been valid when it signed."""
    if directory is None:
        return []
    signed = [("manifest.json", key_id, bundle.created_at) for key_id in bundle.signed_by]
    signed += [
        (f"evidence/{identifier}.json", key_id, bundle.evidence[identifier].collected_at)
        for identifier, key_id in bundle.signers.items()
        if identifier in bundle.evidence
    ]
    signed += [("exceptions", item.key, item.created_at) for item in bundle.exceptions]
    if bundle.decision is not None and bundle.decided_by:
        signed.append(("decision.json", bundle.decided_by, bundle.decision.decided_at))
    if bundle.seal is not None:
        signed.append((CHECKPOINT, bundle.seal.key, bundle.seal.at))
    problems = []
    for member, key_id, at in signed:
        entry = directory.find(key_id)
        standing = "valid" if entry is None else _standing(entry, at)
        if standing != "valid":
            assert entry is not None
            word = say(f"workflows.verify.standing.{standing}")
            problem = say("workflows.verify.key_standing", member=member, name=entry.name, standing=word, at=at)
            problems.append(Problem(member=member, problem=problem, rests=_rests_on(bundle, member)))
    return problems


def _standing(entry: DirectoryEntry, at: str) -> str:
    """Return how a key stood at a time that a signed record states; a time that is none counts against it."""
    try:
        return entry.standing(at)
    except (ValueError, TypeError, OverflowError):
        return "no_time"


def _rests_on(bundle: Bundle, member: str) -> tuple[Message, ...]:
    """Return what rests on a member: requirements with their verdict, and the decision, which only a report is not."""
    return _findings_on(bundle, member) + (() if member.startswith("report/") else resting_decision(bundle))


def _findings_on(bundle: Bundle, member: str) -> tuple[Message, ...]:
    if bundle.assessment is None or member in ("decision.json", EVENT, CHECKPOINT) or member.startswith(RENEWALS):
        return ()
    findings = bundle.assessment.findings
    if member.startswith("evidence/"):
        identifier = member.removeprefix("evidence/").removesuffix(".json")
        findings = tuple(finding for finding in findings if identifier in finding.evidence)
        return tuple(message for finding in findings for message in _lines(finding, identifier))
    if member.startswith("packs/"):
        findings = tuple(
            finding
            for finding in findings
            if member.startswith((f"packs/{finding.pack}", f"packs/{finding.pack.replace('@', '-')}"))
        )
    elif member.startswith(("report/", "attachments/")):
        return ()
    return (say("workflows.verify.rests_all", requirements=len(findings)),)


def _slug(reference: str) -> str:
    return reference.rsplit(":", 1)[-1].split("@", 1)[0]


def _lines(finding: Finding, identifier: str) -> list[Message]:
    slug = _slug(finding.requirement)
    lines = [
        say(
            "workflows.verify.rests_check",
            requirement=slug,
            check=check.check,
            status=say(f"reasons.status.{check.status}"),
        )
        for check in finding.checks
        if check.evidence == identifier
    ]
    return lines or [
        say("workflows.verify.rests_requirement", requirement=slug, status=say(f"reasons.status.{finding.status}"))
    ]


def _recomputed(bundle: Bundle) -> tuple[Level, Assessment | None, Verdicts]:
    stated, plan = bundle.assessment, bundle.plan
    if stated is None or plan is None:
        level = Level(name="recomputed", status="no", summary=say("workflows.verify.cannot_recompute"))
        return level, None, Verdicts()
    try:
        again = _assess_again(bundle, stated)
        figures = figure_lines(again, plan, bundle.evidence)
    except (HakariError, ValueError, LookupError, TypeError, ArithmeticError, AttributeError, AssertionError) as error:
        problem = Problem(member="assessment.json", problem=_message(error))
        level = Level(
            name="recomputed",
            status="no",
            summary=say("workflows.verify.cannot_recompute"),
            problems=(problem,),
        )
        return level, None, Verdicts()
    problems = _differences(stated, again)
    if not problems and not agree(encode(stated), encode(again)):
        problems = [Problem(member="assessment.json", problem=say("workflows.verify.differs_elsewhere"))]
    problems += _figure_problems(figures)
    problems += _harm_problems(bundle)
    problems += _notice_problems(bundle)
    verdicts = _verdicts(again, figures)
    wrong = {problem.problem.arguments.get("check") for problem in problems} - {None}
    only_read = {item.check for item in verdicts.read}
    words = {
        "agree": verdicts.derived - len(wrong - only_read),
        "verdicts": verdicts.all,
        "findings": len(again.findings),
        "faults": len(problems),
    }
    summary = say("workflows.verify.recomputed", **words)
    if only_read:
        summary = say("workflows.verify.recomputed_read", **words, read=len(verdicts.read))
    status: LevelStatus = "no" if problems else "yes"
    return Level(name="recomputed", status=status, summary=summary, problems=tuple(problems)), again, verdicts


def _verdicts(again: Assessment, figures: tuple[FigureLine, ...]) -> Verdicts:
    read = tuple(
        ReadFigure(
            requirement=_slug(item.requirement),
            check=item.check,
            metric=item.metric,
            figure=item.figure,
            status=item.status,
        )
        for item in figures
        if item.origin == "read"
    )
    total = sum(len(finding.checks) for finding in again.findings)
    return Verdicts(all=total, derived=total - len(read), read=read)


def _figure_problems(figures: tuple[FigureLine, ...]) -> list[Problem]:
    """A figure that a verdict rests on must be the one that the cells of its record give."""
    problems = []
    for item in figures:
        words = {"requirement": _slug(item.requirement), "check": item.check, "metric": item.metric}
        if item.origin == "differs":
            problem = say("workflows.verify.figure_differs", **words, stated=item.figure, derived=item.derived)
        elif item.origin == "absent":
            problem = say("workflows.verify.figure_absent", **words, stated=item.figure)
        else:
            continue
        problems.append(Problem(member=f"evidence/{item.evidence}.json", problem=problem))
    return problems


def _assess_again(bundle: Bundle, stated: Assessment) -> Assessment:
    """Derive every interval, verdict and finding again from the records in the bundle, without the data."""
    plan = bundle.plan
    assert plan is not None
    packs: tuple[Pack, ...] = tuple(
        read_pack(bundle.pack_files[f"{item.name}@{item.version}"], name=f"{item.name}@{item.version}")
        for item in plan.packs
    )
    return assess(
        EngineInput(
            title=stated.title,
            plan=plan,
            plan_digest=digest_of_plan(plan),
            packs=packs,
            evidence=bundle.evidence,
            signers=bundle.signers,
            today=date.fromisoformat(stated.as_of),
            exceptions=bundle.exceptions,
            mode=stated.gate.mode,
            previous=bundle.previous,
        )
    )


def _notice_problems(bundle: Bundle) -> list[Problem]:
    """A notice must be readable, and its reference number its own; its reasons and figures are only read."""
    return [
        Problem(member=f"evidence/{identifier}.json", problem=problem)
        for identifier, problem in notice_faults(bundle.evidence)
    ]


def _harm_problems(bundle: Bundle) -> list[Problem]:
    """A harm mapping must name every harm that the plan's facts call up: none is left out by hand."""
    if bundle.plan is None or not any(is_statement(record) for record in bundle.evidence.values()):
        return []
    from hakari.packs.harms import load_harms

    found = statement_faults(bundle.evidence, bundle.plan.facts, load_harms())
    return [Problem(member=f"evidence/{identifier}.json", problem=problem) for identifier, problem in found]


def _differences(stated: Assessment, again: Assessment) -> list[Problem]:
    problems: list[Problem] = []
    before = {finding.requirement: finding for finding in stated.findings}
    for finding in again.findings:
        other = before.pop(finding.requirement, None)
        if other is None:
            problem = say("workflows.verify.finding_missing", requirement=finding.requirement)
            problems.append(Problem(member="assessment.json", problem=problem))
        elif not agree(encode(other), encode(finding)):
            problems += _finding_differences(other, finding)
    for requirement in before:
        problem = say("workflows.verify.finding_added", requirement=requirement)
        problems.append(Problem(member="assessment.json", problem=problem))
    return problems


def _finding_differences(stated: Finding, again: Finding) -> list[Problem]:
    slug = _slug(again.requirement)
    checks = {check.check: check for check in stated.checks}
    problems = []
    for check in again.checks:
        other = checks.get(check.check)
        if other is not None and not agree(encode(other), encode(check)):
            before, after = _figure(other), _figure(check)
            # What differs may stand behind the figure, such as the rows of a group.
            same = str(before) == str(after)
            key = "workflows.verify.counts_differ" if same else "workflows.verify.verdict_differs"
            problem = say(key, requirement=slug, check=check.check, stated=before, recomputed=after)
            member = f"evidence/{check.evidence}.json" if check.evidence else "assessment.json"
            problems.append(Problem(member=member, problem=problem))
    if not problems:
        problem = say(
            "workflows.verify.status_differs",
            requirement=slug,
            stated=say(f"reasons.status.{stated.status}"),
            recomputed=say(f"reasons.status.{again.status}"),
        )
        problems.append(Problem(member="assessment.json", problem=problem))
    return problems


def _figure(check: CheckResult) -> Message:
    values = (check.value, check.low, check.high)
    if any(isinstance(value, Unmeasured) for value in values):
        return say("workflows.verify.no_figure", status=say(f"reasons.status.{check.status}"))
    return say(
        "workflows.verify.figure",
        status=say(f"reasons.status.{check.status}"),
        value=check.value,
        low=check.low,
        high=check.high,
    )


def _message(error: Exception) -> Message:
    message = getattr(error, "message", None)
    return message if isinstance(message, Message) else say("text", text=f"{type(error).__name__}: {error}")
