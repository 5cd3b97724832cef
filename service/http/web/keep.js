// Keeping an answer as evidence, and exporting answers and what people said.

import { call, file, posted } from "./api.js";
import { copier } from "./copying.js";
import { button, element, link } from "./dom.js";

const FORMATS = {
  markdown: "Text with quotations (Markdown)",
  html: "Web page (HTML)",
  csl: "Sources for Zotero and others (CSL-JSON)",
  bibtex: "Sources for LaTeX (BibTeX)",
  annotations: "Quotations as annotations (W3C)",
};
const LEFT_OUT = "What an answer quoted has been removed since, or it was given by an earlier version: it is left out.";

export function keepButton(answer) {
  const place = element("span", "keep");
  place.setAttribute("role", "status");
  const keep = button("Keep", async () => {
    keep.disabled = true;
    try {
      const { link: path } = await call("/v1/answers", posted(answer));
      const open = link(path, "Kept");
      place.replaceChildren(open, " ", copier(() => String(new URL(path, location.href)), "Copy the address of the kept answer"));
      open.focus();
    } catch (error) {
      keep.disabled = false;
      place.replaceChildren(keep, " ", element("span", "error", error.message));
    }
  });
  keep.title = "Gives the answer an address of its own, which shows it as it is now";
  place.append(keep);
  return place;
}

// `answers` returns those of the conversation, in order, as they came from the service.
export function exportMenu(answers) {
  return menu((format, note) => {
    const whole = answers().filter(({ evidence }) => evidence);
    if (whole.length < answers().length) note(LEFT_OUT);
    return whole.length ? file("/v1/export", posted({ answers: whole, format })) : null;
  });
}

export function exportKept(id) {
  return menu((format) => file(`/v1/answers/${encodeURIComponent(id)}/export?format=${format}`));
}

export function exportPerson(id) {
  return menu((format) => file(`/v1/speakers/${encodeURIComponent(id)}/export?format=${format}`));
}

function menu(fetched) {
  const said = element("p", "note");
  said.setAttribute("role", "status");
  const note = (text) => (said.textContent = text);
  const choices = Object.entries(FORMATS).map(([format, name]) => {
    const choose = button(name, async () => {
      note("");
      try {
        const found = await fetched(format, note);
        if (!found) return;
        save(found);
        if (!said.textContent) made.open = false;
        made.querySelector("summary").focus();
      } catch (error) {
        note(error.message);
      }
    });
    return element("li", "", choose);
  });
  choices.push(element("li", "", button("Print", () => print())));
  const made = element("details", "export", element("summary", "", "Export"), element("div", "", element("ul", "", ...choices), said));
  made.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !made.open) return;
    event.stopPropagation();
    made.open = false;
    made.querySelector("summary").focus();
  });
  return made;
}

function save({ blob, name }) {
  const address = URL.createObjectURL(blob);
  const made = element("a");
  Object.assign(made, { href: address, download: name });
  made.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
