// Single keys, for those who go through many quotes: off while something is typed, and for good where they are not wanted.

import { button, element } from "./dom.js";

const OFF = "pullquote-keys-off";
const KEYS = { "/": "ask a question", j: "next quote", k: "quote before", o: "open its article", c: "copy it", "?": "this list" };

export function goTo(quote) {
  document.querySelector(".quote.current")?.classList.remove("current");
  quote.classList.add("current");
  quote.tabIndex = -1;
  quote.focus({ preventScroll: true });
  quote.scrollIntoView({ block: "center" });
}

const actions = {
  "/": () => document.getElementById("question").focus(),
  j: () => step(1),
  k: () => step(-1),
  o: () => current()?.querySelector("figcaption a").click(),
  c: () => current()?.querySelector("figcaption > button.copy").click(),
  "?": help,
};

function current() {
  return document.querySelector(".quote.current");
}

function step(by) {
  const quotes = [...document.querySelectorAll("#turns .quote")].filter((quote) => quote.checkVisibility());
  const at = quotes.indexOf(current());
  const next = at < 0 ? (by > 0 ? 0 : quotes.length - 1) : at + by;
  if (quotes[next]) goTo(quotes[next]);
}

export function help() {
  const list = element("dl", "keys");
  for (const [key, what] of Object.entries(KEYS)) list.append(element("dt", "", element("kbd", "", key)), element("dd", "", what));
  const on = element("input");
  Object.assign(on, { type: "checkbox", checked: !isOff() });
  on.addEventListener("change", () => (on.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
  const dialog = element("dialog", "", element("h2", "", "Keys"), list, element("label", "", on, " Use these keys"));
  dialog.setAttribute("aria-label", "Keys");
  dialog.append(button("Close", () => dialog.close()));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function isOff() {
  try {
    return localStorage.getItem(OFF) !== null;
  } catch {
    return false;
  }
}

addEventListener("keydown", (event) => {
  const writing = event.target.closest?.("input, textarea, select, [contenteditable], dialog");
  if (writing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!(event.key in actions) || (isOff() && event.key !== "?")) return;
  event.preventDefault();
  actions[event.key]();
});
