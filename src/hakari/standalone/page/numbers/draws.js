// The very draws that the records were made with: a stream of random numbers that follows from a seed and names, and
// binomial and multinomial counts from it, one after the other as numpy draws them (SeedSequence, PCG64, inversion for
// small means, and for others BTPE of Kachitvichyanukul & Schmeiser 1988).

const POOL = 4;
const LIMB = 2 ** 22;
const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;

/** Words of 32 bits spread over a pool, as numpy's SeedSequence does. */
function _seedWords(entropy, count) {
  let hash = 0x43b0d7e5;
  const hashed = (value) => {
    value = (value ^ hash) >>> 0;
    hash = Math.imul(hash, 0x931e8875) >>> 0;
    value = Math.imul(value, hash) >>> 0;
    return (value ^ (value >>> 16)) >>> 0;
  };
  const mixed = (x, y) => {
    const found = (Math.imul(0xca01f9dd, x) - Math.imul(0x4973f715, y)) >>> 0;
    return (found ^ (found >>> 16)) >>> 0;
  };
  const pool = Array.from({ length: POOL }, (_, place) => hashed(entropy[place] ?? 0));
  for (let from = 0; from < POOL; from += 1) {
    for (let to = 0; to < POOL; to += 1) if (from !== to) pool[to] = mixed(pool[to], hashed(pool[from]));
  }
  for (const word of entropy.slice(POOL)) for (let to = 0; to < POOL; to += 1) pool[to] = mixed(pool[to], hashed(word));
  let out = 0x8b51f9dd;
  return Array.from({ length: count }, (_, place) => {
    let value = (pool[place % POOL] ^ out) >>> 0;
    out = Math.imul(out, 0x58f38ded) >>> 0;
    value = Math.imul(value, out) >>> 0;
    return (value ^ (value >>> 16)) >>> 0;
  });
}

const _limbs = (value) => Array.from({ length: 6 }, (_, place) => Number((value >> BigInt(22 * place)) & 0x3fffffn));

/** PCG64: a function that returns the next double in [0, 1). `entropy` are words of 32 bits. */
function pcg64(entropy) {
  const words = _seedWords(entropy, 8).map(BigInt);
  const long = (place) =>
    ((words[place] | (words[place + 1] << 32n)) << 64n) | words[place + 2] | (words[place + 3] << 32n);
  const mask = (1n << 128n) - 1n;
  const step = ((long(4) << 1n) | 1n) & mask;
  const state = ((step + long(0)) * MULTIPLIER + step) & mask;
  // The state, its step and the multiplier in six parts of 22 bits: products of two parts are exact in a double.
  let [s0, s1, s2, s3, s4, s5] = _limbs(state);
  const [c0, c1, c2, c3, c4, c5] = _limbs(step);
  const [m0, m1, m2, m3, m4, m5] = _limbs(MULTIPLIER);
  return () => {
    const t0 = s0 * m0 + c0;
    const k0 = Math.floor(t0 / LIMB);
    const t1 = s0 * m1 + s1 * m0 + c1 + k0;
    const k1 = Math.floor(t1 / LIMB);
    const t2 = s0 * m2 + s1 * m1 + s2 * m0 + c2 + k1;
    const k2 = Math.floor(t2 / LIMB);
    const t3 = s0 * m3 + s1 * m2 + s2 * m1 + s3 * m0 + c3 + k2;
    const k3 = Math.floor(t3 / LIMB);
    const t4 = s0 * m4 + s1 * m3 + s2 * m2 + s3 * m1 + s4 * m0 + c4 + k3;
    const k4 = Math.floor(t4 / LIMB);
    const t5 = s0 * m5 + s1 * m4 + s2 * m3 + s3 * m2 + s4 * m1 + s5 * m0 + c5 + k4;
    s0 = t0 - k0 * LIMB;
    s1 = t1 - k1 * LIMB;
    s2 = t2 - k2 * LIMB;
    s3 = t3 - k3 * LIMB;
    s4 = t4 - k4 * LIMB;
    s5 = (t5 - Math.floor(t5 / LIMB) * LIMB) & 0x3ffff; // 128 bits are five parts and 18 bits
    // Both halves of the state, one over the other, turned by its top six bits; the upper 53 bits are the double.
    const low = (s0 | (s1 << 22)) ^ ((s2 >>> 20) | (s3 << 2) | (s4 << 24));
    const high = ((s1 >>> 10) | (s2 << 12)) ^ ((s4 >>> 8) | (s5 << 14));
    const turn = s5 >>> 12;
    const first = turn & 32 ? low : high;
    const second = turn & 32 ? high : low;
    const part = turn & 31;
    const top = part ? (first >>> part) | (second << (32 - part)) : first;
    const rest = part ? (second >>> part) | (first << (32 - part)) : second;
    return ((top >>> 0) * 2097152 + (rest >>> 11)) / 9007199254740992;
  };
}

