// The case bundle, read to its end after a fault, so that every changed file is named and not only the first.

const MANIFEST = "manifest.json";
const EVIDENCE_TYPE = "urn:hakari:predicate:evidence:1";
const EXCEPTION_TYPE = "urn:hakari:predicate:exception:1";
const MANIFEST_TYPE = "urn:hakari:predicate:case-bundle:1";

/** What a bundle holds, as far as it can be read, with every fault; a Refusal where it is no bundle at all. */
async function readBundle(bytes, signatures, work) {
  const { files, problems } = await unpackArchive(bytes, work);
  if (![MANIFEST, "assessment.json", "plan.json"].every((name) => files.has(name))) refuse("assessment.bundle.not_one");
  const reader = new BundleReader(files, signatures, work);
  for (const problem of problems) reader.fault("", problem);
  await reader.readKeys();
  const manifest = await reader.readManifest();
  await reader.checkNames();
  const plan = reader.document("plan.json", "Plan");
  const assessment = reader.document("assessment.json", "Assessment");
  const { evidence, signers } = await reader.readEvidence();
  const exceptions = await reader.readExceptions();
  const decided = await readDecision(reader, manifest, { plan, assessment, evidence });
  return {
    ...decided,
    files,
    plan,
    assessment,
    evidence,
    signers,
    exceptions,
    previous: files.has("previous.json") ? reader.document("previous.json", "Assessment") : null,
    packFiles: reader.packFiles(plan),
    signedBy: manifest.keyIds,
    createdAt: manifest.createdAt,
    faults: reader.faults,
    digests: reader.digests,
  };
}

class BundleReader {
  constructor(files, signatures, work) {
    this.files = files;
    this.signatures = signatures;
    this.work = work;
    this.faults = [];
    this.keys = new Map();
    this.digests = 0;
  }

  fault(member, problem) {
    this.faults.push({ member, problem });
  }

