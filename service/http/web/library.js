// The articles there are: reading, adding and removing them.

import { call, upload } from "./api.js";
import { DOUBLE_CLICK_MS, button, element, origin } from "./dom.js";
import { closeOpen, isOpen, open } from "./panel.js";
import { showArticle } from "./reader.js";

const PAGE = 50;
const panel = document.getElementById("library");
const list = element("ul", "articles");
const more = button("Show more", () => load());
const outcomes = element("ul", "outcomes");
outcomes.setAttribute("aria-live", "polite");
let opener = null;
let changed = () => {};
let cursor = null;
let latest = 0;

export function showLibrary(from, onChange) {
  if (isOpen(panel)) return closeOpen();
  opener = from;
  changed = onChange;
  open(panel, "Articles", from, dropZone(), outcomes, list, more);
  reload();
}

function dropZone() {
  const input = element("input");
  Object.assign(input, { type: "file", multiple: true, id: "files" });
  input.addEventListener("change", () => add([...input.files]).then(() => (input.value = "")));
  const label = element("label", "", "Add articles: choose files, or drop them anywhere ", input);
  return element("div", "drop", label);
}

async function add(files) {
  for (const file of files) {
    const bar = element("progress");
    const outcome = element("span");
    const row = element("li", "", file.name, " ", bar, outcome);
    bar.setAttribute("aria-label", `Adding ${file.name}`);
    outcomes.append(row);
    const form = new FormData();
    form.append("file", file);
    try {
      // Sent, it is still being read and embedded: a bar without a value says so.
      const stored = await upload("/v1/articles", form, (share) => {
        if (share < 1) bar.value = share;
        else bar.removeAttribute("value");
      });
      outcome.textContent = `${stored.status}: ${stored.title}`;
    } catch (error) {
      row.className = "error";
      outcome.textContent = error.message;
    }
    bar.remove();
  }
  reload();
}

function reload() {
  cursor = null;
  list.replaceChildren();
  changed();
  return load();
}

async function load() {
  const mine = ++latest;
  more.hidden = true;
  try {
    const page = await call(`/v1/articles?limit=${PAGE}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
    if (mine !== latest) return;
    list.append(...page.articles.map(row));
    if (!list.children.length) list.append(element("li", "note", "There are none yet."));
    cursor = page.next_cursor;
    more.hidden = !cursor;
  } catch (error) {
    if (mine === latest) list.append(element("li", "error", error.message));
  }
}

function row(article) {
  const read = button(article.title, () => showArticle({ article_id: article.id }, opener));
  read.className = "title";
  const about = [origin(article), `${article.characters.toLocaleString()} characters`].filter(Boolean).join(" · ");
  return element("li", "", read, element("span", "note", about), remover(article));
}

// The first press asks, the second one removes.
function remover(article) {
  let asked = 0;
  const made = button("Remove", async () => {
    if (!asked) {
      asked = performance.now();
      made.textContent = "Really remove?";
      return;
    }
    if (performance.now() - asked < DOUBLE_CLICK_MS) return;
    try {
      await call(`/v1/articles/${article.id}`, { method: "DELETE" });
      await reload();
      panel.querySelector("h2").focus();
    } catch (error) {
      made.after(element("span", "error", error.message));
    }
  });
  made.setAttribute("aria-description", article.title);
  made.addEventListener("blur", () => {
    asked = 0;
    made.textContent = "Remove";
  });
  return made;
}

addEventListener("dragover", (event) => {
  if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
});
addEventListener("drop", (event) => {
  if (!event.dataTransfer.files.length) return;
  event.preventDefault();
  const files = [...event.dataTransfer.files];
  if (!isOpen(panel)) document.getElementById("articles").click();
  add(files);
});