/** The stream of (seed, names): the same on every machine. */
async function namedStream(seed, ...names) {
  if (!(seed >= 0)) throw new Error("a seed below zero");
  const words = [];
  for (let rest = BigInt(seed); words.length === 0 || rest > 0n; rest >>= 32n) words.push(Number(rest & 0xffffffffn));
  const digest = new DataView((await sha256(encodeText(names.join("\0")))).buffer);
  return pcg64([...words, ...[0, 4, 8, 12].map((place) => digest.getUint32(place))]);
}

/** Successes of n draws with probability p. */
function drawBinomial(random, n, p) {
  if (n === 0 || p === 0) return 0;
  const q = p <= 0.5 ? p : 1 - p;
  const found = q * n <= 30 ? _byInversion(random, n, q) : _byBtpe(random, n, q);
  return p <= 0.5 ? found : n - found;
}

function _byInversion(random, n, p) {
  const q = 1 - p;
  const start = Math.exp(n * Math.log(q));
  const mean = n * p;
  const bound = Math.trunc(Math.min(n, mean + 10 * Math.sqrt(mean * q + 1)));
  let x = 0;
  let weight = start;
  let u = random();
  while (u > weight) {
    x += 1;
    if (x > bound) {
      x = 0;
      weight = start;
      u = random();
    } else {
      u -= weight;
      weight = ((n - x + 1) * p * weight) / (x * q);
    }
  }
  return x;
}

/** Acceptance of the middle triangle, the two parallelograms and the two exponential tails around the mode m. */
function _byBtpe(random, n, p) {
  const r = p;
  const q = 1 - p;
  const spread = n * r * q;
  const top = n * r + r;
  const m = Math.floor(top);
  const p1 = Math.floor(2.195 * Math.sqrt(spread) - 4.6 * q) + 0.5;
  const middle = m + 0.5;
  const left = middle - p1;
  const right = middle + p1;
  const c = 0.134 + 20.5 / (15.3 + m);
  const slope = (a) => a * (1 + a / 2);
  const lambdaLeft = slope((top - left) / (top - left * r));
  const lambdaRight = slope((right - top) / (right * q));
  const p2 = p1 * (1 + 2 * c);
  const p3 = p2 + c / lambdaLeft;
  const p4 = p3 + c / lambdaRight;
  for (;;) {
    const u = random() * p4;
    let v = random();
    let y;
    if (u <= p1) return Math.floor(middle - p1 * v + u);
    if (u <= p2) {
      const x = left + (u - p1) / c;
      v = v * c + 1 - Math.abs(m - x + 0.5) / p1;
      if (v > 1) continue;
      y = Math.floor(x);
    } else if (u <= p3) {
      y = Math.floor(left + Math.log(v) / lambdaLeft);
      if (y < 0 || v === 0) continue;
      v = v * (u - p2) * lambdaLeft;
    } else {
      y = Math.floor(right - Math.log(v) / lambdaRight);
      if (y > n || v === 0) continue;
      v = v * (u - p3) * lambdaRight;
    }
    if (_accepts(y, v, n, r, q, m, spread)) return y;
  }
}

function _accepts(y, v, n, r, q, m, spread) {
  const k = Math.abs(y - m);
  if (!(k > 20 && k < spread / 2 - 1)) {
    const s = r / q;
    const a = s * (n + 1);
    let ratio = 1;
    for (let i = m + 1; i <= y; i += 1) ratio *= a / i - s;
    for (let i = y + 1; i <= m; i += 1) ratio /= a / i - s;
    return v <= ratio;
  }
  const rho = (k / spread) * ((k * (k / 3 + 0.625) + 1 / 6) / spread + 0.5);
  const t = (-k * k) / (2 * spread);
  const log = Math.log(v);
  if (log < t - rho) return true;
  if (log > t + rho) return false;
  const x = y + 1;
  const f = m + 1;
  const z = n + 1 - m;
  const w = n - y + 1;
  const bound =
    (m + 0.5) * Math.log(f / x) +
    (n - m + 0.5) * Math.log(z / w) +
    (y - m) * Math.log((w * r) / (x * q)) +
    _logFactorialRest(f) +
    _logFactorialRest(z) +
    _logFactorialRest(x) +
    _logFactorialRest(w);
  return log <= bound;
}

function _logFactorialRest(each) {
  const square = each * each;
  return (13680 - (462 - (132 - (99 - 140 / square) / square) / square) / square) / each / 166320;
}

/** Fill `counts` with one draw of n rows over cells with these shares. */
function drawMultinomial(random, n, shares, counts) {
  counts.fill(0);
  let left = n;
  let rest = 1;
  const last = shares.length - 1;
  for (let cell = 0; cell < last; cell += 1) {
    counts[cell] = drawBinomial(random, left, shares[cell] / rest);
    left -= counts[cell];
    if (left <= 0) return;
    rest -= shares[cell];
  }
  counts[last] = left;
}
