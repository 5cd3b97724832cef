// Files that become articles: chosen, or dropped anywhere on the page.

import { events, upload } from "./api.js";
import { element, link } from "./dom.js";

// One of these may hold any number of articles.
const COLLECTIONS = /\.(zip|(jsonl|ndjson|warc)(\.gz)?|wacz|rss|atom)$/i;
const CALLED = { added: "added", replaced: "updated", unchanged: "already there", removed: "removed", failed: "failed" };
const FAILURES_SHOWN = 3;

// A list item says how far it is, and in the end what became of all of them; resolves once it does.
export async function add(files, outcomes) {
  const bar = element("progress");
  const line = element("span");
  bar.setAttribute("aria-label", "Adding files");
  const row = element("li", "", line, " ", bar);
  outcomes.append(row);
  const results = new Map();
  for (const [at, file] of files.entries()) {
    const doing = files.length > 1 ? `Adding ${at + 1} of ${files.length}: ${file.name}` : `Adding ${file.name}`;
    line.textContent = doing;
    bar.removeAttribute("value");
    try {
      if (COLLECTIONS.test(file.name)) {
        await addMany(file, results, (share) => {
          bar.value = share;
          line.textContent = `${doing} (${results.size} articles so far)`;
        });
      } else {
        const result = await addOne(file, bar); // of a feed or a message in XML, one for each of its articles
        for (const each of result.outcomes ?? [{ name: file.name, ...result }]) results.set(each, each);
      }
    } catch (error) {
      results.set(file, { name: file.name, status: "failed", reason: error.message });
    }
  }
  row.replaceChildren(...told([...results.values()]));
}

function formOf(file) {
  const form = new FormData();
  form.append("file", file);
  return form;
}

function addOne(file, bar) {
  // Sent, it is still being read and embedded: a bar without a value says so.
  return upload("/v1/articles", formOf(file), (share) => {
    if (share < 1) bar.value = share;
    else bar.removeAttribute("value");
  });
}

// What takes longer than the service gives one request is gone on with in the next.
async function addMany(file, results, progress) {
  for (;;) {
    let done = null;
    let isNew = false;
    for await (const [name, data] of events("/v1/articles", formOf(file), new AbortController().signal)) {
      if (name === "error") throw new Error(data.detail);
      if (name === "done") done = data;
      if (name !== "outcome") continue;
      if (data.status !== "unchanged" || !results.has(data.name)) results.set(data.name, data);
      isNew ||= data.status === "added" || data.status === "replaced";
      progress(data.share);
    }
    if (!done) throw new Error("The connection was cut before all was added. Add the file again.");
    if (done.complete) return;
    if (!isNew) throw new Error("The rest takes too long to read. Divide the file.");
  }
}

// "31 added, 2 already there, 1 failed", unfolding to all, with some that failed below.
function told(results) {
  if (results.length === 1) return [...outcome(results[0])];
  const failed = results.filter(({ status }) => status === "failed");
  const counts = Object.entries(CALLED)
    .map(([status, called]) => [results.filter((each) => each.status === status).length, called])
    .filter(([count]) => count)
    .map(([count, called]) => `${count.toLocaleString("en")} ${called}`);
  const all = element("ul", "", ...[...failed, ...results.filter((each) => !failed.includes(each))].map(item));
  const line = element("details", "", element("summary", "", counts.join(", ")), all);
  const shown = failed.slice(0, FAILURES_SHOWN);
  line.addEventListener("toggle", () => (first.hidden = line.open));
  const first = element("ul", "", ...shown.map(item));
  if (failed.length > shown.length) first.append(element("li", "", `… and ${failed.length - shown.length} more failed`));
  return [line, first];
}

function item(result) {
  return element("li", "", ...outcome(result));
}

function outcome({ name, status, id, title, reason, warnings = [] }) {
  // "news.zip!/a.txt" is a file in an archive; most reasons name the file themselves.
  const place = name.replace("!/", " › ");
  if (status === "failed") {
    return [element("p", "error", reason.includes(name.split(/!\/|\//).pop()) ? reason.replace(name, place) : `${place}: ${reason}`)];
  }
  const notes = warnings.map((warning) => element("small", "", ` ${warning}`));
  return [`${place} `, element("b", "", CALLED[status]), ": ", id ? link(`/articles/${id}`, title) : title, ...notes];
}

export function chooser(text, chosen) {
  const input = element("input");
  Object.assign(input, { type: "file", multiple: true, id: "files" });
  input.addEventListener("change", () => chosen([...input.files]).then(() => (input.value = "")));
  return element("div", "drop", element("label", "", text, input));
}

export function onDrop(dropped) {
  addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    dropped([...event.dataTransfer.files]);
  });
}
