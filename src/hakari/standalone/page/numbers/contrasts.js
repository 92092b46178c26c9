// Contrasts: how far the groups may lie apart. Every rule is read off the gap Γ(φ) = max over i≠j of (φ p_j − p_i):
// the difference is Γ(1), and the ratio min/max is at least φ where Γ(φ) ≤ 0, so that nothing is ever divided.

const contrastCount = (groups, reference) =>
  reference === null ? groups * (groups - 1) : reference === "rest" ? 2 * groups : 2 * (groups - 1);

/** The method that is used where `method` was asked for: dependent groups need the box. */
const methodFor = (limits, method) => (limits.spanning ? "box" : method);

class Contrasts {
  constructor(limits, reference, method) {
    this.method = methodFor(limits, method);
    const size = limits.values.length;
    this.count = contrastCount(size, reference);
    this.sides = [limits];
    this.pairs = null; // all ordered pairs
    if (reference === "rest") {
      if (limits.rest === undefined) refuse("statistics.contrasts.rest", { method: limits.method });
      this.sides.push(limits.rest());
      this.pairs = limits.values.flatMap((_, g) => [
        [g, size + g],
        [size + g, g],
      ]);
    } else if (reference !== null) {
      const others = [...limits.values.keys()].filter((g) => g !== reference);
      this.pairs = others.flatMap((g) => [
        [g, reference],
        [reference, g],
      ]);
    }
    this.values = this.sides.flatMap((side) => side.values);
  }

  /** p, and how far below and above it the limits at `error` lie. */
  reach(error) {
    const each = this.method === "box" ? error / 2 : error;
    const [lower, upper] = [
      this.sides.flatMap((side) => side.lower(each)),
      this.sides.flatMap((side) => side.upper(each)),
    ];
    const p = this.values;
    return {
      p,
      below: p.map((value, g) => Math.max(value - lower[g], 0)),
      above: p.map((value, g) => Math.max(upper[g] - value, 0)),
    };
  }

  /** φ → upper limit of Γ(φ): every contrast at `error`. */
  upper(error) {
    const { p, below, above } = this.reach(error);
    return this.largest(p, below, above, 1);
  }

  /** φ → lower limit of Γ(φ): every contrast at `error` over their number. */
  lower(error) {
    const { p, below, above } = this.reach(error / this.count);
    return this.largest(p, above, below, -1);
  }

  /** φ → plain Γ(φ). */
  plain() {
    const nothing = this.values.map(() => 0);
    return this.largest(this.values, nothing, nothing, 1);
  }

  /** φ → max of φ p_j − p_i ± √(r_i² + φ² s_j²), or of φ (p_j ± s_j) − (p_i ∓ r_i) in a box. */
  largest(p, r, s, sign) {
    const join = this.method === "box" ? (a, b) => a + b : Math.hypot;
    const one = (i, j, line) => line * p[j] - p[i] + sign * join(r[i], line * s[j]);
    if (this.pairs !== null) return (line) => largestOf(this.pairs.map(([i, j]) => one(i, j, line)));
    const [lows, highs] = [
      _contenders(
        p.map((value) => -value),
        r,
        sign,
      ),
      _contenders(p, s, sign),
    ];
    if (lows.length * highs.length > MOST_CELLS) refuse("standalone.page.problem.too_much");
    return (line) => {
      let best = -Infinity;
      for (const i of lows) for (const j of highs) if (i !== j) best = Math.max(best, one(i, j, line));
      return best;
    };
  }
}

/** Groups that fewer than two others equal or beat in both numbers: no other can be in the largest contrast. */
function _contenders(a, r, sign) {
  const order = [...a.keys()].sort((i, j) => a[j] - a[i] || sign * (r[j] - r[i]));
  let [first, second] = [-Infinity, -Infinity];
  return order.filter((g) => {
    const height = sign * r[g];
    if (height <= second) return false;
    [first, second] = height > first ? [height, first] : [first, height];
    return true;
  });
}

/** The φ in [0, 1] where a gap that grows with φ passes zero, rounded down (`down`) or up. */
function zeroOf(gap, down) {
  if (gap(0) > 0) return 0;
  if (gap(1) <= 0) return 1;
  let [under, over] = [0, 1];
  for (let round = 0; round < 52; round += 1) {
    const middle = (under + over) / 2;
    if (gap(middle) <= 0) under = middle;
    else over = middle;
  }
  return down ? under : over;
}
