// The panels beside the conversation: one is open at a time; closed, it gives the focus back.

import { button, element } from "./dom.js";

let close = null;

export function open(panel, title, from, ...content) {
  close?.(false);
  const heading = element("h2", "", title);
  heading.id = `${panel.id}-title`;
  heading.tabIndex = -1;
  close = (back = true) => {
    panel.hidden = true;
    document.body.classList.remove("beside");
    if (from.hasAttribute("aria-expanded")) from.setAttribute("aria-expanded", "false");
    close = null;
    if (back) from.focus();
  };
  panel.replaceChildren(element("div", "bar", heading, button("Close", () => close(), `Close ${title}`)), ...content);
  panel.hidden = false;
  document.body.classList.add("beside");
  if (from.hasAttribute("aria-expanded")) from.setAttribute("aria-expanded", "true");
  heading.focus();
}

export function isOpen(panel) {
  return !panel.hidden;
}

export function closeOpen() {
  close?.();
}

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && close && !document.querySelector("dialog[open]")) close();
});
