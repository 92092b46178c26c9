"""Summary: what a reader takes away first: the largest gaps, what chance alone shows, and what is too small."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from hakari.evidence import Unmeasured
from hakari.messages import Message, say
from hakari.reports.audit.metrics import metric_words, named, span_words, value_words
from hakari.reports.audit.result import AuditPart, AuditResult
from hakari.reports.audit.slicings import GROUPS, Gap, gaps_of, min_rows_of, slicings_of
from hakari.reports.words import Words

__all__ = ["Summary", "summary_of"]

_TOLD: Final = 3
_SMALL: Final = ".limit.small"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Sentences of the first section."""

    gaps: tuple[str, ...]
    """The largest differences between groups."""
    remarks: tuple[str, ...]
    """How they are to be read, or why there are none."""
    small: tuple[str, ...]
    """Which groups are too small to be compared."""


def summary_of(result: AuditResult, words: Words) -> Summary:
    """Return what the numbers come to, without deciding anything."""
    part = result.part(GROUPS)
    gaps, remarks = ((), (say("reports.audit.summary.no_groups"),)) if part is None else _gaps(part, words)
    return Summary(
        gaps=tuple(words(line) for line in gaps),
        remarks=tuple(words(line) for line in remarks),
        small=tuple(words(line) for line in _small_lines(result, part)),
    )


def _gaps(part: AuditPart, words: Words) -> tuple[Sequence[Message], Sequence[Message]]:
    looked = [gap for columns in slicings_of(part.measured) for gap in gaps_of(part, columns)]
    known = [gap for gap in looked if not isinstance(gap.found.value, Unmeasured)]
    if not known:
        reasons = dict.fromkeys(gap.found.value for gap in looked if isinstance(gap.found.value, Unmeasured))
        why = [named(reason.unmeasured) for reason in list(reasons)[:_TOLD]]
        return (), (say("reports.audit.summary.none"), *why)
    told = sorted(known, key=_rank, reverse=True)[:_TOLD]
    remarks = []
    if not any(_lowest(gap) > 0 for gap in known):
        remarks.append(say("reports.audit.summary.all_reach_zero", n=len(known)))
    if len(known) > len(told):
        remarks.append(say("reports.audit.summary.picked", n=len(known), shown=len(told)))
    return [_sentence(gap, words) for gap in told], remarks


def _rank(gap: Gap) -> tuple[float, float]:
    assert not isinstance(gap.found.value, Unmeasured)
    return _lowest(gap), gap.found.value


def _lowest(gap: Gap) -> float:
    return 0.0 if gap.limits is None else gap.limits.low


def _sentence(gap: Gap, words: Words) -> Message:
    metric = f"{gap.rate}_difference"
    assert not isinstance(gap.found.value, Unmeasured)
    told = {
        "columns": " × ".join(gap.columns),
        "metric": metric_words(gap.rate),
        "gap": value_words(metric, gap.found.value, words),
    }
    if gap.limits is None:
        assert isinstance(gap.found.interval, Unmeasured)
        return say("reports.audit.summary.gap_without", **told, reason=named(gap.found.interval.unmeasured))
    told["range"] = span_words(metric, gap.limits.low, gap.limits.high, words)
    if gap.chance is None:
        return say("reports.audit.summary.gap", **told)
    return say("reports.audit.summary.gap_chance", **told, chance=value_words(metric, gap.chance, words))


def _small_lines(result: AuditResult, part: AuditPart | None) -> Iterator[Message]:
    """The first measure that names small groups says it for all: each names them in words of its own."""
    for each in result.parts:
        found = [limit for limit in each.measured.limits if limit.key.endswith(_SMALL)]
        if found:
            yield from map(named, found)
            return
    if part is not None:
        yield say("reports.audit.summary.none_small", minimum=min_rows_of(part))
