// The page itself: files come in by a button or are dropped, the result stands below, in the reader's language.

const LANGUAGES = ["en", "ja"];

const page = {
  language: LANGUAGES.find((language) => (navigator.language ?? "").toLowerCase().startsWith(language)) ?? "en",
  bundle: null,
  keys: null,
  work: null,
  result: null,
  step: null,
};

const byId = (identifier) => document.getElementById(identifier);
const words = (key, values = {}) => inWords(say(`standalone.page.${key}`, values), page.language);

/** Say everything in the chosen language, the result too. */
function speak(language) {
  page.language = language;
  document.documentElement.lang = language;
  for (const item of document.querySelectorAll("[data-say]")) {
    item.textContent = inWords(say(item.dataset.say, { release: item.dataset.release ?? "" }), language);
  }
  for (const item of document.querySelectorAll("[data-say-label]"))
    item.setAttribute("aria-label", inWords(say(item.dataset.sayLabel), language));
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
  showFiles();
  if (page.step !== null) byId("step").textContent = inWords(page.step, language);
  if (page.result !== null) showResult();
}

function showFiles() {
  for (const [name, file] of [
    ["bundle", page.bundle],
    ["keys", page.keys],
  ]) {
    byId(`${name}-name`).textContent = file === null ? "" : words("chosen", { name: file.name, size: file.size });
  }
  byId("remove-keys").hidden = page.keys === null;
}

function showResult() {
  const view = new ResultView(page.result, page.language);
  byId("result").replaceChildren(...view.parts());
  byId("status").textContent = view.spoken();
}

/** Check what was chosen; an earlier check that still runs is stopped. */
async function check() {
  page.work?.stop();
  if (page.bundle === null) return;
  const work = new Work((message, share) => showStep(work, message, share));
  work.today = new Date().toISOString().slice(0, 10);
  page.work = work;
  page.result = null;
  byId("result").replaceChildren();
  byId("status").textContent = "";
  byId("working").hidden = false;
  const result = await checkFiles(page.bundle, page.keys, work);
  if (page.work !== work) return;
  page.work = null;
  page.step = null;
  byId("working").hidden = true;
  if (result === null) {
    byId("status").textContent = words("stopped");
    return;
  }
  page.result = result;
  showResult();
  byId("result").scrollIntoView({
    block: "start",
    behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth",
  });
}

function showStep(work, message, share) {
  if (page.work !== work || message === null) return;
  page.step = message;
  byId("step").textContent = inWords(message, page.language);
  if (share === null) byId("progress").removeAttribute("value");
  else byId("progress").value = share;
}

async function checkFiles(bundle, keys, work) {
  work.directoryName = keys?.name ?? "";
  work.tell(say("standalone.page.progress.reading"));
  try {
    if (bundle.size > LARGEST_BUNDLE)
      refuse("assessment.archive.too_large", { size: bundle.size, limit: LARGEST_BUNDLE });
    if (keys !== null && keys.size > LARGEST_DOCUMENT) {
      refuse("evidence.json.too_large", { what: keys.name, size: keys.size, limit: LARGEST_DOCUMENT });
    }
    const bytes = async (file) => new Uint8Array(await file.arrayBuffer());
    return await checkBytes(await bytes(bundle), keys === null ? null : await bytes(keys), work);
  } catch (error) {
    return _failed(error, "unreadable");
  }
}

/** The result for bytes at hand, {refused} where they cannot be checked, or null where the work was stopped. */
async function checkBytes(bytes, directoryBytes, work = new Work()) {
  if (globalThis.crypto?.subtle === undefined)
    return { refused: { message: say("standalone.page.insecure"), keys: false } };
  try {
    return await verifyBundle(bytes, directoryBytes, work);
  } catch (error) {
    return _failed(error, "problem.unexpected");
  }
}

function _failed(error, key) {
  if (error instanceof Stopped) return null;
  const what = String(error?.message ?? error);
  const message = error instanceof Refusal ? error.said : say(`standalone.page.${key}`, { what, problem: what });
  return { refused: { message, keys: error instanceof Refusal && error.keys === true } };
}

/** Whether a dropped file is a key directory: it begins as JSON does, and a ZIP file does not. */
async function _isDirectory(file) {
  const [first] = new Uint8Array(await file.slice(0, 1).arrayBuffer());
  return first === 0x7b;
}

async function take(files) {
  for (const file of files) {
    let isDirectory;
    try {
      isDirectory = await _isDirectory(file);
    } catch (error) {
      page.result = _failed(error, "unreadable"); // a folder, for example
      showResult();
      return;
    }
    page[isDirectory ? "keys" : "bundle"] = file;
  }
  showFiles();
  await check();
}

function listen() {
  for (const name of ["bundle", "keys"]) {
    const input = byId(name);
    input.addEventListener("change", () => {
      const [file] = input.files;
      input.value = ""; // so that the same file can be chosen again
      if (file === undefined) return;
      page[name] = file;
      showFiles();
      void check();
    });
  }
  byId("remove-keys").addEventListener("click", () => {
    page.keys = null;
    showFiles();
    byId("keys").focus();
    void check();
  });
  byId("stop").addEventListener("click", () => {
    page.work?.stop();
    byId("bundle").focus();
  });
  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", () => speak(button.dataset.language));
  }
  const over = (is) => document.body.classList.toggle("dropping", is);
  addEventListener("dragover", (event) => {
    event.preventDefault();
    over(true);
  });
  addEventListener("dragleave", (event) => over(event.relatedTarget !== null));
  addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    void take([...event.dataTransfer.files]);
  });
}

listen();
speak(page.language);

function checkAsOf(bytes, directoryBytes = null, today = null) {
  return checkBytes(bytes, directoryBytes, Object.assign(new Work(), { today }));
}

/** For tests and scripts: the result for bytes, and the arithmetic behind it; nothing that the page cannot do. */
globalThis.hakariVerify = Object.assign(checkAsOf, {
  words: inWords,
  tools: Object.freeze({
    clopperPearson: (x, n, error) => [clopperPearsonLower(x, n, error), clopperPearsonUpper(x, n, error)],
    normalTail,
    studentTail,
    yaml: readYaml,
    pack: (files, name) => readPack(new Map(Object.entries(files)), name),
    expression: (source, stated, domains) =>
      evaluateExpression(compileExpression(source), fromPairs(Object.entries(stated)), domains),
    draws: async (seed, names, n, shares, times) => {
      const random = await namedStream(seed, ...names);
      return Array.from({ length: times }, () => {
        const counts = new Float64Array(shares.length);
        drawMultinomial(random, n, shares, counts);
        return Array.from(counts);
      });
    },
  }),
});
