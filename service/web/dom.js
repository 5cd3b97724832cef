// Everything that comes from the service is put on the page as text, never as HTML.

export function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

export function link(href, text) {
  const made = element("a", "", text);
  made.href = href;
  return made;
}

// Offsets are code points, as in the API; a JavaScript string counts UTF-16 units.
export function pieces(text, offset, spans) {
  const points = Array.from(text);
  const parts = [];
  let at = 0;
  for (const { start, end } of spans) {
    parts.push(points.slice(at, start - offset).join(""));
    parts.push(element("mark", "", points.slice(start - offset, end - offset).join("")));
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

// "said by Meduza and Vyorstka"; whoever only passed words on stands behind the one who said them.
export function said(attribution) {
  const passedOn = new Set(attribution.map(({ via }) => via));
  const names = attribution
    .filter(({ speaker, via }) => via || !passedOn.has(speaker))
    .map(({ speaker, via }) => (via ? `${speaker}, cited by ${via}` : speaker));
  return names.length ? [element("strong", "", `said by ${[...new Set(names)].join(" and ")}`)] : [];
}

export async function call(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error("The service cannot be reached. Check that it is running, then ask again.");
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.detail || `The service answered ${response.status}.`);
  return body;
}
