// The result: three answers, who signed, what is wrong and what rests on it, every verdict, and what was checked.

const MOST_LINES = 200;
const SHORT_NAME = 21;
const KEY_FAULT = "workflows.verify.key_standing";

/** A stated time as people write it; any other text as it is. */
const _time = (text) => oneLine(text).replace(/^([0-9-]{10})T([0-9:]{5})(?::00)?(?:Z|\+00:00)$/, "$1 $2 UTC");

class ResultView {
  constructor(result, language) {
    this.result = result;
    this.language = language;
  }

  say(key, values = {}) {
    return inWords(say(`standalone.page.${key}`, values), this.language);
  }

  told(message) {
    return inWords(message, this.language);
  }

  /** All parts, in the order in which they are read. */
  parts() {
    const { refused } = this.result;
    if (refused !== undefined) return [this.refusal(refused)];
    const found = [this.answers(), decisionSection(this), this.faults(), this.read()];
    const parts = [...found, this.signers(), this.verdicts(), this.log()];
    return parts.filter((part) => part !== null);
  }

  /** The one sentence that is read out. */
  spoken() {
    const { refused, levels } = this.result;
    if (refused !== undefined) return this.say("refused_spoken", { problem: refused.message });
    const [genuine, recomputed, rerun] = levels.map(({ status }) => this.say(`status.${status}`));
    return this.say("spoken", { genuine, recomputed, rerun });
  }

  refusal({ message, keys }) {
    const means = this.say(keys ? "refused_keys" : "refused_means");
    const heading = element("h2", { id: "refused" }, this.say("refused"));
    return element(
      "section",
      { class: "told", "aria-labelledby": "refused" },
      heading,
      element("p", {}, this.told(message)),
      element("p", { class: "quiet" }, means),
    );
  }

  answers() {
    const { title, levels } = this.result;
    const about = title === null ? null : element("p", { class: "about" }, this.say("result_of", { title }));
    return section(
      "answers",
      this.say("result"),
      about,
      element(
        "ol",
        { class: "answers" },
        levels.map((level) => this.answer(level)),
      ),
    );
  }

  answer({ name, status, summary }) {
    const short = name.replace("-", "");
    const [sign, tone] = LOOKS[status];
    const word = this.say(`status.${status}`);
    return element(
      "li",
      { class: `answer tone-${tone}`, "data-level": name, "data-status": status },
      element("h3", {}, this.say(`level.${short}`)),
      element(
        "p",
        { class: word.length > 12 ? "answer-word answer-long" : "answer-word" },
        signOf(sign),
        element("span", { class: "status-word" }, word),
      ),
      element("p", { class: "asks" }, this.say(`asks.${short}`)),
      element("p", { class: "says" }, this.told(summary)),
      name === "re-run" ? this.command() : null,
      name === "genuine" && this.result.able ? element("p", { class: "by" }, this.signedBy()) : null,
      status === "yes" ? element("p", { class: "caveat" }, this.say("caveat")) : null,
    );
  }

  /** A command whose words stay whole where the line ends. */
  command() {
    const parts = this.say("rerun_command").split(" ");
    const words = parts.map((part) => element("span", { class: "whole" }, part));
    return element(
      "p",
      {},
      element(
        "code",
        {},
        words.flatMap((word, place) => (place === 0 ? [word] : [" ", word])),
      ),
    );
  }

  // ---------------------------------------------------------------- who signed

  signers() {
    const { signers, able } = this.result;
    const lead = element("p", { class: "signed" }, able ? this.signedBy() : this.say("signers_unchecked"));
    return section(
      "signers",
      this.say("signers"),
      lead,
      element(
        "ul",
        { class: "signers" },
        signers.map((signer) => this.signer(signer)),
      ),
    );
  }

  /** Who signed the bundle as a whole, and how the key stood then. */
  signedBy() {
    const { signed } = this.result;
    const standing = /^workflows\.verify\.key\.(.+)$/.exec(signed.key)?.[1];
    return standing === undefined ? this.told(signed) : this.say(`signed.${standing}`, { name: signed.arguments.name });
  }

