"""Levels: genuine, recomputed, re-run: three answers to three questions, with the faults and what rests on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hakari.standalone.python.judging.agreement import agree, comparable
from hakari.standalone.python.judging.choice import Given
from hakari.standalone.python.judging.decided import Carried, carried, resting_decision
from hakari.standalone.python.judging.figures import RecordedFigure, recorded_figures
from hakari.standalone.python.judging.findings import assess
from hakari.standalone.python.packs.pack import pack_digest, read_pack
from hakari.standalone.python.reading.bundle import Bundle, read_bundle
from hakari.standalone.python.reading.canonical import sha256
from hakari.standalone.python.reading.directory import Entry
from hakari.standalone.python.reading.ledger import CHECKPOINT_MEMBER, EVENT_MEMBER
from hakari.standalone.python.reading.renewals import RENEWAL_FOLDER
from hakari.standalone.python.words import Message, Refused, say
from hakari.standalone.python.work import start_work

__all__ = ["Level", "Problem", "Verification", "verify"]

Directory = Mapping[str, Entry] | None


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and what rests on it."""

    member: str
    """Name of the file in the bundle; empty for the bundle itself."""
    problem: Message
    rests: Sequence[Message] = ()


@dataclass(frozen=True)
class Level:
    """The answer at one level: yes, no, partly or not_done."""

    name: str
    status: str
    summary: Message
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Verification:
    """What is found out about a bundle."""

    levels: tuple[Level, Level, Level]
    signed: Message
    verdicts: int = 0
    """All verdicts that were made again."""
    read: tuple[RecordedFigure, ...] = ()
    """Those of them that rest on a figure of a record which was not derived again."""
    decision: Carried | None = None

    @property
    def ok(self) -> bool:
        """True if no level failed."""
        return all(level.status in ("yes", "not_done") for level in self.levels)


def verify(content: bytes, directory: Directory, today: date | None = None) -> Verification:
    """Check a bundle; `today` says whether a decision in it has run out.

    Raises:
        Refused: it cannot be read as a bundle at all.
    """
    start_work()
    bundle = read_bundle(content)
    genuine = _genuine(bundle, directory)
    rerun = Level("re-run", "not_done", say("standalone.rerun"))
    recomputed, verdicts, read = _recomputed(bundle)
    rests = [rest for problem in genuine.problems for rest in problem.rests]
    decision = carried(bundle, rests, today)
    return Verification((genuine, recomputed, rerun), _signed(bundle, directory), verdicts, read, decision)


# ---- genuine


def _signed(bundle: Bundle, directory: Directory) -> Message:
    if not bundle.signed_by:
        return say("workflows.verify.unsigned")
    key = bundle.signed_by[0]
    entry = None if directory is None else directory.get(key)
    if entry is None:
        return say("workflows.verify.unknown_key" if directory is None else "standalone.key_not_listed", key=key)
    return say(
        f"workflows.verify.key.{entry.standing(bundle.created_at)}",
        name=entry.name,
        key=key,
        since=entry.since,
        until=entry.until or "…",
        revoked=entry.revoked or "",
    )


def _genuine(bundle: Bundle, directory: Directory) -> Level:
    files = len(bundle.files)
    problems = [Problem(member, problem, _rests_on(bundle, member)) for member, problem in bundle.faults]
    problems += [*_plan_problems(bundle), *_attachment_problems(bundle), *_key_problems(bundle, directory)]
    if problems:
        members = len({problem.member for problem in problems})
        summary = say("workflows.verify.genuine_no", faults=len(problems), members=members)
        return Level("genuine", "no", summary, problems)
    if not bundle.signed_by:
        return Level("genuine", "partly", say("workflows.verify.genuine_unsigned", files=files))
    unsigned = sum(identifier not in bundle.signers for identifier in bundle.evidence)
    if unsigned:
        return Level("genuine", "partly", say("workflows.verify.genuine_partly", files=files, records=unsigned))
    signers = {*bundle.signed_by, *bundle.signers.values(), *(item["key"] for item in bundle.exceptions)}
    signers |= set() if bundle.seal is None else {bundle.seal.key}
    if directory is not None and not signers <= directory.keys():
        return Level("genuine", "partly", say("workflows.verify.genuine_stranger", files=files))
    return Level("genuine", "yes", say("workflows.verify.genuine_yes", files=files))


