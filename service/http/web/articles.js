// The articles there are: finding, adding, correcting and removing them, and choosing those that are to be asked.

import { call } from "./api.js";
import { showCited } from "./cited.js";
import { button, element, link } from "./dom.js";
import { edit, remove } from "./editing.js";
import { add, chooser, onDrop } from "./files.js";
import { counted, day, narrowed, suggestPublishers, whenChanged } from "./filters.js";

const PAGE = 50;
const MOST_REMOVED = 1000;
const KINDS = {
  text: "Text", page: "Web page", pdf: "PDF", document: "Document", email: "E-mail", wire: "Agency or feed", lines: "Export",
};
const [find, place, outcomes, count, all, chosen, list, more] = ["find", "add", "outcomes", "count", "all", "chosen", "list", "more"].map(
  (id) => document.getElementById(id),
);
const selected = new Set();
let archive = null;
let asked = new URLSearchParams();
let cursor = null;
let latest = 0;
let note = "";

suggestPublishers(find.publisher);
whenChanged(find, reload);
place.append(chooser("Add articles: choose files or archives, or drop them anywhere ", addFiles));
onDrop(addFiles);
more.addEventListener("click", () => load());
all.addEventListener("change", () => {
  const is = all.checked;
  for (const box of list.querySelectorAll("input[type=checkbox]")) {
    box.checked = is;
    if (is) selected.add(Number(box.value));
    else selected.delete(Number(box.value));
  }
  showSelection();
});
document.getElementById("ask-these").addEventListener("click", () => {
  location.assign(`/?${[...selected].map((id) => `article=${id}`).join("&")}`);
});
document.getElementById("remove").addEventListener("click", async () => {
  const ids = [...selected].slice(0, MOST_REMOVED);
  if (!(await remove(ids))) return;
  ids.forEach((id) => selected.delete(id));
  await refresh();
  document.querySelector("main").focus();
});

async function addFiles(files) {
  await add(files, outcomes);
  await refresh();
}

// After something was added, changed or removed.
async function refresh() {
  archive = null;
  await reload();
}

async function reload() {
  const mine = ++latest;
  keepInAddress();
  archive ??= call("/v1/archive");
  archive.catch(() => {}); // told of where it is waited for
  try {
    const found = await narrowed(find);
    if (mine !== latest) return;
    ({ asked, note } = found);
    cursor = null;
    if (found.isNone) tell(0, await archive);
    else await load(mine);
  } catch (error) {
    if (mine === latest) fail(error);
  }
}

async function load(mine = ++latest) {
  more.disabled = true;
  try {
    const page = new URLSearchParams([...asked, ["limit", PAGE], ...(cursor ? [["cursor", cursor]] : [])]);
    const [{ articles, total, next_cursor: next }, whole] = await Promise.all([call(`/v1/articles?${page}`), archive]);
    if (mine !== latest) return;
    const rows = articles.map(row);
    if (cursor) {
      list.append(...rows);
      rows[0]?.querySelector("a").focus();
    } else list.replaceChildren(...rows);
    cursor = next;
    tell(total, whole);
  } catch (error) {
    if (mine === latest) fail(error);
  } finally {
    more.disabled = false;
  }
}

function fail(error) {
  archive = null;
  if (!cursor) list.replaceChildren();
  list.append(element("li", "error", error.message));
  more.hidden = true;
}

function tell(total, whole) {
  showKinds(whole.kinds);
  const every = counted(whole.articles, "article");
  const narrow = total !== whole.articles ? `${total.toLocaleString("en")} of ${every}` : every;
  const of = whole.publishers ? ` of ${counted(whole.publishers, "publisher")}` : "";
  count.textContent = [narrow + of, note].filter(Boolean).join(" · ");
  more.hidden = !cursor;
  if (!whole.articles) {
    list.replaceChildren(element("li", "empty", "There are no articles yet. Choose files above, or drop them anywhere on this page."));
  } else if (!total) {
    const everything = button("Show all articles", () => {
      find.reset();
      reload();
    });
    list.replaceChildren(element("li", "empty", "No article fits. ", everything));
  }
  showSelection();
}

function showKinds(there) {
  const { value } = find.kind;
  const kinds = there.map(({ kind, articles }) =>
    Object.assign(element("option", "", `${KINDS[kind]} (${articles.toLocaleString("en")})`), { value: kind }),
  );
  find.kind.replaceChildren(Object.assign(element("option", "", "anything"), { value: "" }), ...kinds);
  find.kind.value = there.some(({ kind }) => kind === value) ? value : "";
}

function row(article) {
  const { id, title, publisher, author, published, kind, verdict, verdict_reason: reason } = article;
  const box = element("input");
  Object.assign(box, { type: "checkbox", value: id, checked: selected.has(id) });
  box.setAttribute("aria-label", `Select ${title}`);
  box.addEventListener("change", () => select(id, box.checked));
  const open = link(`/articles/${id}`, title);
  open.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    showCited(id, open);
  });
  const change = button("Edit", async () => {
    const edited = await edit(article);
    if (edited) {
      const made = row(edited);
      entry.replaceWith(made);
      made.querySelector("button").focus();
    }
  }, `Edit ${title}`);
  const cautions = [...(verdict === "partial" ? [`Only a part was read: ${reason}.`] : []), ...article.warnings];
  const entry = element(
    "li", "entry", box,
    element("span", "name", open, ...cautions.map((caution) => element("span", "caution", caution))),
    element(
      "span", "about",
      element("span", "", [publisher, author].filter(Boolean).join(" · ")),
      element("span", "", day(published)),
      element("span", "", KINDS[kind] ?? ""),
    ),
    change,
  );
  return entry;
}

function select(id, is) {
  if (is) selected.add(id);
  else selected.delete(id);
  showSelection();
}

function showSelection() {
  const boxes = [...list.querySelectorAll("input[type=checkbox]")];
  all.checked = boxes.length > 0 && boxes.every((box) => box.checked);
  all.disabled = !boxes.length;
  chosen.hidden = !selected.size;
  document.getElementById("ask-these").textContent = selected.size === 1 ? "Ask this one" : `Ask these ${selected.size.toLocaleString("en")}`;
}

// The address keeps what is looked for: to come back to, or to pass on.
function keepInAddress() {
  const fields = [...new FormData(find)].filter(([name, value]) => value && !(name === "sort" && value === "-published"));
  history.replaceState(null, "", fields.length ? `?${new URLSearchParams(fields)}` : location.pathname);
}

for (const [name, value] of new URLSearchParams(location.search)) {
  if (name === "kind") find.kind.append(Object.assign(element("option"), { value }));
  if (find.elements[name]) find.elements[name].value = value;
}
if (!find.sort.value) find.sort.value = "-published";
// On narrow screens the list comes first.
document.getElementById("narrow").open = !matchMedia("(max-width: 40rem)").matches || location.search.length > 1;
reload();
