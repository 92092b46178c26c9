// What the reader is shown beside the three answers: who signed, every verdict twice, and what was checked.

/** Each key that signed: what, and whose it is by the directory. */
function _signersOf(bundle, directory) {
  const found = new Map();
  for (const { key, member, at } of _allSigners(bundle)) {
    if (!found.has(key))
      found.set(key, {
        key,
        manifest: false,
        records: 0,
        acceptances: 0,
        decision: false,
        checkpoint: false,
        standings: new Set(),
        entry: directory?.entries.get(key) ?? null,
      });
    const signer = found.get(key);
    if (member === MANIFEST) signer.manifest = true;
    else if (member === "exceptions") signer.acceptances += 1;
    else if (member === DECISION) signer.decision = true;
    else if (member === CHECKPOINT) signer.checkpoint = true;
    else signer.records += 1;
    if (signer.entry !== null) signer.standings.add(standing(signer.entry, at));
  }
  return [...found.values()].map((signer) => ({ ...signer, standings: [...signer.standings] }));
}

/** Slug of a requirement → its title in every language of its pack. */
function _titles(packs) {
  const read = [...packs.values()].filter((pack) => !(pack instanceof Refusal));
  return fromPairs(read.flatMap((pack) => pack.requirements.map(({ reference, title }) => [_slug(reference), title])));
}

/** Every verdict as it is stated and as it was made again. */
function _verdicts(bundle, packs, again, figures) {
  const read = new Set(figures.filter(({ origin }) => origin === "read").map(({ check }) => check));
  const titles = _titles(packs);
  const planned = new Map((bundle.plan?.checks ?? []).map((check) => [check.id, check]));
  const findings = new Map();
  for (const [side, assessment] of [
    ["stated", bundle.assessment],
    ["again", again],
  ]) {
    for (const finding of assessment?.findings ?? []) {
      for (const check of finding.checks) {
        const key = `${finding.requirement} ${check.check}`;
        const { requirement } = finding;
        const names = {
          requirement,
          title: titles[_slug(requirement)] ?? null,
          check: check.check,
          planned: planned.get(check.check) ?? null,
        };
        findings.set(key, { ...names, stated: null, again: null, ...findings.get(key), [side]: check });
      }
    }
  }
  return [...findings.values()].map((line) => ({
    ...line,
    read: read.has(line.check),
    agree: line.stated === null || line.again === null ? null : checksAgree(line.stated, line.again),
  }));
}

function _log({ bundle, packs, signatures, again, figures, work, directory, size, digest }) {
  const step = (name, values) => say(`standalone.page.log.${name}`, values);
  const read = [...packs.values()].filter((pack) => !(pack instanceof Refusal));
  const lines = [
    step("archive", { files: bundle.files.size, size }),
    step("fingerprint", { digest }),
    step("digests", { n: bundle.digests }),
    step(signatures.able ? "signatures" : "no_signatures", { n: signatures.checked }),
    directory === null ? step("no_directory") : step("directory", { n: directory.entries.size }),
    step("records", { n: bundle.evidence.size }),
    step("packs", { n: read.length, requirements: read.reduce((sum, pack) => sum + pack.requirements.length, 0) }),
  ];
  if (bundle.seal !== null) lines.push(step("ledger", { sequence: bundle.seal.sequence }));
  if (again !== null) {
    const results = again.findings.flatMap((finding) => finding.checks);
    const groups = results.reduce((sum, check) => sum + check.groups.length, 0);
    const read = figures.filter(({ origin }) => origin === "read").length;
    lines.push(step("verdicts", { n: results.length - read, groups, findings: again.findings.length }));
    if (read) lines.push(step("read", { n: read }));
    if (work.drawn) lines.push(step("draws", { n: work.drawn }));
  }
  return [...lines, step("not_here")];
}
