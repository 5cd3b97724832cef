// The draft with its marks, the list of what was found, and the source of each beside it.

import { call } from "./api.js";
import { button, element, link, origin, pieces } from "./dom.js";
import { open } from "./panel.js";
import { VERDICTS, compared, place, said, worstFirst } from "./verdicts.js";

const QUIET = ["found", "not_checked"];

function badge(status) {
  const { sign, name } = VERDICTS[status];
  const shown = element("span", "", sign);
  shown.setAttribute("aria-hidden", "true");
  return element("b", `badge ${status}`, shown, ` ${name}`);
}

// The draft as it was read. A piece within another is marked by itself, and the rest of the other around it.
export function marked(draft) {
  const points = Array.from(draft.text);
  const text = element("div", "draft");
  text.setAttribute("aria-label", "The draft with its marks");
  text.setAttribute("role", "region");
  const edges = [0, points.length, ...draft.checked.flatMap(({ start, end }) => [start, end])];
  const places = [...new Set(edges)].toSorted((one, other) => one - other);
  for (const [at, start] of places.slice(0, -1).entries()) {
    const end = places[at + 1];
    const words = points.slice(start, end).join("");
    const inside = draft.checked.findLastIndex((each) => each.start <= start && end <= each.end);
    if (inside < 0) text.append(words);
    else text.append(mark(draft.checked[inside], inside + 1, words, end));
  }
  return text;
}

function mark(finding, number, words, end) {
  const made = element("a", `mark ${finding.status}`, words);
  made.href = `#finding-${number}`;
  made.dataset.number = number;
  if (end === finding.end) made.append(" ", badge(finding.status));
  made.addEventListener("click", (event) => {
    event.preventDefault();
    showSource({ ...finding, number }, made);
  });
  return made;
}

export function listed(draft) {
  const all = worstFirst(draft.checked);
  const loud = all.filter((each) => !QUIET.includes(each.status));
  const made = element("section", "findings", element("h2", "", loud.length ? "To look at" : "Nothing to look at"));
  made.setAttribute("aria-label", "Findings");
  made.append(element("ol", "", ...loud.map(finding)));
  for (const status of QUIET) {
    const quiet = all.filter((each) => each.status === status);
    if (!quiet.length) continue;
    const count = `${quiet.length} ${VERDICTS[status].name}`;
    made.append(element("details", "", element("summary", "", count), element("ol", "", ...quiet.map(finding))));
  }
  return made;
}

function finding(each) {
  const words = each.kind === "quotation" ? `“${each.text}”` : each.text;
  const row = element("li", each.status, element("p", "verdict", badge(each.status), element("q", "plain", short(words))));
  row.id = `finding-${each.number}`;
  if (said(each)) row.append(element("p", "", said(each)));
  if (each.status === "altered") row.append(difference(each));
  if (each.context) row.append(element("p", "", "Left out: ", element("ins", "", each.context.left_out.text)));
  row.append(...each.warnings.map((warning) => element("p", "note", warning)));
  const source = button("Source", () => showSource(each, source), `Source of finding ${each.number}`);
  const jump = button("In the draft", () => show(each.number), `Finding ${each.number} in the draft`);
  row.append(element("p", "actions", ...(each.matches.length ? [source] : []), jump));
  return row;
}

function short(words) {
  const points = Array.from(words);
  return points.length > 160 ? `${points.slice(0, 160).join("")}…` : words;
}

function difference(each) {
  return element("blockquote", "", ...compared(each).map(([kind, text]) => (kind ? element(kind, "", text) : text)));
}

function show(number) {
  const [first] = document.querySelectorAll(`.mark[data-number="${number}"]`);
  first?.scrollIntoView({ block: "center" });
  first?.focus({ preventScroll: true });
}

// What the archive says, beside the draft: who said it, what differs, what was left out, and the article itself.
async function showSource(each, from) {
  for (const other of document.querySelectorAll(".mark.current")) other.classList.remove("current");
  for (const own of document.querySelectorAll(`.mark[data-number="${each.number}"]`)) own.classList.add("current");
  const panel = document.getElementById("reader");
  const about = element("div", "source", element("p", "", badge(each.status), " ", said(each)));
  about.append(...each.warnings.map((warning) => element("p", "note", warning)));
  if (each.status === "altered") {
    about.append(element("p", "note", "The article’s words; the draft’s own are struck through:"), difference(each));
  }
  if (each.context) about.append(element("p", "note", "What the article says around it:"), around(each.context));
  const [match] = each.matches;
  if (match) about.append(element("p", "note", origin(match.source), " · ", link(match.link, "open the article")));
  if (each.matches.length > 1) about.append(others(each.matches.slice(1)));
  const text = element("div");
  open(panel, match ? match.source.title : "No source", from, about, text);
  if (match) await showText(match, text);
}

function around({ sentences, left_out: cut }) {
  return element("blockquote", "", ...pieces(sentences.text, sentences.start, [{ ...cut, name: "cue" }]));
}

function others(matches) {
  const rows = matches.map((match) => element("li", "", link(match.link, place(match))));
  return element("details", "", element("summary", "", `and in ${matches.length} more`), element("ul", "", ...rows));
}

async function showText(match, into) {
  try {
    const article = await call(`/v1/articles/${match.article_id}`);
    const same = article.sha256 === match.sha256;
    if (!same) into.append(element("p", "error", "The article has changed since the draft was checked. Check it again."));
    const article_text = element("article", "", ...pieces(article.text, 0, same ? [match] : []));
    into.append(article_text);
    const lit = article_text.querySelector("mark");
    if (lit && into.isConnected) lit.scrollIntoView({ block: "nearest" });
  } catch (error) {
    into.append(element("p", "error", error.message));
  }
}
