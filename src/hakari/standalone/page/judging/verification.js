// Three answers to three questions, each with its problems and what rests on them: genuine, recomputed, re-run.

/** {levels, signed, signers, verdicts, read, decision, log}: what a stranger finds out about a bundle. */
async function verifyBundle(bytes, directoryBytes, work) {
  const signatures = new Signatures();
  await signatures.prepare();
  const directory = directoryBytes === null ? null : await _directoryOf(directoryBytes, signatures, work);
  work.tell(say("standalone.page.progress.reading"), null);
  const bundle = await readBundle(bytes, signatures, work);
  const packs = await _readPacks(bundle, work);
  const planDigest = bundle.plan === null ? "" : await digestJson(encodeRecord("Plan", bundle.plan));
  const genuine = await _genuine(bundle, directory, packs, planDigest, signatures, work);
  const { level: recomputed, again, figures } = await _recomputed(bundle, packs, planDigest, work);
  return {
    levels: [
      genuine,
      recomputed,
      { name: "re-run", status: "not_done", summary: say("standalone.page.rerun"), problems: [] },
    ],
    signed: _signed(bundle, directory),
    decision: carriedDecision(bundle, genuine.problems, work.today),
    able: signatures.able,
    signers: _signersOf(bundle, directory),
    title: bundle.assessment === null ? null : bundle.assessment.title,
    titles: _titles(packs),
    verdicts: _verdicts(bundle, packs, again, figures),
    read: figures.filter(({ origin }) => origin === "read"),
    log: _log({
      bundle,
      packs,
      signatures,
      again,
      figures,
      work,
      directory,
      size: bytes.length,
      digest: await digestBytes(bytes),
    }),
  };
}

/** The key directory; a Refusal says that it is the directory which cannot be used, not the bundle. */
async function _directoryOf(bytes, signatures, work) {
  try {
    return await readDirectory(bytes, work.directoryName, signatures);
  } catch (error) {
    if (error instanceof Refusal) error.keys = true;
    throw error;
  }
}

/** `name@version` → the pack, or the Refusal that says why it cannot be read. */
async function _readPacks(bundle, work) {
  const packs = new Map();
  for (const [name, files] of bundle.packFiles) {
    await work.pause();
    try {
      packs.set(name, await readPack(files, name));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      packs.set(name, error);
    }
  }
  return packs;
}

// ---------------------------------------------------------------- genuine

async function _genuine(bundle, directory, packs, planDigest, signatures, work) {
  const files = bundle.files.size;
  const found = [
    ...bundle.faults,
    ..._planProblems(bundle, packs, planDigest),
    ...(await _attachmentProblems(bundle)),
    ..._keyProblems(bundle, directory),
  ];
  const problems = await work.each(found, ({ member, problem, on = member }) => ({
    member,
    problem,
    rests: _restsOn(bundle, on),
  }));
  const level = (status, key, values) => ({ name: "genuine", status, summary: say(key, values), problems });
  if (problems.length) {
    const members = new Set(problems.map(({ member }) => member)).size;
    return level("no", "workflows.verify.genuine_no", { faults: problems.length, members });
  }
  const anySigned = bundle.signedBy.length + bundle.signers.size + bundle.exceptions.length > 0;
  if (!signatures.able && anySigned) return level("cannot", "standalone.page.genuine_cannot", { files });
  if (bundle.signedBy.length === 0) return level("partly", "workflows.verify.genuine_unsigned", { files });
  const unsigned = [...bundle.evidence.keys()].filter((identifier) => !bundle.signers.has(identifier)).length;
  if (unsigned) return level("partly", "workflows.verify.genuine_partly", { files, records: unsigned });
  // Whose key a decision was signed with is known by that of the manifest: it is the same, or renewals lead to it.
  const named = _allSigners(bundle).filter(({ member }) => member !== DECISION);
  if (directory !== null && named.some(({ key }) => !directory.entries.has(key))) {
    return level("partly", "workflows.verify.genuine_stranger", { files });
  }
  return level("yes", "workflows.verify.genuine_yes", { files });
}

/** Every signature that verified: which key, on which member, at which stated time. */
const _allSigners = (bundle) => [
  ...bundle.signedBy.map((key) => ({ key, member: MANIFEST, at: bundle.createdAt })),
  ...[...bundle.signers].map(([identifier, key]) => ({
    key,
    member: `evidence/${identifier}.json`,
    at: bundle.evidence.get(identifier).collected_at,
  })),
  ...bundle.exceptions.map(({ key, created_at: at }) => ({ key, member: "exceptions", at })),
  ...(bundle.decidedBy ? [{ key: bundle.decidedBy, member: DECISION, at: bundle.decision.decided_at }] : []),
  ...(bundle.seal === null ? [] : [{ key: bundle.seal.key, member: CHECKPOINT, at: bundle.seal.at }]),
];

