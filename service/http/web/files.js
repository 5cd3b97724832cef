// Files that become articles: chosen, or dropped anywhere on the page.

import { upload } from "./api.js";
import { element } from "./dom.js";

// A list item for each file shows how far it is, and what became of it; resolves once all are through.
export async function add(files, outcomes) {
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
