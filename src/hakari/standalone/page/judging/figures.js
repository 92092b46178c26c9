// Verdicts that compare a figure of a record with a line, and whether the record's cells give that figure.

const FIGURES_OF = { "fairness.legal": legalFigure, "fairness.versions": versionsFigure };

/**
 * [{requirement, check, metric, status, figure, evidence, origin, derived}]: each verdict that rests on a figure.
 * origin is derived (the cells give it), differs (they give another), absent (they should and do not) or read.
 */
async function recordedFigures(assessment, plan, evidence, work) {
  const counted = plan.checks.filter(({ basis }) => basis === "count");
  const planned = new Map(counted.map((check) => [check.id, check]));
  const found = [];
  for (const { requirement, checks } of assessment.findings) {
    for (const { check: id, status, value: figure, evidence: identifier } of checks) {
      const [check, record] = [planned.get(id), evidence.get(identifier)];
      if (check === undefined || record === undefined || typeof figure !== "number") continue;
      const line = { requirement, check: id, metric: check.metric, status, figure, evidence: identifier };
      found.push({ ...line, ...(await _originOf(figure, check, plan, record, work)) });
    }
  }
  return found;
}

async function _originOf(figure, check, plan, record, work) {
  let derived;
  try {
    derived = await _derivedFigure(check, plan, record, work);
  } catch (error) {
    if (error instanceof Stopped) throw error;
    return { origin: "absent", derived: null };
  }
  if (derived === null) return { origin: "read", derived };
  return { origin: agrees(figure, derived) ? "derived" : "differs", derived };
}

/** The figure from the cells, by the parameters of the plan: those of the record could be bent to fit. */
async function _derivedFigure(check, plan, record, work) {
  const measurement = plan.measurements.find(({ id }) => id === check.measurement);
  if (measurement === undefined || !Object.hasOwn(FIGURES_OF, measurement.measure)) return null;
  const { parameters } = measurement;
  const columns = parameters.columns ?? plan.use.columns?.sensitive ?? null;
  return FIGURES_OF[measurement.measure](check.metric, check.columns, { ...parameters, columns }, record.tables, work);
}

/** A figure that a verdict rests on must be the one that the cells of its record give. */
function _figureProblems(figures) {
  return figures
    .filter(({ origin }) => origin === "differs" || origin === "absent")
    .map(({ requirement, check, metric, figure, evidence, origin, derived }) => {
      const words = { requirement: _slug(requirement), check, metric, stated: figure };
      const problem =
        origin === "differs"
          ? say("workflows.verify.figure_differs", { ...words, derived })
          : say("workflows.verify.figure_absent", words);
      return { member: `evidence/${evidence}.json`, problem, rests: [] };
    });
}
