// Policy packs: from YAML nodes to records by the published fields. PACK_RECORDS is made from the records of the house
// when the page is put together: record → field → [type, required, default].

const PACK_FILE = "pack.yaml";
const OVERLAY_FILE = "overlay.yaml";
const TRIAGE_FILE = "triage.yaml";
const LARGEST_PACK = 50 * 2 ** 20;
const MOST_PACK_FILES = 500;
const WHOLE_NUMBER = /^[-+]?[0-9]{1,15}$/;
const ANY_NUMBER = /^[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?$/;
const NOTHING = ["", "~", "null"];

/** Where each record was written, for messages. */
const _places = new WeakMap();

class PackReader {
  constructor(file, languages = []) {
    this.file = file;
    this.languages = languages;
  }

  refuse(line, key, values = {}) {
    refuse("packs.at", { place: `${this.file}:${line}`, problem: say(`packs.${key}`, values) });
  }

  map(node, name = this.file) {
    return node.kind === "map"
      ? node
      : this.refuse(node.line, "value.not_mapping", { key: name, value: _shownNode(node) });
  }

  scalar(node, name) {
    return node.kind === "scalar"
      ? node.text
      : this.refuse(node.line, "value.not_scalar", { key: name, value: _shownNode(node) });
  }

  record(kind, node, without = []) {
    const { entries, line } = this.map(node);
    const fields = Object.entries(PACK_RECORDS[kind]).filter(([name]) => !without.includes(name));
    const known = fields.map(([name]) => name);
    for (const [name, entry] of entries) {
      if (!known.includes(name)) this.refuse(entry.line, "key.unknown", { key: name.slice(0, 60), nearest: known });
    }
    const missing = fields.filter(([name, [, required]]) => required && !entries.has(name)).map(([name]) => name);
    if (missing.length) this.refuse(line, "key.missing", { keys: missing });
    const made = {};
    for (const [name, [type, , standard]] of fields) {
      made[name] = entries.has(name) ? this.value(type, entries.get(name).node, name) : structuredClone(standard);
    }
    _places.set(made, { file: this.file, node });
    return made;
  }

  value(type, node, name) {
    if (type === "any") return this.free(node);
    if (type === "text") return this.languages.length ? this.text(node, name) : this.pairs(null, "string", node, name);
    if (typeof type === "string") return this.plain(type, this.scalar(node, name), node.line, name);
    const [kind, inner, other] = type;
    if (kind === "optional")
      return node.kind === "scalar" && node.plain && NOTHING.includes(node.text) ? null : this.value(inner, node, name);
    if (kind === "one") return this.choice(inner, this.scalar(node, name), node.line, name);
    if (kind === "record") return this.record(inner, node);
    if (kind === "map") return this.pairs(inner, other, node, name);
    if (node.kind !== "list") this.refuse(node.line, "value.not_list", { key: name, value: _shownNode(node) });
    return node.items.map((item) => this.value(inner, item, name));
  }

  plain(type, text, line, name) {
    if (type === "string") return text.trim() ? text : this.refuse(line, "value.empty", { key: name });
    if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
    if (type === "integer" && WHOLE_NUMBER.test(text)) return Number(text);
    if (type === "number" && ANY_NUMBER.test(text) && Number.isFinite(Number(text))) return Number(text);
    return this.refuse(line, `value.type.${type}`, { key: name, value: text.slice(0, 60) });
  }

  choice(allowed, text, line, name) {
    return allowed.includes(text)
      ? text
      : this.refuse(line, "value.not_allowed", { key: name, value: text.slice(0, 60), allowed });
  }

  /** A text in every language that the pack declares. */
  text(node, name) {
    const { entries, line } = this.map(node, name);
    const languages = this.languages;
    const missing = languages.filter((language) => !entries.has(language));
    if (missing.length) this.refuse(line, "text.language_missing", { key: name, languages: missing });
    const found = fromPairs([]);
    for (const [language, entry] of entries) {
      if (!languages.includes(language))
        this.refuse(entry.line, "text.language_unknown", { key: name, language, languages });
      found[language] = this.scalar(entry.node, name);
      if (!found[language].trim()) this.refuse(entry.line, "text.empty", { key: name, language });
    }
    return found;
  }

  pairs(allowed, type, node, name) {
    const found = fromPairs([]);
    for (const [key, entry] of this.map(node, name).entries) {
      if (allowed !== null && !allowed.includes(key))
        this.refuse(entry.line, "key.unknown", { key: key.slice(0, 60), nearest: allowed });
      found[key] = this.value(type, entry.node, key);
    }
    return found;
  }

  /** A parameter of a measure, of which the pack knows no type. */
  free(node) {
    if (node.kind === "list") return node.items.map((item) => this.free(item));
    if (node.kind === "map") return fromPairs(Array.from(node.entries, ([key, entry]) => [key, this.free(entry.node)]));
    if (!node.plain) return node.text;
    if (node.text === "true" || node.text === "false") return node.text === "true";
    if (NOTHING.includes(node.text)) return null;
    return ANY_NUMBER.test(node.text) && Number.isFinite(Number(node.text)) ? Number(node.text) : node.text;
  }
}

const _shownNode = (node) => {
  if (node.kind === "scalar") return node.text.slice(0, 60);
  if (node.kind === "list") return say("packs.shape.list", { n: node.items.length });
  return say("packs.shape.mapping", { keys: [...node.entries.keys()].join(", ").slice(0, 60) });
};

/** `file:line` of a record or of one of its keys. */
function placeOf(record, key = "") {
  const found = _places.get(record);
  if (found === undefined) return "";
  return `${found.file}:${found.node.entries?.get(key)?.line ?? found.node.line}`;
}

const _expectedFile = (file) =>
  file === PACK_FILE ||
  file === OVERLAY_FILE ||
  file === TRIAGE_FILE ||
  (/^requirements\/[^/]+\.yaml$/.test(file) && file !== "requirements/.yaml");

/** The pack in `files` (file name → bytes); `name` is how messages call it. A Refusal where it breaks a rule. */
async function readPack(files, name) {
  const base = new Map([...files].filter(([file]) => file !== OVERLAY_FILE));
  if (!base.has(PACK_FILE)) refuse("packs.folder.no_pack_yaml", { folder: name });
  for (const file of base.keys()) {
    if (!_expectedFile(file)) refuse("packs.folder.unexpected_file", { place: `${name}/${file}` });
  }
  if (base.size > MOST_PACK_FILES)
    refuse("packs.folder.too_many_files", { folder: name, count: base.size, limit: MOST_PACK_FILES });
  const size = [...base.values()].reduce((sum, bytes) => sum + bytes.length, 0);
  if (size > LARGEST_PACK) refuse("packs.folder.too_large", { folder: name, size, limit: LARGEST_PACK });
  const pack = _build(base, name);
  const digests = [];
  for (const file of sortedTexts(base.keys())) digests.push([file, await digestBytes(base.get(file))]);
  pack.digest = await digestJson(digests);
  return files.has(OVERLAY_FILE) ? overlaid(pack, files.get(OVERLAY_FILE), `${name}/${OVERLAY_FILE}`) : pack;
}

function _build(files, name) {
  const file = `${name}/${PACK_FILE}`;
  const root = readYaml(files.get(PACK_FILE), file);
  const declared = root.kind === "map" ? root.entries.get("languages")?.node : undefined;
  const languages =
    declared?.kind === "list" ? declared.items.filter((item) => item.kind === "scalar").map((item) => item.text) : [];
  const pack = new PackReader(file, languages).record("Pack", root, ["digest", "requirements"]);
  pack.requirements = [];
  for (const part of sortedTexts(files.keys())) {
    if (part === PACK_FILE || part === TRIAGE_FILE) continue;
    pack.requirements.push(..._requirements(files.get(part), `${name}/${part}`, languages));
  }
  const order = new Map(pack.groups.map((group, place) => [group.id, place]));
  const place = (requirement) => order.get(requirement.group) ?? order.size;
  pack.requirements.sort((first, second) => place(first) - place(second));
  return named(checkPack(pack));
}

/** Give a pack and its requirements the names that are made from their fields. */
function named(pack) {
  pack.name = pack.urn.split(":").at(-1);
  pack.reference = `${pack.name}@${pack.version}`;
  for (const requirement of pack.requirements) requirement.reference = `${requirement.urn}@${requirement.version}`;
  return pack;
}

function _requirements(bytes, file, languages) {
  const reader = new PackReader(file, languages);
  const { entries, line } = reader.map(readYaml(bytes, file));
  for (const [key, entry] of entries) {
    if (key !== "requirements")
      reader.refuse(entry.line, "key.unknown", { key: key.slice(0, 60), nearest: ["requirements"] });
  }
  if (!entries.has("requirements")) reader.refuse(line, "key.missing", { keys: ["requirements"] });
  return reader.value(["list", ["record", "Requirement"]], entries.get("requirements").node, "requirements");
}
