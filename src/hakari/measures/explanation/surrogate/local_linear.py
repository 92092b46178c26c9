"""Local linear: a plane through what a model says near one row (LIME), with how well the plane fits."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from scipy import stats

from hakari.errors import InputError
from hakari.evidence import Estimate, Interval, Unmeasured
from hakari.measures._estimates import shortened, unmeasured
from hakari.measures.explanation._attributions import Attributions, Cost
from hakari.measures.explanation._features import Features
from hakari.measures.explanation.surrogate._distances import Plain, plain_rows
from hakari.measures.explanation.surrogate._draws import Draws, drawn
from hakari.measures.explanation.surrogate._plane import fitted_plane, weighted_fidelity
from hakari.messages import Message, say
from hakari.statistics import clopper_pearson

if TYPE_CHECKING:
    from hakari.measures.explanation._asked import Asked
    from hakari.measures.explanation._features import Players
    from hakari.statistics._arrays import BoolArray, FloatArray, IntArray

__all__ = ["POOR_FIDELITY", "LocalFits", "lime", "local_fits"]

POOR_FIDELITY: Final = 0.5
"""Below this the plane leaves more of the local variation unexplained than it explains, and the row says so."""
_CONFIDENCE: Final = 0.95
_BATCH: Final = 100_000
# Rows that the model is given at once.
_DRAWS_PER_COLUMN: Final = 4
# Fewer draws than this for each design column fit noise.


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LocalFits:
    """Planes near n rows, and how far each can be trusted."""

    attributions: Attributions
    """What the planes say of each player."""
    fidelity: FloatArray
    """(n,): weighted R² on draws that the plane has not seen; NaN where the output does not vary near the row."""
    widths: FloatArray
    """(n,): kernel width, in standard deviations per column."""
    effective: FloatArray
    """(n,): draws that count, (Σw)²/Σw² of those that the plane was fitted to."""

    @property
    def poor(self) -> BoolArray:
        """(n,): rows whose plane explains less than half of the local variation."""
        return np.asarray(self.fidelity < POOR_FIDELITY)


def lime(
    asked: Asked,
    rows: Features,
    background: Features,
    players: Players,
    rng: np.random.Generator,
    *,
    samples: int = 2_000,
    width: float | None = None,
    correlated: Literal["marginal", "conditional"] = "marginal",
) -> Attributions:
    """Return local linear contributions (n, d) with standard errors and local fidelity: `local_fits(…).attributions`.

    Raises:
        InputError: as `local_fits`.
    """
    return local_fits(
        asked, rows, background, players, rng, samples=samples, width=width, correlated=correlated
    ).attributions


def local_fits(
    asked: Asked,
    rows: Features,
    background: Features,
    players: Players,
    rng: np.random.Generator,
    *,
    samples: int = 2_000,
    width: float | None = None,
    correlated: Literal["marginal", "conditional"] = "marginal",
) -> LocalFits:
    """Fit a plane to what the model says near each row, after Ribeiro, Singh & Guestrin 2016 (arXiv 1602.04938).

    A draw replaces from one to all players by those of one row of `background` (any row, or with `conditional` one
    that is alike in what is kept). It weighs exp(−d²/width²), where d is the root mean square deviation over the
    columns (`plain_rows`); by default, row by row, a draw with a quarter of the background's median square distance
    weighs a half. A player's value is the plane's slope times how far the row lies from the background's mean; `base`
    is the plane at that mean, and base and values sum to the plane at the row, not to the output. Standard errors are
    over draws. Half as many draws again measure the fidelity.

    Raises:
        InputError: too few draws, a width that is not above 0, no background, or the model failed.
    """
    started, before = time.perf_counter(), asked.rows
    plain = plain_rows(rows, _checked(background, width))
    owner = _owners(rows, players, plain)
    least = _DRAWS_PER_COLUMN * (len(owner) + 1)
    if samples < least:
        raise InputError(say("measures.explanation.surrogate.samples", samples=samples, least=least))
    draws = drawn(len(players), background.rows, samples + max(samples // 2, 1), rng)
    outputs, at_once = asked(rows), max(_BATCH // len(draws.donors), 1)
    fits: list[_Fit] = []
    for start in range(0, rows.rows, at_once):
        batch = range(start, min(start + at_once, rows.rows))
        said, numbers = _asked_near(asked, rows, background, players, plain, draws, batch, correlated)
        fits += [
            _fit_near(
                plain, row, said[place], numbers[place], samples, width, owner == np.arange(len(players))[:, None]
            )
            for place, row in enumerate(batch)
        ]
    base, values, errors, fidelity, widths, effective = (np.array(part) for part in zip(*fits, strict=True))
    found = Attributions(
        method="lime",
        players=players,
        values=values,
        errors=errors,
        base=base,
        outputs=outputs,
        quantity=asked.quantity,
        correlated=correlated,
        additive=False,
        cost=Cost(model_rows=asked.rows - before, seconds=time.perf_counter() - started),
        faithfulness=_faithfulness(fidelity),
        limits=_limits(fidelity, effective, samples, correlated),
    )
    return LocalFits(attributions=found, fidelity=fidelity, widths=widths, effective=effective)


_Fit = tuple[float, "FloatArray", "FloatArray", float, float, float]
# base, values (d,), errors (d,), fidelity, width and effective draws of one row


def _fit_near(
    plain: Plain,
    row: int,
    said: FloatArray,
    numbers: FloatArray,
    samples: int,
    width: float | None,
    owns: BoolArray,
) -> _Fit:
    """Fit the plane of one row to the first `samples` draws (T, p), and measure its fidelity on the others.

    `owns` (d, c) says which design columns are a player's.
    """
    near = plain.deviations(row, numbers)
    far = plain.deviations(row, plain.background)
    wide = _width(far.distance) if width is None else width
    # Only ratios of weights count; the nearest draw weighs 1, so that none of a narrow kernel is lost.
    weights = np.exp(-(near.distance**2 - near.distance.min() ** 2) / wide**2)
    fitted, fresh = slice(None, samples), slice(samples, None)
    plane = fitted_plane(near.design[fitted], said[fitted], weights[fitted])
    middle = np.where(owns, far.design.mean(axis=0), 0.0)
    variance = np.einsum("pc,cd,pd->p", middle, plane.covariance, middle)
    values = -(middle @ plane.slopes)
    fidelity = weighted_fidelity(said[fresh], plane.at(near.design[fresh]), weights[fresh])
    effective = float(weights[fitted].sum() ** 2 / (weights[fitted] ** 2).sum())
    base = plane.intercept - float(values.sum())
    return base, values, np.sqrt(np.maximum(variance, 0.0)), fidelity, wide, effective


def _checked(background: Features, width: float | None) -> Features:
    if width is not None and not width > 0:
        raise InputError(say("measures.explanation.surrogate.width", width=width))
    if not background.rows:
        raise InputError(say("measures.explanation.surrogate.no_background"))
    return background


def _owners(rows: Features, players: Players, plain: Plain) -> IntArray:
    """Return the player of each design column, −1 for none: such a column is never replaced and has slope 0."""
    place = {name: number for number, columns in enumerate(players.values()) for name in columns}
    unknown = sorted(set(place) - set(rows.names))
    if unknown:
        raise InputError(say("measures.explanation.features.unknown", columns=unknown, known=list(rows.names)))
    by_column = np.array([place.get(name, -1) for name in rows.names], dtype=np.int64)
    return by_column[plain.column_of()]


def _width(distance: FloatArray) -> float:
    """Return the width from the distances (B,) of the whole background; 1 where at least half of it is the row itself.

    A draw with a quarter of the median square distance weighs a half. Were the width read off the draws, its own luck
    would be in every value and in no standard error: where the model curves these came out at half their size.
    """
    middle = float(np.median(distance))
    return middle / 2 / float(np.sqrt(np.log(2))) if middle > 0 else 1.0


def _asked_near(
    asked: Asked,
    rows: Features,
    background: Features,
    players: Players,
    plain: Plain,
    draws: Draws,
    batch: range,
    correlated: str,
) -> tuple[FloatArray, FloatArray]:
    """Return what the model says of the draws (b, T) near a batch of rows, and the draws as numbers (b, T, p)."""
    size, total = len(batch), len(draws.donors)
    names = list(rows.names)
    members = np.array([[name in columns for name in names] for columns in players.values()], dtype=bool)
    outside = ~members.any(axis=0)
    if correlated == "conditional":
        donors = np.concatenate([draws.near(plain, row, members) for row in batch])
    else:
        donors = np.tile(draws.donors, size)
    kept = (draws.kept @ members) | outside
    own = np.arange(batch.start, batch.stop)
    keep = {name: np.tile(kept[:, place], size) for place, name in enumerate(names)}
    said = asked(rows.take(own).repeated(total).mixed(keep, background.take(donors))).reshape(size, total)
    numbers = np.where(kept, plain.rows[own][:, None, :], plain.background[donors].reshape(size, total, -1))
    return said, numbers


def _faithfulness(fidelity: FloatArray) -> tuple[Estimate, ...]:
    """Return the median local fidelity and the share of rows that are not poor, over rows."""
    known = np.sort(fidelity[np.isfinite(fidelity)])
    n = len(known)
    if not n:
        reason = say("measures.explanation.surrogate.flat")
        return tuple(unmeasured(metric, reason) for metric in ("local_fidelity", "local_fidelity_share"))
    well = int((known >= POOR_FIDELITY).sum())
    low, high = clopper_pearson(well, n, (1 - _CONFIDENCE) / 2)
    share = Interval(low=low, high=high, level=_CONFIDENCE, method="clopper-pearson")
    return (
        Estimate(metric="local_fidelity", value=float(np.median(known)), interval=_median_interval(known), n=n),
        Estimate(metric="local_fidelity_share", value=well / n, interval=share, n=n),
    )


def _median_interval(ordered: FloatArray) -> Interval | Unmeasured:
    """Return the interval of a median between two of the ordered values, which holds for any distribution."""
    n = len(ordered)
    below = int(stats.binom.ppf((1 - _CONFIDENCE) / 2, n, 0.5))
    # P(B < below) is at most half of what may miss; the interval runs from the value at that place to its mirror.
    if below < 1:
        return Unmeasured(unmeasured=say("measures.explanation.surrogate.few_rows", rows=n))
    low, high = float(ordered[below - 1]), float(ordered[n - below])
    return Interval(low=low, high=high, level=_CONFIDENCE, method="order statistics of the median")


def _limits(fidelity: FloatArray, effective: FloatArray, samples: int, correlated: str) -> tuple[Message, ...]:
    found = [say("measures.explanation.surrogate.limit.plane", effective=round(float(np.median(effective))), n=samples)]
    poor = np.flatnonzero(fidelity < POOR_FIDELITY)
    if len(poor):
        numbers = shortened([str(row + 1) for row in poor.tolist()])
        found.append(
            say("measures.explanation.surrogate.limit.poor", rows=len(poor), total=len(fidelity), numbers=numbers)
        )
    if flat := int(np.isnan(fidelity).sum()):
        found.append(say("measures.explanation.surrogate.limit.flat", rows=flat))
    if correlated == "conditional":
        found.append(say("measures.explanation.surrogate.limit.nearest"))
    return tuple(found)
