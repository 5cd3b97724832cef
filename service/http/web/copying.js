// Buttons that copy.

import { button, element } from "./dom.js";

const SAID_MS = 2000;

export function copier(text, label) {
  const made = button("Copy", async () => {
    await copy(text());
    made.textContent = "Copied";
    setTimeout(() => (made.textContent = "Copy"), SAID_MS);
  });
  made.setAttribute("aria-label", label);
  made.className = "copy";
  return made;
}

export async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Pages that came without HTTPS from another machine have no clipboard but this.
  const area = element("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}
