// Contrasts: how far the groups may lie apart. Every rule is read off the gap Γ(φ) = max over i≠j of (φ p_j − p_i):
// the difference is Γ(1), and the ratio min/max is at least φ where Γ(φ) ≤ 0, so that nothing is ever divided. Its
// lower limit is MOVER's (Zou & Donner 2008), its upper one the largest along the contour of both sides' errors.

/** Number of the last of 17 angles, evenly from 0 to a right one. */
const LAST_ANGLE = 16;

/**
 * Errors of one side of a pair at each angle ψ; the other side has them backwards. A tangent of the circle of radius z,
 * where P(Z > z) is `error`, has two independent normal deviates beyond it just as often; it cuts them at z sin ψ and
 * z cos ψ.
 */
function jointErrors(error) {
  const z = Math.max(normalTail(error), 0);
  const angles = Array.from({ length: LAST_ANGLE + 1 }, (_, step) => (Math.PI / 2) * (step / LAST_ANGLE));
  return angles.map((angle) => normalAbove(z * Math.sin(angle)));
}

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

  /** Limits of every side; at errors near one half a limit can pass its own value, where it is held. */
  limitsAt(error) {
    const lower = this.sides.flatMap((side) => side.lower(error));
    const upper = this.sides.flatMap((side) => side.upper(error));
    return {
      lower: this.values.map((value, g) => Math.min(value, lower[g])),
      upper: this.values.map((value, g) => Math.max(value, upper[g])),
    };
  }

  /** φ → upper limit of Γ(φ): every contrast at `error`. */
  upper(error) {
    if (this.method !== "box") {
      const contour = new Contour(this, error);
      return (line) => contour.largest(line);
    }
    const { lower, upper } = this.limitsAt(error / 2);
    return this.largest(lower, upper);
  }

  /** φ → lower limit of Γ(φ): every contrast at `error` over their number. */
  lower(error) {
    const each = error / this.count;
    const { lower, upper } = this.limitsAt(this.method === "box" ? each / 2 : each);
    if (this.method === "box") return this.largest(upper, lower);
    const p = this.values;
    return this.largest(
      p,
      p,
      upper.map((limit, g) => limit - p[g]),
      lower.map((limit, g) => p[g] - limit),
    );
  }

  /** φ → plain Γ(φ). */
  plain() {
    return this.largest(this.values, this.values);
  }

  /** φ → max of φ b_j − a_i − √(r_i² + φ² s_j²). */
  largest(a, b, r = a.map(() => 0), s = r) {
    const one = (i, j, line) => line * b[j] - a[i] - Math.hypot(r[i], line * s[j]);
    if (this.pairs !== null) return (line) => largestOf(this.pairs.map(([i, j]) => one(i, j, line)));
    const [lows, highs] = [
      _contenders(
        a.map((value) => -value),
        r,
      ),
      _contenders(b, s),
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
function _contenders(a, r) {
  const order = [...a.keys()].sort((i, j) => a[j] - a[i] || r[i] - r[j]);
  let [first, second] = [-Infinity, -Infinity];
  return order.filter((g) => {
    const height = -r[g];
    if (height <= second) return false;
    [first, second] = height > first ? [height, first] : [first, height];
    return true;
  });
}

/**
 * The largest limit over the pairs and the angles. A limit moves outwards as its error falls: so between two angles no
 * pair passes the sum of its low side at the later and its high side at the earlier one, and only where this is above
 * the best limit known are those in between made. Each is a quantile, and quantiles are what takes time here.
 */
class Contour {
  constructor(contrasts, error) {
    this.pairs = contrasts.pairs;
    this.errors = jointErrors(error);
    this.singles = contrasts.sides.flatMap((limits) => limits.values.map((value, g) => ({ limits, g, value })));
    const { lower, upper } = contrasts.limitsAt(this.errors[LAST_ANGLE]);
    // Lower limits with a minus: on both sides, the larger, the further out.
    this.lows = lower.map((limit) => new Map([[LAST_ANGLE, -limit]]));
    this.highs = upper.map((limit) => new Map([[0, limit]]));
  }

  /** The upper limit of Γ(φ) for φ = `line`. */
  largest(line) {
    const every = [...this.singles.keys()];
    const pairs = this.pairs ?? this.outermost(every);
    const sums = pairs.map(([i, j]) => this.low(i, LAST_ANGLE) + line * this.high(j, 0));
    const [i, j] = pairs[sums.indexOf(largestOf(sums))];
    const known = this.low(i, LAST_ANGLE / 2) + line * this.high(j, LAST_ANGLE / 2);
    const promising = pairs.filter((_, place) => sums[place] > known);
    const blocks = this.pairs === null ? [[every, every]] : promising.map(([one, other]) => [[one], [other]]);
    return this.search(blocks, 0, LAST_ANGLE, line, known);
  }

  /** Pairs of the two best of each side, both at the whole error. */
  outermost(every) {
    const ones = _twoBest(every, (i) => this.low(i, LAST_ANGLE));
    const others = _twoBest(every, (j) => this.high(j, 0));
    return ones.flatMap((i) => others.filter((j) => j !== i).map((j) => [i, j]));
  }

  /** What blocks of sides, [i, …] with [j, …], reach at the angles `from` … `to`, or `known` if that is more. */
  search(blocks, from, to, line, known) {
    const left = [];
    let best = known;
    for (const block of blocks) {
      const [lows, highs] = this.sums(block, to, from, line);
      if (largestOf(lows) <= known) continue;
      best = Math.max(best, largestOf(lows));
      const above = (side, heights) => side.filter((_, place) => heights[place] > known);
      left.push([above(block[0], lows), above(block[1], highs)]);
    }
    if (from === to || left.length === 0) return best;
    const middle = Math.floor((from + to) / 2);
    return this.search(left, middle + 1, to, line, this.search(left, from, middle, line, known));
  }

  /** For each side of a block its largest sum with another one: that other is among the two best. */
  sums([ones, others], low, high, line) {
    const a = new Map(ones.map((i) => [i, this.low(i, low)]));
    const b = new Map(others.map((j) => [j, line * this.high(j, high)]));
    const join = (mine, theirs) => {
      const best = _twoBest([...theirs.keys()], (side) => theirs.get(side));
      return Array.from(mine, ([side, limit]) => {
        const other = best.find((each) => each !== side);
        return other === undefined ? -Infinity : limit + theirs.get(other);
      });
    };
    return [join(a, b), join(b, a)];
  }

  low(side, angle) {
    return this.find(this.lows[side], angle, () => {
      const { value } = this.singles[side];
      return -Math.min(value, this.alone(side).lower(this.errors[angle])[0]);
    });
  }

  high(side, angle) {
    return this.find(this.highs[side], angle, () => {
      const { value } = this.singles[side];
      return Math.max(value, this.alone(side).upper(this.errors[LAST_ANGLE - angle])[0]);
    });
  }

  find(known, angle, make) {
    if (!known.has(angle)) known.set(angle, make());
    return known.get(angle);
  }

  alone(side) {
    const single = this.singles[side];
    single.alone ??= single.limits.take([single.g]);
    return single.alone;
  }
}

/** The two of `sides` for which `height` is largest, the best first. */
function _twoBest(sides, height) {
  let [first, second] = [undefined, undefined];
  for (const side of sides) {
    if (first === undefined || height(side) > height(first)) [first, second] = [side, first];
    else if (second === undefined || height(side) > height(second)) second = side;
  }
  return second === undefined ? [first] : [first, second];
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
