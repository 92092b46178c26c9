// Elements: small pieces of the document, made without any markup as text.

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes and children; children are nodes or texts, null is left out. */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(name, value);
  made.append(...children.flat().filter((child) => child !== null));
  return made;
}

/** The sign of a status; words always stand beside it. */
function signOf(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  for (const [attribute, value] of [
    ["class", "sign"],
    ["viewBox", "0 0 20 20"],
    ["aria-hidden", "true"],
    ["focusable", "false"],
  ]) {
    svg.setAttribute(attribute, value);
  }
  use.setAttribute("href", `#sign-${name}`);
  svg.append(use);
  return svg;
}

/** status → [sign, tone], for answers and for verdicts. */
const LOOKS = {
  yes: ["yes", "good"],
  no: ["no", "bad"],
  partly: ["partly", "doubt"],
  cannot: ["partly", "doubt"],
  not_done: ["not_done", "soft"],
  met: ["yes", "good"],
  not_met: ["no", "bad"],
  inconclusive: ["partly", "doubt"],
  missing: ["not_done", "soft"],
  stale: ["stale", "doubt"],
};

/** A sign with its word. */
const chip = (status, word) =>
  element(
    "span",
    { class: `chip tone-${LOOKS[status][1]}` },
    signOf(LOOKS[status][0]),
    element("span", { class: "status-word" }, word),
  );

/** A list of [term, content] pairs. */
const pairs = (lines) =>
  element(
    "dl",
    { class: "pairs" },
    lines.map(([term, content]) => element("div", {}, element("dt", {}, term), element("dd", {}, content))),
  );

/** A section of the result under its heading. */
const section = (identifier, heading, ...children) =>
  element("section", { "aria-labelledby": identifier }, element("h2", { id: identifier }, heading), ...children);