  /** Run `read`; what it refuses becomes a fault of the member. */
  async attempt(member, read) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.fault(member, error.said);
      return undefined;
    }
  }

  async readKeys() {
    await this.attempt("keys.json", async () => {
      const listed = this.files.has("keys.json") ? parseJson(this.files.get("keys.json"), "keys.json")?.keys : [];
      const items = isObject(listed) ? Object.keys(listed) : typeof listed === "string" ? [...listed] : listed;
      if (!Array.isArray(items)) refuse("text", { text: detail("keys") });
      this.keys = await keysById(items);
    });
  }

  async readManifest() {
    const opened = await this.attempt(MANIFEST, () => this.openManifest());
    // Signed or not, its list still names what was changed: without it a changed list of keys would hide itself.
    const manifest = opened ?? this.manifestUnchecked();
    const { listed } = manifest;
    if (opened === undefined && Object.keys(listed).length === 0) return manifest;
    const [stated, found] = [Object.keys(listed), [...this.files.keys()]];
    for (const name of sortedTexts(stated.filter((each) => !this.files.has(each)))) {
      this.fault(name, say("assessment.bundle.removed", { member: name }));
    }
    for (const name of sortedTexts(found.filter((each) => !(each in listed) && each !== MANIFEST))) {
      this.fault(name, say("assessment.bundle.added", { member: name }));
    }
    for (const name of sortedTexts(stated.filter((each) => this.files.has(each)))) {
      if ((await this.digest(name)) !== listed[name])
        this.fault(name, say("assessment.bundle.changed", { member: name }));
    }
    return manifest;
  }

  async openManifest() {
    const { predicate, keyIds } = await this.envelope(MANIFEST, MANIFEST_TYPE);
    const lacking = () => refuse("evidence.envelope.malformed", { what: MANIFEST, problem: detail("manifest_fields") });
    if (!isObject(predicate) || !("schema" in predicate)) lacking();
    if (predicate.schema !== 1 && predicate.schema !== true) {
      refuse("assessment.bundle.schema", { schema: predicate.schema });
    }
    if (!("files" in predicate) || !("created_at" in predicate)) lacking();
    if (!isObject(predicate.files) || typeof predicate.created_at !== "string") refuse("assessment.bundle.not_one");
    const { files, created_at: createdAt, decision = null } = predicate;
    return { listed: files, keyIds, createdAt, decision, holds: true };
  }

  manifestUnchecked() {
    const found = openUnchecked(this.files.get(MANIFEST), MANIFEST, MANIFEST_TYPE);
    const { files, decision = null } = isObject(found) ? found : {};
    return { listed: isObject(files) ? files : {}, keyIds: [], createdAt: "", decision, holds: false };
  }

  envelope(name, type) {
    return openEnvelope(this.files.get(name), name, type, this.keys, this.signatures);
  }

  async digest(name) {
    await this.work.pause();
    this.digests += 1;
    return digestBytes(this.files.get(name));
  }

  async checkNames() {
    for (const name of this.files.keys()) {
      if (!/^(attachments|exceptions)\//.test(name)) continue;
      const stated = name.slice(name.indexOf("/") + 1).replace(/\.json$/, "");
      if ((await this.digest(name)) !== stated) this.fault(name, say("assessment.bundle.wrong_id", { member: name }));
    }
  }

  document(name, kind) {
    try {
      const value = parseJson(this.files.get(name), name);
      if (!isCanonical(value, this.files.get(name)))
        this.fault(name, say("assessment.bundle.not_canonical", { member: name }));
      return this.decoded(kind, value, name);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.fault(name, error.said);
      return null;
    }
  }

  /** A record; written otherwise than it is read ("5" for 5) it is read, and said to be so. */
  decoded(kind, value, name) {
    const record = decodeRecord(kind, value, name);
    if (!_faithful(value, encodeRecord(kind, record))) {
      this.fault(name, say("assessment.bundle.not_canonical", { member: name }));
    }
    return record;
  }

  async readEvidence() {
    const [evidence, signers] = [new Map(), new Map()];
    for (const name of this.under("evidence/")) {
      const identifier = name.slice("evidence/".length).replace(/\.json$/, "");
      const opened = await this.open(name, EVIDENCE_TYPE);
      if (opened === undefined) continue;
      const record = await this.attempt(name, () => this.decoded("Evidence", opened.predicate, name));
      if (record === undefined) continue;
      evidence.set(identifier, record);
      if ((await digestJson(opened.predicate)) !== identifier) {
        this.fault(name, say("assessment.bundle.wrong_id", { member: name }));
      }
      if (opened.keyIds.length) signers.set(identifier, opened.keyIds[0]);
    }
    return { evidence, signers };
  }

  async readExceptions() {
    const found = [];
    for (const name of this.under("exceptions/")) {
      const opened = await this.open(name, EXCEPTION_TYPE);
      if (opened === undefined) continue;
      const record = await this.attempt(name, () => this.decoded("Exception_", opened.predicate, name));
      if (record === undefined) continue;
      if (opened.keyIds.length !== 1 || opened.keyIds[0] !== record.key) {
        this.fault(name, say("assessment.bundle.exception_key", { member: name }));
      } else {
        found.push(record);
      }
    }
    return found;
  }

  under(folder) {
    return sortedTexts([...this.files.keys()].filter((name) => name.startsWith(folder)));
  }

  /** An envelope; if only its form or signature fails, that is said and what it carries is shown all the same. */
  async open(name, type) {
    await this.work.pause();
    const opened = await this.attempt(name, () => this.envelope(name, type));
    if (opened !== undefined) return opened;
    const predicate = openUnchecked(this.files.get(name), name, type);
    return predicate === undefined ? undefined : { predicate, keyIds: [], subjects: [] };
  }

  /** `name@version` → file name → bytes, for the packs that the plan pins. */
  packFiles(plan) {
    const packs = new Map();
    for (const { name, version } of plan === null ? [] : plan.packs) {
      const prefix = `packs/${name}-${version}/`;
      const mine = [...this.files].filter(([member]) => member.startsWith(prefix));
      packs.set(`${name}@${version}`, new Map(mine.map(([member, bytes]) => [member.slice(prefix.length), bytes])));
    }
    return packs;
  }
}

/** Whether each value stands in a document as it was read. */
function _faithful(written, read) {
  if (isObject(written)) {
    return isObject(read) && Object.keys(written).every((name) => name in read && _faithful(written[name], read[name]));
  }
  if (Array.isArray(written)) {
    return (
      Array.isArray(read) &&
      written.length === read.length &&
      written.every((item, place) => _faithful(item, read[place]))
    );
  }
  return written === read;
}
