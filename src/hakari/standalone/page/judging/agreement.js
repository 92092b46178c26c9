// Whether a stated record and the same record made again say the same, where two machines may differ in last digits:
// statuses, texts and counts equal, exact figures within rounding, simulated ends within their Monte Carlo error.

const ROUNDING = 1e-9;
const DEVIATIONS = 5;
const SPREAD_OF_CHANCE = 4;
const CHANCE = "monte_carlo_error";

/** Only `again` is trusted to say how far chance may move an end. */
function agrees(stated, again) {
  if (again === ANYTHING) return stated !== undefined;
  if (isObject(stated) && isObject(again)) return _recordsAgree(stated, again);
  if (Array.isArray(stated) && Array.isArray(again)) {
    return stated.length === again.length && stated.every((item, place) => agrees(item, again[place]));
  }
  if (typeof stated === "number" && typeof again === "number") return _close(stated, again, ROUNDING, 1e-12);
  return stated === again;
}

const _close = (a, b, relative, absolute) =>
  a === b || Math.abs(a - b) <= Math.max(relative * Math.max(Math.abs(a), Math.abs(b)), absolute);

function _recordsAgree(stated, again) {
  // Records from before the error was recorded lack it: that is no difference.
  const wanted = Object.keys(again).filter((name) => name !== CHANCE || name in stated);
  const given = Object.keys(stated);
  if (given.length !== wanted.length || !given.every((name) => name in again)) return false;
  const chance = again[CHANCE];
  if (CHANCE in stated && !_sameSize(stated[CHANCE], chance)) return false;
  const free = {};
  if (chance !== undefined) {
    const [low, high] = chance.map((error) => DEVIATIONS * Math.SQRT2 * error);
    Object.assign(free, { low, high, worst_case: Math.max(low, high) });
  }
  return given
    .filter((name) => name !== CHANCE)
    .every((name) => {
      const [a, b] = [stated[name], again[name]];
      if (!(name in free) || typeof a !== "number" || typeof b !== "number") return agrees(a, b);
      return Math.abs(a - b) <= free[name] + ROUNDING * Math.max(Math.abs(a), Math.abs(b));
    });
}

const _sameSize = (stated, again) =>
  stated.every((first, place) => {
    const [larger, smaller] = [Math.max(first, again[place]), Math.min(first, again[place])];
    return larger <= SPREAD_OF_CHANCE * smaller + 1e-9;
  });