  signer({ key, manifest, records, acceptances, decision, checkpoint, standings, entry }) {
    const what = [
      manifest ? this.say("signer_manifest") : null,
      records ? this.say("signer_records", { n: records }) : null,
      acceptances ? this.say("signer_acceptances", { n: acceptances }) : null,
      decision ? this.say("signer_decision") : null,
      checkpoint ? this.say("signer_checkpoint") : null,
    ].filter((part) => part !== null);
    const lines = [[this.say("signer_signed"), what.join(JOINED[this.language])]];
    if (entry !== null) {
      const span = entry.until === null ? "signer_open" : "signer_span";
      lines.push([
        this.say("signer_valid"),
        this.say(span, { since: _time(entry.from), until: _time(entry.until ?? "") }),
      ]);
      lines.push([
        this.say("signer_revoked"),
        entry.revoked === null ? this.say("signer_never") : _time(entry.revoked),
      ]);
      lines.push([this.say("signer_standing"), standings.map((name) => this.standing(name))]);
    }
    lines.push([this.say("signer_key"), element("code", {}, key)]);
    const name = entry === null ? this.say("signer_unknown") : oneLine(entry.name);
    return element("li", { class: "signer" }, element("h3", {}, name), pairs(lines));
  }

  standing(name) {
    const word = name === "valid" ? this.say("standing.valid") : this.told(say(`workflows.verify.standing.${name}`));
    return element("p", {}, chip(name === "valid" ? "yes" : "no", word));
  }

  // ---------------------------------------------------------------- what is wrong

  faults() {
    const wrong = this.result.levels.filter(({ problems }) => problems.length > 0);
    if (wrong.length === 0) return null;
    const groups = wrong.flatMap(({ name, problems }) => {
      const level = this.say(`level.${name.replace("-", "")}`);
      const [ofKeys, others] = [true, false].map((is) =>
        problems.filter(({ problem }) => (problem.key === KEY_FAULT) === is),
      );
      return [
        element("h3", {}, this.say("faults_of", { level, n: problems.length })),
        element("ul", { class: "faults" }, this.members(others), this.keyFaults(ofKeys)),
      ];
    });
    return section("faults", this.say("faults"), groups);
  }

  members(problems) {
    return this.cut([...Map.groupBy(problems, ({ member }) => member)], ([member, mine]) => this.fault(member, mine));
  }

  /** A key that did not count taints every file that it signed: that is said once, the files can be unfolded. */
  keyFaults(problems) {
    const keys = Map.groupBy(problems, ({ problem }) => `${problem.arguments.name} ${problem.arguments.standing.key}`);
    return [...keys.values()].map((mine) => {
      const { name, standing } = mine[0].problem.arguments;
      const told = this.say("key_fault", { n: mine.length, name, standing });
      const details = element(
        "details",
        {},
        element("summary", {}, this.say("key_files", { n: mine.length })),
        element("ul", { class: "faults" }, this.members(mine)),
      );
      return element("li", { class: "fault" }, element("p", {}, told), details);
    });
  }

  /** So many lines that they can be read; of the others their number. */
  cut(items, make) {
    const made = items.slice(0, MOST_LINES).map(make);
    const left = items.length - made.length;
    return left > 0 ? [...made, element("li", {}, this.say("more", { n: left }))] : made;
  }

  /** A message in which requirement and check are called as people call them. */
  named({ key, arguments: values }) {
    const { titles, verdicts } = this.result;
    const title = Object.hasOwn(titles, values.requirement ?? "") ? titles[values.requirement] : null;
    const planned = verdicts.find((line) => line.check === values.check)?.planned ?? null;
    return say(key, {
      ...values,
      ...(title === null ? {} : { requirement: this.title(title) }),
      ...(planned === null ? {} : { check: checkName(planned) }),
    });
  }

  title(texts) {
    return oneLine(texts[this.language] ?? texts.en ?? Object.values(texts)[0] ?? "");
  }

  fault(member, problems) {
    const rests = [
      ...new Set(problems.flatMap((problem) => problem.rests.map((rest) => this.told(this.named(_asRest(rest)))))),
    ];
    return element(
      "li",
      { class: "fault" },
      element("h4", {}, member === "" ? this.say("whole") : oneLine(member)),
      element(
        "ul",
        {},
        this.cut(problems, ({ problem }) => element("li", {}, this.told(this.named(_shortened(problem, member))))),
      ),
      rests.length === 0
        ? null
        : element(
            "div",
            { class: "rests" },
            element("p", {}, this.say("rests")),
            element(
              "ul",
              {},
              this.cut(rests, (rest) => element("li", {}, rest)),
            ),
          ),
    );
  }