def _plan_problems(bundle: Bundle) -> list[Problem]:
    """The plan must be the one that the evidence cites, and the packs those that the plan pins."""
    plan, assessment = bundle.plan, bundle.assessment
    if plan is None or assessment is None:
        return []
    problems, digest, everything = [], bundle.plan_digest, _rests_on(bundle, "plan.json")
    # A check that is stale cites the record that it outgrew, and that one names the plan of its own time.
    checks = [check for finding in assessment["findings"] for check in finding["checks"]]
    stale = {check.get("evidence") for check in checks if check["status"] == "stale"}
    if assessment["plan"] != digest:
        problem = say("workflows.verify.plan_changed", stated=assessment["plan"], found=digest)
        problems.append(Problem("plan.json", problem, everything))
    for identifier, record in bundle.evidence.items():
        if "plan" in record and record["plan"]["digest"] != digest and identifier not in stale:
            member = f"evidence/{identifier}.json"
            problem = say("workflows.verify.other_plan", member=member)
            problems.append(Problem(member, problem, _rests_on(bundle, member)))
    for pack in plan["packs"]:
        name = f"{pack['name']}@{pack['version']}"
        files = bundle.pack_files(pack)
        try:
            read_pack(files, name)
        except Refused as error:
            problems.append(Problem(f"packs/{name}", error.message, everything))
            continue
        if pack_digest(files) != pack["digest"]:
            problems.append(Problem(f"packs/{name}", say("workflows.verify.pack_changed", pack=name), everything))
    return problems


def _attachment_problems(bundle: Bundle) -> list[Problem]:
    """Every file that an answer names must be there with the digest that the answer signed."""
    problems = []
    for identifier, record in bundle.evidence.items():
        digest = record.get("answer", {}).get("attachment")
        member = f"attachments/{digest}"
        if digest is not None and sha256(bundle.files.get(member, b"")) != digest:
            problem = say("assessment.bundle.attachment", member=member)
            problems.append(Problem(member, problem, _rests_on(bundle, f"evidence/{identifier}.json")))
    return problems


def _key_problems(bundle: Bundle, directory: Directory) -> list[Problem]:
    """Every key that the directory knows must have been valid when it signed."""
    if directory is None:
        return []
    signed = [("manifest.json", key, bundle.created_at) for key in bundle.signed_by]
    signed += [
        (f"evidence/{identifier}.json", key, bundle.evidence[identifier]["collected_at"])
        for identifier, key in bundle.signers.items()
    ]
    signed += [("exceptions", item["key"], item["created_at"]) for item in bundle.exceptions]
    if bundle.decision is not None and bundle.decided_by:
        signed.append(("decision.json", bundle.decided_by, bundle.decision["decided_at"]))
    if bundle.seal is not None:
        signed.append((CHECKPOINT_MEMBER, bundle.seal.key, bundle.seal.at))
    problems = []
    for member, key, at in signed:
        entry = directory.get(key)
        standing = "valid" if entry is None else entry.standing(at)
        if entry is not None and standing != "valid":
            word = say(f"workflows.verify.standing.{standing}")
            problem = say("workflows.verify.key_standing", member=member, name=entry.name, standing=word, at=at)
            problems.append(Problem(member, problem, _rests_on(bundle, member)))
    return problems


# ---- what rests on a file


def _slug(reference: str) -> str:
    return reference.rsplit(":", 1)[-1].split("@", 1)[0]


def _rests_on(bundle: Bundle, member: str) -> list[Message]:
    """Return what rests on a member: requirements with their verdict, and the decision. Nothing rests on a report."""
    return [] if member.startswith("report/") else [*_findings_on(bundle, member), *resting_decision(bundle)]


def _findings_on(bundle: Bundle, member: str) -> list[Message]:
    if bundle.assessment is None or member.startswith("attachments/"):
        return []
    if member in ("decision.json", EVENT_MEMBER, CHECKPOINT_MEMBER) or member.startswith(RENEWAL_FOLDER):
        return []
    findings = bundle.assessment["findings"]
    if member.startswith("evidence/"):
        identifier = member.removeprefix("evidence/").removesuffix(".json")
        cited = [finding for finding in findings if identifier in finding["evidence"]]
        return [line for finding in cited for line in _resting_lines(finding, identifier)]
    if member.startswith("packs/"):
        findings = [
            finding
            for finding in findings
            if member.startswith((f"packs/{finding['pack']}", f"packs/{finding['pack'].replace('@', '-')}"))
        ]
    return [say("workflows.verify.rests_all", requirements=len(findings))]


def _resting_lines(finding: Mapping[str, Any], identifier: str) -> list[Message]:
    slug = _slug(finding["requirement"])
    lines = [
        say("workflows.verify.rests_check", requirement=slug, check=check["check"], status=_word(check["status"]))
        for check in finding["checks"]
        if check.get("evidence") == identifier
    ]
    whole = say("workflows.verify.rests_requirement", requirement=slug, status=_word(finding["status"]))
    return lines or [whole]


def _word(status: str) -> Message:
    return say(f"reasons.status.{status}")


# ---- recomputed


