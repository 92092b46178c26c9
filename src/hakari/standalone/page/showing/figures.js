// Figures: how a check is called, and how its numbers are written.

function checkName(planned) {
  const named = planned.reference !== null && (planned.aggregation === "difference" || planned.aggregation === "ratio");
  const metric = `reasons.metric.${planned.metric}`;
  return say(`reasons.check.${planned.aggregation}${named ? "_reference" : ""}`, {
    metric: Object.hasOwn(TEXTS.en, metric) ? say(metric) : planned.metric,
    columns: planned.columns.join(" × "),
    reference: planned.reference ?? "",
  });
}

const SHARES = /(_share|_share_max|_rate|_fraction)$/;
const DECIMALS = { percent: [1, 4], points: [1, 4], number: [3, 5], count: [0, 0] };

/** How the numbers of a check are written: unit, and so many decimals that figures that differ look different. */
function scaleOf(planned, ...results) {
  const figures = results
    .filter((each) => each !== null)
    .flatMap(({ value, low, high }) => [value, low, high])
    .filter((each) => typeof each === "number");
  const worse = planned.operator === "<=" ? planned.margin : -planned.margin;
  const lines = [planned.threshold, planned.threshold + worse];
  const percent = planned.basis === "rate" || SHARES.test(planned.metric);
  const whole = planned.basis === "count" && [...figures, ...lines].every(Number.isInteger);
  const unit =
    planned.aggregation === "ratio"
      ? "number"
      : percent
        ? planned.aggregation === "difference"
          ? "points"
          : "percent"
        : whole
          ? "count"
          : "number";
  const [fewest, most] = DECIMALS[unit];
  const shift = unit === "percent" || unit === "points" ? 2 : 0;
  let decimals = planned.aggregation === "ratio" ? 2 : fewest;
  const alike = (a, b) => Math.abs(a - b) > ROUNDING && a.toFixed(decimals + shift) === b.toFixed(decimals + shift);
  while (decimals < most && figures.some((figure) => [...lines, ...figures].some((other) => alike(figure, other))))
    decimals += 1;
  const factor = unit === "points" ? 100 : 1;
  const message = (name) => (value) =>
    unit === "count"
      ? say("reasons.quantity.count", { value })
      : say(`reasons.quantity.${name}.${decimals}`, { value: value * factor + 0 });
  return { say: message(unit), bare: message(unit === "points" ? "points_bare" : unit) };
}