/** The plan must be the one that the evidence cites, and the packs those that the plan pins. */
function _planProblems(bundle, packs, digest) {
  const { plan, assessment } = bundle;
  if (plan === null || assessment === null) return [];
  const problems = [];
  // A check that is stale cites the record that it outgrew, and that one names the plan of its own time.
  const checks = assessment.findings.flatMap((finding) => finding.checks);
  const stale = new Set(checks.filter((check) => check.status === "stale").map((check) => check.evidence));
  if (assessment.plan !== digest) {
    const changed = say("workflows.verify.plan_changed", { stated: assessment.plan, found: digest });
    problems.push({ member: "plan.json", problem: changed });
  }
  for (const [identifier, record] of bundle.evidence) {
    if (record.plan !== null && record.plan.digest !== digest && !stale.has(identifier)) {
      const member = `evidence/${identifier}.json`;
      problems.push({ member, problem: say("workflows.verify.other_plan", { member }) });
    }
  }
  for (const reference of plan.packs) {
    const name = `${reference.name}@${reference.version}`;
    const found = packs.get(name);
    const wrong =
      found instanceof Refusal
        ? found.said
        : found.digest === reference.digest
          ? null
          : say("workflows.verify.pack_changed", { pack: name });
    if (wrong !== null) problems.push({ member: `packs/${name}`, problem: wrong, on: "plan.json" });
  }
  return problems;
}

/** Every file that an answer names must be in the bundle with the digest that the answer signed. */
async function _attachmentProblems(bundle) {
  const problems = [];
  for (const [identifier, { answer }] of bundle.evidence) {
    const digest = answer?.attachment ?? null;
    if (digest === null) continue;
    const member = `attachments/${digest}`;
    if ((await digestBytes(bundle.files.get(member) ?? new Uint8Array())) !== digest) {
      const problem = say("assessment.bundle.attachment", { member });
      problems.push({ member, problem, on: `evidence/${identifier}.json` });
    }
  }
  return problems;
}

/** Every key that the directory knows must have been valid when it signed. */
function _keyProblems(bundle, directory) {
  if (directory === null) return [];
  const problems = [];
  for (const { member, key, at } of _allSigners(bundle)) {
    const entry = directory.entries.get(key);
    const stood = entry === undefined ? "valid" : standing(entry, at);
    if (stood === "valid") continue;
    const word = say(`workflows.verify.standing.${stood}`);
    const problem = say("workflows.verify.key_standing", { member, name: entry.name, standing: word, at });
    problems.push({ member, problem });
  }
  return problems;
}

const _slug = (reference) => reference.split(":").at(-1).split("@")[0];
const _statusWord = (status) => say(`reasons.status.${status}`);

/** What rests on a member: requirements with their verdict, and the decision. Nothing rests on a report. */
const _restsOn = (bundle, member) =>
  member.startsWith("report/") ? [] : [..._findingsOn(bundle, member), ...restingDecision(bundle)];

function _findingsOn(bundle, member) {
  if (bundle.assessment === null || [DECISION, EVENT, CHECKPOINT].includes(member)) return [];
  if (member.startsWith(RENEWALS)) return [];
  let { findings } = bundle.assessment;
  if (member.startsWith("evidence/")) {
    const identifier = member.slice("evidence/".length).replace(/\.json$/, "");
    return findings
      .filter((finding) => finding.evidence.includes(identifier))
      .flatMap((finding) => _restLines(finding, identifier));
  }
  if (member.startsWith("attachments/")) return [];
  if (member.startsWith("packs/")) {
    findings = findings.filter(({ pack }) =>
      [pack, pack.replaceAll("@", "-")].some((name) => member.startsWith(`packs/${name}`)),
    );
  }
  return [say("workflows.verify.rests_all", { requirements: findings.length })];
}

function _restLines(finding, identifier) {
  const requirement = _slug(finding.requirement);
  const lines = finding.checks
    .filter((check) => check.evidence === identifier)
    .map(({ check, status }) =>
      say("workflows.verify.rests_check", { requirement, check, status: _statusWord(status) }),
    );
  if (lines.length) return lines;
  return [say("workflows.verify.rests_requirement", { requirement, status: _statusWord(finding.status) })];
}

/** Who signed the bundle, in one sentence. */
function _signed(bundle, directory) {
  if (bundle.signedBy.length === 0) return say("workflows.verify.unsigned");
  const key = bundle.signedBy[0];
  const entry = directory?.entries.get(key);
  if (entry === undefined)
    return say(directory === null ? "standalone.page.unknown_key" : "standalone.page.key_not_listed", { key });
  const values = {
    name: entry.name,
    key,
    since: entry.from,
    until: entry.until ?? "…",
    revoked: entry.revoked ?? "",
  };
  return say(`workflows.verify.key.${standing(entry, bundle.createdAt)}`, values);
}

// ---------------------------------------------------------------- recomputed