def _recomputed(bundle: Bundle) -> tuple[Level, int, tuple[RecordedFigure, ...]]:
    """Return the level, how many verdicts were made again, and which of them rest on a figure that was only read."""
    stated, plan = bundle.assessment, bundle.plan
    cannot = say("workflows.verify.cannot_recompute")
    if stated is None or plan is None:
        return Level("recomputed", "no", cannot), 0, ()
    try:
        again = assess(_given(bundle, plan, stated))
        figures = tuple(recorded_figures(again, plan, bundle.evidence))
    except Refused as error:
        return Level("recomputed", "no", cannot, [Problem("assessment.json", error.message)]), 0, ()
    except (
        ValueError,
        LookupError,
        TypeError,
        ArithmeticError,
        AttributeError,
        AssertionError,
        RecursionError,
    ) as error:
        problem = say("text", text=f"{type(error).__name__}: {error}")
        return Level("recomputed", "no", cannot, [Problem("assessment.json", problem)]), 0, ()
    before, after = comparable(stated), comparable(again)
    problems = _differences(before, after)
    if not problems and not agree(before, after):
        problems = [Problem("assessment.json", say("workflows.verify.differs_elsewhere"))]
    problems += _figure_problems(figures)
    read = tuple(item for item in figures if item.origin == "read")
    verdicts = sum(len(finding["checks"]) for finding in again["findings"])
    wrong = {problem.problem.arguments.get("check") for problem in problems} - {None, *(item.check for item in read)}
    words = {
        "agree": verdicts - len(read) - len(wrong),
        "verdicts": verdicts,
        "findings": len(again["findings"]),
        "faults": len(problems),
    }
    summary = say("workflows.verify.recomputed", **words)
    if read:
        summary = say("workflows.verify.recomputed_read", **words, read=len(read))
    return Level("recomputed", "no" if problems else "yes", summary, problems), verdicts, read


def _figure_problems(figures: Sequence[RecordedFigure]) -> list[Problem]:
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
        problems.append(Problem(f"evidence/{item.evidence}.json", problem))
    return problems


def _given(bundle: Bundle, plan: Mapping[str, Any], stated: Mapping[str, Any]) -> Given:
    return Given(
        title=stated["title"],
        plan=plan,
        plan_digest=bundle.plan_digest,
        packs=[read_pack(bundle.pack_files(pack), f"{pack['name']}@{pack['version']}") for pack in plan["packs"]],
        evidence=bundle.evidence,
        signers=bundle.signers,
        today=date.fromisoformat(stated["as_of"]),
        exceptions=bundle.exceptions,
        mode=stated["gate"]["mode"],
        previous=bundle.previous,
    )


def _differences(stated: Mapping[str, Any], again: Mapping[str, Any]) -> list[Problem]:
    problems: list[Problem] = []
    before = {finding["requirement"]: finding for finding in stated["findings"]}
    for finding in again["findings"]:
        other = before.pop(finding["requirement"], None)
        if other is None:
            problem = say("workflows.verify.finding_missing", requirement=finding["requirement"])
            problems.append(Problem("assessment.json", problem))
        elif not agree(other, finding):
            problems += _finding_differences(other, finding)
    for requirement in before:
        problems.append(Problem("assessment.json", say("workflows.verify.finding_added", requirement=requirement)))
    return problems


def _finding_differences(stated: Mapping[str, Any], again: Mapping[str, Any]) -> list[Problem]:
    slug = _slug(again["requirement"])
    checks = {check["check"]: check for check in stated["checks"]}
    problems = []
    for check in again["checks"]:
        other = checks.get(check["check"])
        if other is None or agree(other, check):
            continue
        # What differs may stand behind the figure, such as the rows of a group.
        key = (
            "workflows.verify.counts_differ"
            if _figures(other) == _figures(check)
            else "workflows.verify.verdict_differs"
        )
        problem = say(key, requirement=slug, check=check["check"], stated=_figure(other), recomputed=_figure(check))
        member = f"evidence/{check['evidence']}.json" if "evidence" in check else "assessment.json"
        problems.append(Problem(member, problem))
    if not problems:
        words = {"stated": _word(stated["status"]), "recomputed": _word(again["status"])}
        problems.append(Problem("assessment.json", say("workflows.verify.status_differs", requirement=slug, **words)))
    return problems


def _figures(check: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return a verdict and its figure as they are told, to six digits."""
    values = (check["value"], check["low"], check["high"])
    if any(isinstance(value, dict) for value in values):
        return (check["status"],)
    return (check["status"], *(f"{value:.6g}" for value in values))


def _figure(check: Mapping[str, Any]) -> Message:
    if len(_figures(check)) == 1:
        return say("workflows.verify.no_figure", status=_word(check["status"]))
    figures = {name: float(check[name]) for name in ("value", "low", "high")}
    return say("workflows.verify.figure", status=_word(check["status"]), **figures)
