"""Marks: the small drawings of our own, as inline SVG: the steelyard, one sign for each status, the bar of counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, get_args

from markupsafe import Markup

from hakari.assessment.model import Status

__all__ = ["STATUSES", "scale_mark", "sign", "signs", "status_bar"]

STATUSES: Final[tuple[str, ...]] = get_args(Status)

# Each status has a shape of its own, so that no colour has to be seen: tick in a disc, cross in a diamond, half disc,
# dashed ring, hour-glass, shield, dash.
_SHAPES: Final[Mapping[str, str]] = {
    "met": '<circle cx="10" cy="10" r="9"/><path class="sign-cut" d="M5.6 10.4l3 3 5.8-6.4"/>',
    "not_met": '<path d="M10 .8 19.2 10 10 19.2.8 10z"/><path class="sign-cut" d="M7 7l6 6M13 7l-6 6"/>',
    "inconclusive": '<circle class="sign-line" cx="10" cy="10" r="8"/><path d="M10 2a8 8 0 0 1 0 16z"/>',
    "missing": '<circle class="sign-line" cx="10" cy="10" r="8" stroke-dasharray="3.2 3"/>',
    "stale": '<path class="sign-line" d="M4.5 2.5h11M4.5 17.5h11M5.8 2.5c0 4.5 4.2 5.2 4.2 7.5s-4.2 3-4.2 7.5'
    'M14.2 2.5c0 4.5-4.2 5.2-4.2 7.5s4.2 3 4.2 7.5"/><path d="M7 17.5c.4-2.6 3-2.8 3-4.2 0 1.4 2.6 1.6 3 4.2z"/>',
    "excepted": '<path d="M10 .9 17.8 3.6v6c0 4.6-3.2 7.7-7.8 9.5-4.6-1.8-7.8-4.9-7.8-9.5v-6z"/>'
    '<path class="sign-cut" d="M10 5.6v5.2M10 13.4v.6"/>',
    "not_applicable": '<path class="sign-line" d="M4 10h12"/>',
}


def scale_mark() -> Markup:
    """Return the mark of the house: a steelyard with its pan on the short arm and its weight on the long one."""
    return Markup(
        '<svg class="mark" viewBox="0 0 48 48" aria-hidden="true" focusable="false">'
        '<g fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round">'
        '<path d="M4 16.5 44 12.5"/><path d="M17 15.2V9.5"/><circle cx="17" cy="6.2" r="3.2"/>'
        '<path d="M9.5 16 3 31M9.5 16 16 31"/><path d="M1.6 31h15.8c-.6 4.2-3.8 6.4-7.9 6.4S2.2 35.2 1.6 31z"/>'
        '<path d="M36 13.4V24"/><path d="M22 14.7v1.9M26.5 14.3v1.9M31 13.8v1.9" stroke-width="1.6"/></g>'
        '<path class="weight" d="M32.6 24h6.8l2.2 11.4H30.4z" fill="currentColor"/></svg>'
    )


def signs() -> Markup:
    """Return the hidden sheet that holds each sign once; `sign` refers to it."""
    symbols = "".join(
        f'<symbol id="sign-{status}" viewBox="0 0 20 20">{shape}</symbol>' for status, shape in _SHAPES.items()
    )
    sheet = f'<svg class="sheet" width="0" height="0" aria-hidden="true" focusable="false">{symbols}</svg>'
    return Markup(sheet)  # noqa: S704  # shapes of this module only


def sign(status: str) -> Markup:
    """Return the sign of a status; words always stand beside it or name its link."""
    assert status in _SHAPES
    return Markup(  # noqa: S704  # a status of the closed set, asserted above
        f'<svg class="sign sign-{status}" viewBox="0 0 20 20" aria-hidden="true" focusable="false">'
        f'<use href="#sign-{status}"/></svg>'
    )


def status_bar(counts: Mapping[str, int]) -> Markup:
    """Return one bar of counts by status, 600 units wide, with gaps between the parts and a pattern for open ones."""
    total = sum(counts.values())
    present = [status for status in STATUSES if counts.get(status, 0)]
    if not total:
        return Markup("")
    width, gap = 600.0, 3.0
    room = width - gap * (len(present) - 1)
    parts, x = [], 0.0
    for status in present:
        share = room * counts[status] / total
        parts.append(f'<rect class="part part-{status}" x="{x:.2f}" y="0" width="{share:.2f}" height="16" rx="2"/>')
        x += share + gap
    return Markup(  # noqa: S704  # numbers and statuses of the closed set
        '<svg class="bar" viewBox="0 0 600 16" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        + "".join(parts)
        + "</svg>"
    )