async function _recomputed(bundle, packs, planDigest, work) {
  const { assessment: stated, plan } = bundle;
  const cannot = (problems) => ({
    level: { name: "recomputed", status: "no", summary: say("workflows.verify.cannot_recompute"), problems },
    again: null,
    figures: [],
  });
  if (stated === null || plan === null) return cannot([]);
  work.tell(say("standalone.page.progress.recomputing"), null);
  let again;
  let figures;
  try {
    again = await _assessedAgain(bundle, packs, planDigest, work);
    figures = await recordedFigures(again, plan, bundle.evidence, work);
  } catch (error) {
    if (error instanceof Stopped) throw error;
    const problem =
      error instanceof Refusal
        ? error.said
        : say("standalone.page.problem.unexpected", { what: String(error?.message ?? error) });
    return cannot([{ member: "assessment.json", problem, rests: [] }]);
  }
  const problems = _differences(stated, again);
  if (problems.length === 0 && !agrees(encodeRecord("Assessment", stated), encodeRecord("Assessment", again))) {
    problems.push({ member: "assessment.json", problem: say("workflows.verify.differs_elsewhere"), rests: [] });
  }
  problems.push(..._figureProblems(figures));
  const read = new Set(figures.filter(({ origin }) => origin === "read").map(({ check }) => check));
  const verdicts = again.findings.reduce((sum, finding) => sum + finding.checks.length, 0);
  const differing = new Set(
    problems.map(({ problem }) => problem.arguments.check).filter((check) => check !== undefined && !read.has(check)),
  );
  const values = {
    agree: verdicts - read.size - differing.size,
    verdicts,
    findings: again.findings.length,
    faults: problems.length,
  };
  const summary = read.size
    ? say("workflows.verify.recomputed_read", { ...values, read: read.size })
    : say("workflows.verify.recomputed", values);
  return { level: { name: "recomputed", status: problems.length ? "no" : "yes", summary, problems }, again, figures };
}

/** Every interval, verdict and finding, derived again from the records in the bundle, without the data. */
async function _assessedAgain(bundle, packs, planDigest, work) {
  const { plan, assessment } = bundle;
  const found = plan.packs.map(({ name, version }) => packs.get(`${name}@${version}`));
  const broken = found.find((pack) => pack instanceof Refusal);
  if (broken !== undefined) throw broken;
  let today;
  try {
    today = dayText(parseDay(assessment.as_of));
  } catch (error) {
    if (!(error instanceof NoTime)) throw error;
    refuse("standalone.page.problem.day", { value: assessment.as_of.slice(0, 60) });
  }
  return assessAgain(
    {
      title: assessment.title,
      plan,
      planDigest,
      packs: found,
      evidence: bundle.evidence,
      signers: bundle.signers,
      today,
      exceptions: bundle.exceptions,
      mode: assessment.gate.mode,
      previous: bundle.previous,
    },
    work,
  );
}

function _differences(stated, again) {
  const at = (problem, member = "assessment.json") => ({ member, problem, rests: [] });
  const before = new Map(stated.findings.map((finding) => [finding.requirement, finding]));
  const problems = [];
  for (const finding of again.findings) {
    const other = before.get(finding.requirement);
    before.delete(finding.requirement);
    if (other === undefined)
      problems.push(at(say("workflows.verify.finding_missing", { requirement: finding.requirement })));
    else if (!agrees(encodeRecord("Finding", other), encodeRecord("Finding", finding)))
      problems.push(..._findingDifferences(other, finding));
  }
  for (const requirement of before.keys()) problems.push(at(say("workflows.verify.finding_added", { requirement })));
  return problems;
}

const checksAgree = (stated, again) => agrees(encodeRecord("CheckResult", stated), encodeRecord("CheckResult", again));

function _findingDifferences(stated, again) {
  const requirement = _slug(again.requirement);
  const checks = new Map(stated.checks.map((check) => [check.check, check]));
  const problems = [];
  for (const check of again.checks) {
    const other = checks.get(check.check);
    if (other === undefined || checksAgree(other, check)) continue;
    const [before, after] = [_figure(other), _figure(check)];
    // What differs may stand behind the figure, such as the rows of a group.
    const same = inWords(before, "en") === inWords(after, "en");
    const key = same ? "workflows.verify.counts_differ" : "workflows.verify.verdict_differs";
    const problem = say(key, { requirement, check: check.check, stated: before, recomputed: after });
    problems.push({
      member: check.evidence ? `evidence/${check.evidence}.json` : "assessment.json",
      problem,
      rests: [],
    });
  }
  if (problems.length) return problems;
  const words = { stated: _statusWord(stated.status), recomputed: _statusWord(again.status) };
  return [
    {
      member: "assessment.json",
      problem: say("workflows.verify.status_differs", { requirement, ...words }),
      rests: [],
    },
  ];
}

function _figure({ status, value, low, high }) {
  const word = _statusWord(status);
  if ([value, low, high].some(isObject)) return say("workflows.verify.no_figure", { status: word });
  return say("workflows.verify.figure", { status: word, value, low, high });
}