  // ---------------------------------------------------------------- what was only read

  /** Verdicts that rest on a figure of a record which this page did not derive again: each is named. */
  read() {
    const { read } = this.result;
    if (read.length === 0) return null;
    const lines = this.cut(read, ({ requirement, check, metric, figure, status }) => {
      const values = { requirement: _slug(requirement), check, metric, figure, status: _statusWord(status) };
      return element("li", {}, this.told(this.named(say("workflows.verify.read_figure", values))));
    });
    const lead = element("p", { class: "lead" }, this.say("read_lead"));
    return section("read", this.say("read"), lead, element("ul", { class: "log figures" }, lines));
  }

  // ---------------------------------------------------------------- verdicts

  verdicts() {
    const { verdicts } = this.result;
    const lead = element("p", { class: "lead" }, this.say(verdicts.length ? "verdicts_lead" : "verdicts_none"));
    if (verdicts.length === 0) return section("verdicts", this.say("verdicts"), lead);
    const head = ["check", "stated", "again", "same"].map((name) =>
      element("th", { scope: "col" }, this.say(`column.${name}`)),
    );
    const rows = verdicts.slice(0, 10 * MOST_LINES).map((line) => this.verdict(line));
    const table = element("table", {}, element("thead", {}, element("tr", {}, head)), element("tbody", {}, rows));
    return section(
      "verdicts",
      this.say("verdicts"),
      lead,
      element("div", { class: "scroll", role: "region", tabindex: "0", "aria-labelledby": "verdicts" }, table),
    );
  }

  verdict({ requirement, title, check, planned, stated, again, agree, read }) {
    const same = agree === null ? "unknown" : !agree ? "no" : read ? "read" : "yes";
    const scale = planned === null ? null : scaleOf(planned, stated, again);
    const look = { yes: "yes", no: "no", read: "partly", unknown: "not_done" }[same];
    return element(
      "tr",
      { class: same === "no" ? "differs" : null },
      element(
        "th",
        { scope: "row" },
        title === null ? oneLine(requirement) : this.title(title),
        planned === null ? null : element("span", { class: "check-of" }, this.told(checkName(planned))),
        element("code", { class: "check-id" }, oneLine(check)),
      ),
      ...[stated, again].map((result) => element("td", {}, this.figure(result, scale))),
      element("td", {}, chip(look, this.say(`same.${same}`))),
    );
  }

  figure(result, scale) {
    if (result === null) return this.say("absent");
    const word = chip(result.status, this.told(say(`reasons.status.${result.status}`)));
    const numbers = [result.value, result.low, result.high];
    if (scale === null || numbers.some((number) => typeof number !== "number")) {
      return [word, element("span", { class: "span" }, this.say("no_figure"))];
    }
    const [value, low, high] = numbers.map((number) => this.told(scale.say(number)));
    const bare = this.told(scale.bare(result.low));
    const span = result.low === result.high ? null : this.told(say("reasons.quantity.range", { low: bare, high }));
    return [
      word,
      element("span", { class: "figure" }, value),
      low === high || span === null ? null : element("span", { class: "span" }, span),
    ];
  }

  log() {
    return section(
      "log",
      this.say("log"),
      element(
        "ul",
        { class: "log" },
        this.result.log.map((line) => element("li", {}, this.told(line))),
      ),
    );
  }
}

/** What rests on a file, in the words of this page, which names the check in full. */
const _asRest = ({ key, arguments: values }) =>
  say(key === "workflows.verify.rests_check" ? "standalone.page.rests_check" : key, values);

/** The file stands in full above; 64 digits again in each line would hide what is wrong with it. */
function _shortened({ key, arguments: values }, member) {
  const short = (value) => (value === member && member.length > SHORT_NAME ? `${member.slice(0, SHORT_NAME)}…` : value);
  return say(key, fromPairs(Object.entries(values).map(([name, value]) => [name, short(value)])));
}
