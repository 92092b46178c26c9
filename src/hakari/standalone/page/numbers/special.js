// Quantiles of the beta, normal and t distributions, from their definitions: the incomplete beta function by its
// continued fraction, inverses by Newton's method on a logarithm that is concave, which cannot overshoot twice.

const LOG_SQRT_2PI = 0.5 * Math.log(2 * Math.PI);

/** ln Γ(z) minus Stirling's main part: (z − ½) ln z − z + ln √2π. */
function _stirlingRest(z) {
  let rest = 0;
  // The series below is exact to the last digit from 16 on; smaller arguments climb there step by step.
  for (; z < 16; z += 1) rest += (z + 0.5) * Math.log1p(1 / z) - 1;
  const w = 1 / (z * z);
  const series = 1 / 12 - w * (1 / 360 - w * (1 / 1260 - w * (1 / 1680 - w * (1 / 1188 - w * (691 / 360360)))));
  return rest + series / z;
}

/** x ln(x/m) + m − x without loss of digits where x and m are close. */
function _deviance(x, m) {
  const v = (x - m) / (x + m);
  if (Math.abs(v) >= 0.1) return x * Math.log(x / m) + m - x;
  let sum = (x - m) * v;
  let term = 2 * x * v;
  for (let k = 1; k < 100; k += 1) {
    term *= v * v;
    const next = sum + term / (2 * k + 1);
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

/** x^a y^b / B(a, b) for y = 1 − x: the density of the logit. */
function _logitDensity(a, b, x, y) {
  const n = a + b;
  const log = _stirlingRest(n) - _stirlingRest(a) - _stirlingRest(b) - _deviance(a, n * x) - _deviance(b, n * y);
  return Math.sqrt((a / n) * b) * Math.exp(log - LOG_SQRT_2PI);
}

/** The continued fraction of I_x(a, b) · a / (x^a y^b / B), for x below (a + 1) / (a + b + 2). */
function _betaFraction(a, b, x) {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  d = 1 / (Math.abs(d) < tiny ? tiny : d);
  let found = d;
  for (let m = 1; m < 1_000_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 + even * d;
    c = 1 + even / c;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    c = Math.abs(c) < tiny ? tiny : c;
    found *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 + odd * d;
    c = 1 + odd / c;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    c = Math.abs(c) < tiny ? tiny : c;
    const step = d * c;
    found *= step;
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return found;
}

/** [I_x(a, b), density of the logit], given x and y = 1 − x, each with all its digits. */
function _betaShare(a, b, x, y) {
  const density = _logitDensity(a, b, x, y);
  if (x < (a + 1) / (a + b + 2)) return [(density / a) * _betaFraction(a, b, x), density];
  return [1 - (density / b) * _betaFraction(b, a, y), density];
}

/** [x, 1 − x] with I_x(a, b) = tail, for a tail of at most one half or so; both have all their digits. */
function betaTail(a, b, tail) {
  const wanted = Math.log(tail);
  let t = _startingLogit(a, b, tail);
  let before = Infinity;
  for (let round = 0; round < 200; round += 1) {
    // So far out nothing is left of x.
    if (t < -690) return [0, 1];
    if (t > 690) return [1, 0];
    const [x, y] = [1 / (1 + Math.exp(-t)), 1 / (1 + Math.exp(t))];
    const [share, density] = _betaShare(a, b, x, y);
    if (!(share > 0) || !(density > 0)) {
      // Too far out for any digit: come back towards the middle.
      t += t < Math.log(a / b) ? 1 : -1;
      continue;
    }
    const step = ((wanted - Math.log(share)) * share) / density;
    t += Math.max(Math.min(step, 20), -20);
    // Steps shrink by their square until only rounding is left.
    const size = Math.abs(step);
    if (size < 1e-15 || (size < 1e-8 && size > before / 4)) break;
    before = size;
  }
  return [1 / (1 + Math.exp(-t)), 1 / (1 + Math.exp(t))];
}

/** A first guess: the normal curve on the logit, its spread from the counts. */
function _startingLogit(a, b, tail) {
  if (a < 1) return Math.max((Math.log(tail) + Math.log(a)) / a, -680);
  return Math.log(a / b) - normalTail(Math.min(tail, 0.5)) * Math.sqrt(1 / a + 1 / b);
}

/** Limits at which `successes` of `trials` (real numbers) still have a probability of `error`: Clopper and Pearson. */
const clopperPearsonLower = (successes, trials, error) =>
  successes > 0 ? betaTail(successes, trials - successes + 1, error)[0] : 0;
const clopperPearsonUpper = (successes, trials, error) =>
  successes < trials ? betaTail(trials - successes, successes + 1, error)[1] : 1;

/** P(Z > z) · √2π · exp(z²/2) for z ≥ 0: by its series, and further out by its continued fraction. */
function _millsRatio(z) {
  if (z < 2.5) {
    let [term, sum] = [z, z];
    for (let k = 1; k < 200 && term > sum * 1e-17; k += 1) {
      term *= (z * z) / (2 * k + 1);
      sum += term;
    }
    return Math.sqrt(Math.PI / 2) * Math.exp((z * z) / 2) - sum;
  }
  let found = z;
  for (let k = Math.ceil(40 + 400 / (z * z)); k > 0; k -= 1) found = z + k / found;
  return 1 / found;
}

/** P(Z > z) for z ≥ 0. */
const normalAbove = (z) => Math.min(_millsRatio(z) * Math.exp(-(z * z) / 2 - LOG_SQRT_2PI), 0.5);

const _normalTails = new Map();

/** z with P(Z > z) = tail, for 0 < tail ≤ ½. */
function normalTail(tail) {
  if (tail >= 0.5) return tail === 0.5 ? 0 : -normalTail(1 - tail);
  const known = _normalTails.get(tail);
  if (known !== undefined) return known;
  let z = Math.sqrt(Math.max(-2 * Math.log(2 * tail), 0)) * 0.8;
  for (let round = 0; round < 100; round += 1) {
    const ratio = _millsRatio(z);
    const log = Math.log(ratio) - (z * z) / 2 - LOG_SQRT_2PI;
    const step = (log - Math.log(tail)) * ratio;
    z = Math.max(z + step, 0);
    if (Math.abs(step) < 1e-15 * Math.max(z, 0.1)) break;
  }
  if (_normalTails.size > 10_000) _normalTails.clear();
  _normalTails.set(tail, z);
  return z;
}

/** t with P(T > t) = tail for `freedom` degrees of freedom, 0 < tail ≤ ½. */
function studentTail(freedom, tail) {
  if (tail >= 0.5) return 0;
  const [x, y] = betaTail(freedom / 2, 0.5, 2 * tail);
  return Math.sqrt((freedom * y) / x);
}
