"""Draws: numpy's random numbers in plain Python, bit by bit, so that a bootstrap can be drawn again.

A seed and names become 128 bits of state (numpy's `SeedSequence`), PCG64 (O'Neill 2014, XSL-RR) turns these into
floats, and a multinomial draw is a chain of binomial draws: by inversion where few successes are expected, else by the
acceptance rule BTPE of Kachitvichyanukul & Schmeiser (1988).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence

__all__ = ["CellShare", "Stream", "shares_of", "stream"]

_WORD = 0xFFFFFFFF
_LONG = 0xFFFFFFFFFFFFFFFF
_STATE = (1 << 128) - 1
_FLOAT = 1.0 / 9007199254740992.0
_MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645


def stream(seed: int, *names: str) -> Stream:
    """Return the stream of (seed, names); the names go through SHA-256."""
    words = hashlib.sha256("\0".join(names).encode()).digest()
    return Stream([seed, *(int.from_bytes(words[at : at + 4], "big") for at in range(0, 16, 4))])


def _seeded(entropy: Sequence[int]) -> list[int]:
    """Return four 64-bit words from numbers, as numpy's `SeedSequence(entropy).generate_state(4, uint64)` does."""
    words: list[int] = []
    for number in entropy:
        words.append(number & _WORD)
        while number := number >> 32:
            words.append(number & _WORD)
    constant = 0x43B0D7E5

    def scramble(value: int) -> int:
        nonlocal constant
        value ^= constant
        constant = constant * 0x931E8875 & _WORD
        value = value * constant & _WORD
        return value ^ value >> 16

    def mix(first: int, second: int) -> int:
        mixed = (0xCA01F9DD * first - 0x4973F715 * second) & _WORD
        return mixed ^ mixed >> 16

    pool = [scramble(words[place] if place < len(words) else 0) for place in range(4)]
    for source in range(4):
        for target in range(4):
            if source != target:
                pool[target] = mix(pool[target], scramble(pool[source]))
    for word in words[4:]:
        for target in range(4):
            pool[target] = mix(pool[target], scramble(word))
    constant, made = 0x8B51F9DD, []
    for place in range(8):
        value = pool[place % 4] ^ constant
        constant = constant * 0x58F38DED & _WORD
        value = value * constant & _WORD
        made.append(value ^ value >> 16)
    return [made[place] | made[place + 1] << 32 for place in range(0, 8, 2)]


CellShare = tuple[float, float, bool, float]
"""(share of the rows, chance among the rows that are left, whether it was flipped to be at most ½, log of its rest)"""


def shares_of(counts: Sequence[float]) -> list[CellShare]:
    """Return cells ready to be drawn: of the rows that earlier cells left, each takes its share of what remains."""
    rows, remaining, cells = sum(counts), 1.0, list[CellShare]()
    for count in counts:
        share = count / rows
        # After the last cell with rows nothing remains; what rounding leaves there is never drawn from.
        p = share / remaining if remaining > 0.0 else 0.0
        flipped = p > 0.5
        p = 1.0 - p if flipped else p
        cells.append((share, p, flipped, math.log(1.0 - p) if p < 1.0 else 0.0))
        remaining -= share
    return cells


