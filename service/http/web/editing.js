// Correcting what is known of an article, and removing articles, each in a dialog.

import { call, posted } from "./api.js";
import { button, element } from "./dom.js";
import { counted, suggestPublishers } from "./filters.js";

const FIELDS = [
  ["title", "Title", "text"],
  ["publisher", "Publisher", "text"],
  ["author", "Author", "text"],
  ["published", "Day", "date"],
  ["url", "Address", "url"],
];

// Resolves to what the service says once it is done; null where it was left.
function dialog(title, fields, action, work) {
  return new Promise((resolve) => {
    const fault = element("p", "error");
    fault.hidden = true;
    fault.setAttribute("role", "alert");
    const form = element("form", "", element("h2", "", title), ...fields, fault, element("button", "main", action));
    const made = element("dialog", "", form);
    let done = null;
    made.setAttribute("aria-label", title);
    form.append(button("Cancel", () => made.close()));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const send = form.querySelector("button.main");
      send.disabled = true;
      try {
        done = await work(form);
        made.close();
      } catch (error) {
        fault.textContent = error.message;
        fault.hidden = false;
        send.disabled = false;
      }
    });
    made.addEventListener("close", () => {
      made.remove();
      resolve(done);
    });
    document.body.append(made);
    made.showModal();
  });
}

export function edit(article) {
  const fields = FIELDS.map(([name, label, type]) => {
    const input = element("input");
    Object.assign(input, { name, type, value: article[name] ?? "", autocomplete: "off" });
    if (type !== "date") input.maxLength = 2000;
    const made = element("label", "", label, input);
    if (name === "publisher") suggestPublishers(input);
    return made;
  });
  const about = element("p", "note", "The text stays as it was read. Quotations of it stay valid.");
  return dialog("Correct this article", [...fields, about], "Save", (form) => {
    const changes = FIELDS.filter(([name]) => form[name].value.trim() !== (article[name] ?? ""));
    const body = Object.fromEntries(changes.map(([name]) => [name, form[name].value.trim() || null]));
    return call(`/v1/articles/${article.id}`, { ...posted(body), method: "PATCH" });
  });
}

export function remove(ids) {
  const title = `Remove ${counted(ids.length, "article")}?`;
  const about = element("p", "", "Nothing of them will be quoted any more. This cannot be undone.");
  return dialog(title, [about], "Remove", () => call("/v1/articles/remove", posted({ ids })));
}
