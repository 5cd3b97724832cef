// Everything that comes from the service is put on the page as text, never as HTML.

// The second press of a double click means no more than the first one did.
export const DOUBLE_CLICK_MS = 500;

export function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

// Only addresses of the web are links: others, such as `javascript:`, would be run.
export function link(href, text) {
  const made = element("a", "", text);
  made.href = href;
  if (!["http:", "https:"].includes(made.protocol)) return element("span", "", text);
  // On paper the address is read, not followed.
  made.dataset.address = made.href.split("#:~:")[0];
  return made;
}

export function button(text, action, label) {
  const made = element("button", "", text);
  made.type = "button";
  if (label) made.setAttribute("aria-label", label);
  made.addEventListener("click", action);
  return made;
}

// Offsets are code points, as in the API; a JavaScript string counts UTF-16 units.
export function pieces(text, offset, spans) {
  const points = Array.from(text);
  const parts = [];
  let at = 0;
  for (const { start, end, name } of spans) {
    parts.push(points.slice(at, start - offset).join(""));
    parts.push(element("mark", name, points.slice(start - offset, end - offset).join("")));
    at = end - offset;
  }
  parts.push(points.slice(at).join(""));
  return parts;
}

export function origin(source) {
  return [source.publisher, source.author, source.published && `published ${source.published}`]
    .filter(Boolean)
    .join(" · ");
}
