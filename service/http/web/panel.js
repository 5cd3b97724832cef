// The panels beside the conversation: one is open at a time; closed, it gives the focus back.

import { button, element } from "./dom.js";

let close = null;

function expand(from, panel, is) {
  if (from.getAttribute("aria-controls") === panel.id) from.setAttribute("aria-expanded", String(is));
}

export function open(panel, title, from, ...content) {
  close?.(false);
  const heading = element("h2", "", title);
  heading.id = `${panel.id}-title`;
  heading.tabIndex = -1;
  close = (back = true) => {
    panel.hidden = true;
    document.body.classList.remove("beside");
    expand(from, panel, false);
    close = null;
    cover();
    if (back) from.focus();
  };
  panel.replaceChildren(element("div", "bar", heading, button("Close", () => close(), `Close ${title}`)), ...content);
  panel.hidden = false;
  document.body.classList.add("beside");
  cover();
  expand(from, panel, true);
  heading.focus();
}

export function retitle(panel, title) {
  panel.querySelector("h2").textContent = title;
  panel.querySelector(".bar button").setAttribute("aria-label", `Close ${title}`);
}

// On narrow screens an open panel covers the rest: nothing there can be reached until it is closed.
const narrow = matchMedia("(max-width: 56rem)");
narrow.addEventListener("change", cover);

function cover() {
  for (const each of document.querySelectorAll("body > header, body > main")) each.inert = narrow.matches && Boolean(close);
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
