// Overlays: what a company changes in a pack. Law, standards and company policy can only be tightened.

const EVIDENCE_CHANGES = ["max_age_days", "least_assurance", "rule"];
const CHECK_CHANGES = [
  "threshold",
  "margin",
  "confidence",
  "severity",
  "min_rows",
  "coverage_min",
  "method",
  "family_met",
  "reference",
  "confirmed",
  "set_by",
  "why",
  "source",
  "alternatives",
];
const TEXT_CHANGES = ["set_by", "why", "source", "alternatives"];
const STRICTNESS = {
  severity: ["minor", "major", "critical"],
  method: ["mover", "box"],
  family_met: ["none", "holm"],
  least_assurance: ["self", "pipeline", "second_person", "independent"],
  rule: ["any", "all"],
};

/** `base` with the changes of the overlay in `bytes`. */
async function overlaid(base, bytes, file) {
  const reader = new PackReader(file, base.languages);
  const root = reader.map(readYaml(bytes, file));
  const written = reader.record("OverlayFile", root);
  if (written.of !== base.reference)
    _refuseAt(written, "of", "overlay.other_base", { of: written.of, base: base.reference });
  const free = base.authority === "sample";
  const requirements = new Map(base.requirements.map((each) => [each.urn.split(":").at(-1), each]));
  for (const slug of written.remove) {
    if (!requirements.has(slug)) _unknownRequirement(written, "remove", slug, requirements);
    if (!free) _refuseAt(written, "remove", "overlay.removes", { slug, authority: base.authority });
    requirements.delete(slug);
  }
  const seen = new Set();
  for (const change of written.changes) {
    const target = JSON.stringify([change.requirement, change.check]);
    if (seen.has(target)) _refuseAt(change, "requirement", "overlay.twice", { slug: change.requirement });
    seen.add(target);
    _change(change, requirements, free, base.authority);
  }
  const pack = {
    ...base,
    urn: written.overlay,
    version: written.version,
    authority: free ? written.authority : base.authority,
    title: written.title ?? base.title,
    summary: written.summary ?? base.summary,
    sources: [...base.sources, ...written.sources],
    facts: [...base.facts, ...written.facts],
    groups: [...base.groups, ...written.groups],
    requirements: [...requirements.values(), ...written.add],
    digest: await digestJson([base.digest, await digestBytes(bytes)]),
  };
  _places.set(pack, { file, node: root });
  return named(checkPack(pack));
}

function _unknownRequirement(record, key, slug, requirements) {
  _refuseAt(record, key, "overlay.requirement_unknown", { slug, nearest: [...requirements.keys()].sort() });
}

const _given = (change, fields) =>
  Object.fromEntries(fields.filter((name) => change[name] !== null).map((name) => [name, change[name]]));

function _change(change, requirements, free, authority) {
  const slug = change.requirement;
  const requirement = requirements.get(slug);
  if (requirement === undefined) _unknownRequirement(change, "requirement", slug, requirements);
  const [evidence, other] = [_given(change, EVIDENCE_CHANGES), _given(change, CHECK_CHANGES)];
  if (Object.keys(evidence).length + Object.keys(other).length === 0)
    _refuseAt(change, "requirement", "overlay.nothing", { slug });
  const compare = (before, after, operator = "<=") => {
    for (const [key, value] of Object.entries(after)) {
      if (!free && _isLooser(key, before[key], value, operator)) {
        const where = change.check === null ? slug : `${slug}/${change.check}`;
        const shown = [before[key], value].map((each) => (isObject(each) ? "…" : (each ?? "–")));
        _refuseAt(change, key, "overlay.looser", { where, key, before: shown[0], after: shown[1], authority });
      }
    }
  };
  compare(requirement.evidence, evidence);
  const changed = { ...requirement, evidence: { ...requirement.evidence, ...evidence } };
  if (change.check === null) {
    const homeless = Object.keys(other)
      .filter((key) => key !== "severity")
      .sort();
    if (homeless.length) _refuseAt(change, homeless[0], "overlay.no_check", { keys: homeless });
    compare(requirement, other);
    Object.assign(changed, other);
  } else {
    changed.checks = _changedChecks(requirement, change, other, compare);
  }
  const place = _places.get(change);
  for (const record of [changed, changed.evidence]) _places.set(record, place);
  requirements.set(slug, changed);
}

function _changedChecks(requirement, change, given, compare) {
  const names = requirement.checks.map((check) => check.id);
  const place = names.indexOf(change.check);
  if (place < 0)
    _refuseAt(change, "check", "overlay.check_unknown", {
      check: change.check,
      slug: change.requirement,
      nearest: names,
    });
  const moved = ["threshold", "margin", "confidence", "confirmed"].some((key) => key in given);
  const unsaid = ["set_by", "why"].filter((key) => !(key in given));
  if (moved && unsaid.length) _refuseAt(change, "check", "overlay.unsaid", { keys: unsaid, slug: change.requirement });
  const before = requirement.checks[place];
  compare(before, given, before.operator);
  const after = { ...before, ...given };
  _places.set(after, _places.get(change));
  return requirement.checks.with(place, after);
}

/** Whether `after` asks for less than `before`; a change of which neither can be said counts as looser. */
function _isLooser(key, before, after, operator) {
  if (TEXT_CHANGES.includes(key) || before === after) return false;
  if (key in STRICTNESS) return STRICTNESS[key].indexOf(after) < STRICTNESS[key].indexOf(before);
  if (key === "confirmed") return before;
  if (key === "threshold") return operator === "<=" ? after > before : after < before;
  if (key === "confidence" || key === "coverage_min") return after < before;
  if (["margin", "max_age_days", "min_rows"].includes(key)) return after > before;
  return true;
}