class Stream:
    """numpy's `Generator(PCG64(SeedSequence(entropy)))`, as far as a multinomial draw needs it."""

    def __init__(self, entropy: Sequence[int]) -> None:
        high, low, high_step, low_step = _seeded(entropy)
        self._step = ((high_step << 64 | low_step) << 1 | 1) & _STATE
        self._state = (self._step + (high << 64 | low)) & _STATE
        self._state = (self._state * _MULTIPLIER + self._step) & _STATE

    def random(self) -> float:
        """Return the next float of [0, 1)."""
        state = self._state = (self._state * _MULTIPLIER + self._step) & _STATE
        folded, turn = (state >> 64 ^ state) & _LONG, state >> 122
        return (((folded >> turn | folded << (64 - turn)) & _LONG) >> 11) * _FLOAT

    def multinomial(self, rows: int, cells: Sequence[CellShare]) -> list[int]:
        """Return counts of `rows` over cells that `shares_of` prepared: a chain of binomial draws."""
        counts = [0] * len(cells)
        left = rows
        for place, (share, p, flipped, log_rest) in enumerate(cells[:-1]):
            if share == 0.0:
                continue
            if p * left <= 30.0:
                drawn = self._inverted(left, p, log_rest)
            else:
                drawn = self._accepted(left, p)
            counts[place] = drawn = left - drawn if flipped else drawn
            left -= drawn
            if left <= 0:
                return counts
        counts[-1] = left
        return counts

    def _inverted(self, n: int, p: float, log_rest: float) -> int:
        """Go up the distribution function until the float is used up; start again far beyond the mean."""
        chance = none = math.exp(n * log_rest)
        state = self._state = (self._state * _MULTIPLIER + self._step) & _STATE
        folded, turn = (state >> 64 ^ state) & _LONG, state >> 122
        drawn = (((folded >> turn | folded << (64 - turn)) & _LONG) >> 11) * _FLOAT
        if drawn <= chance:
            return 0
        q = 1.0 - p
        mean = n * p
        bound = int(min(float(n), mean + 10.0 * math.sqrt(mean * q + 1.0)))
        successes = 0
        while drawn > chance:
            successes += 1
            if successes > bound:
                successes, chance, drawn = 0, none, self.random()
            else:
                drawn -= chance
                chance = ((n - successes + 1) * p * chance) / (successes * q)
        return successes

    def _accepted(self, n: int, p: float) -> int:
        """Draw under a triangle, two parallelograms and two exponential tails until a point falls under the curve."""
        r, q = p, 1.0 - p
        fm = n * r + r
        m = math.floor(fm)
        p1 = math.floor(2.195 * math.sqrt(n * r * q) - 4.6 * q) + 0.5
        xm = m + 0.5
        xl, xr = xm - p1, xm + p1
        c = 0.134 + 20.5 / (15.3 + m)
        a = (fm - xl) / (fm - xl * r)
        left = a * (1.0 + a / 2.0)
        a = (xr - fm) / (xr * q)
        right = a * (1.0 + a / 2.0)
        p2 = p1 * (1.0 + 2.0 * c)
        p3 = p2 + c / left
        p4 = p3 + c / right
        while True:
            u, v = self.random() * p4, self.random()
            if u <= p1:
                return math.floor(xm - p1 * v + u)
            if u <= p2:
                x = xl + (u - p1) / c
                v = v * c + 1.0 - abs(m - x + 0.5) / p1
                if v > 1.0:
                    continue
                y = math.floor(x)
            elif u <= p3:
                if v == 0.0 or (y := math.floor(xl + math.log(v) / left)) < 0:
                    continue
                v = v * (u - p2) * left
            else:
                if v == 0.0 or (y := math.floor(xr - math.log(v) / right)) > n:
                    continue
                v = v * (u - p3) * right
            if _under_the_curve(n, r, q, m, xm, y, v):
                return y


def _under_the_curve(n: int, r: float, q: float, m: int, xm: float, y: int, v: float) -> bool:
    """Return whether `v` is at most the probability of `y` over that of the mode `m`."""
    spread = n * r * q
    k = abs(y - m)
    if not (k > 20 and k < spread / 2.0 - 1.0):
        s = r / q
        a, f = s * (n + 1), 1.0
        for i in range(m + 1, y + 1):
            f *= a / i - s
        for i in range(y + 1, m + 1):
            f /= a / i - s
        return v <= f
    squeeze = (k / spread) * ((k * (k / 3.0 + 0.625) + 0.16666666666666666) / spread + 0.5)
    parabola = -k * k / (2.0 * spread)
    log_v = math.log(v)
    if log_v < parabola - squeeze:
        return True
    if log_v > parabola + squeeze:
        return False
    x1, f1, z, w = y + 1, m + 1, n + 1 - m, n - y + 1
    exact = xm * math.log(f1 / x1) + (n - m + 0.5) * math.log(z / w) + (y - m) * math.log(w * r / (x1 * q))
    return log_v <= exact + sum(_stirling_tail(float(part)) for part in (f1, z, x1, w))


def _stirling_tail(x: float) -> float:
    x2 = x * x
    return (13680.0 - (462.0 - (132.0 - (99.0 - 140.0 / x2) / x2) / x2) / x2) / x / 166320.0
