// Check a draft: what it quotes, and what it reports with a figure, against the archive.

import { call, posted } from "./api.js";
import { copy } from "./copying.js";
import { button, element } from "./dom.js";
import { onDrop } from "./files.js";
import { listed, marked } from "./findings.js";
import { closeOpen } from "./panel.js";
import { asPage, asText, download } from "./report.js";
import { summary } from "./verdicts.js";

const SAID_MS = 2000;
const form = document.getElementById("draft");
const file = document.getElementById("file");
const status = document.getElementById("status");
const report = document.getElementById("report");
let running = null;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (form.text.value.trim()) check(posted({ text: form.text.value }));
  else form.text.focus();
});
form.text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});
file.addEventListener("change", () => {
  if (file.files.length) checkFile(file.files[0]);
  file.value = "";
});
onDrop(([first]) => checkFile(first));

function checkFile(first) {
  const body = new FormData();
  body.append("file", first);
  return check({ method: "POST", body });
}

async function check(options) {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  closeOpen();
  report.hidden = true;
  status.className = "";
  status.replaceChildren("Checking … ", button("Stop", () => mine.abort()));
  try {
    const draft = await call("/v1/verify", { ...options, signal: mine.signal });
    if (running !== mine) return;
    status.replaceChildren();
    show(draft);
  } catch (error) {
    if (running !== mine) return;
    status.className = mine.signal.aborted ? "note" : "error";
    status.replaceChildren(mine.signal.aborted ? "Stopped." : error.message);
  }
  running = null;
}

function show(draft) {
  form.text.value = draft.text;
  const heading = element("h2", draft.wrong ? "wrong" : "right", summary(draft.checked) || "Nothing to check");
  heading.tabIndex = -1;
  const name = (draft.title || "draft").replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60);
  const copying = button("Copy report", async () => {
    await copy(asText(draft));
    copying.textContent = "Copied";
    setTimeout(() => (copying.textContent = "Copy report"), SAID_MS);
  });
  const actions = element(
    "p",
    "actions",
    button("Change the draft", edit),
    copying,
    button("Download as a page", () => download(asPage(draft), "text/html", `${name}-report.html`)),
    button("Download as JSON", () => download(JSON.stringify(draft, null, 2), "application/json", `${name}-report.json`)),
  );
  const notes = draft.warnings.map((warning) => element("p", "note", warning));
  report.replaceChildren(heading, actions, ...notes, element("div", "checked", marked(draft), listed(draft)));
  form.hidden = true;
  report.hidden = false;
  document.querySelector("main").scrollTop = 0;
  heading.focus({ preventScroll: true });
}

function edit() {
  closeOpen();
  report.hidden = true;
  form.hidden = false;
  form.text.focus();
}
