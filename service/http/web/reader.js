// An article, with quoted words lit up: beside the conversation, or on a page of its own.

import { call, posted } from "./api.js";
import { element, link, origin, pieces } from "./dom.js";
import { open, retitle } from "./panel.js";

const CHANGED = {
  moved: "The article has changed since it was quoted. The words stand in another place now.",
  superseded: "The article has changed since it was quoted, and the words with it.",
  deleted: "The article has been removed. What was quoted from it is no longer shown.",
};

// What has become of a citation, in words.
export function changed({ status, citation }) {
  return status === "superseded" && citation ? `${CHANGED.superseded} What stands in their place is lit up.` : CHANGED[status];
}

export async function showArticle({ article_id: id, version, sha256, start, end }, from) {
  const panel = document.getElementById("reader");
  const place = element("div", "", "Opening …");
  open(panel, "Article", from, place);
  try {
    const now = end && (await placeNow({ article_id: id, sha256, start, end }));
    if (now?.status === "deleted") throw new Error(CHANGED.deleted);
    const article = await call(`/v1/articles/${id}`);
    // Meanwhile the panel may have been closed, or shows something else.
    if (!place.isConnected || panel.hidden) return;
    retitle(panel, article.title);
    const words = end ? `#q=${start}-${end}&v=${version}&h=${sha256.slice(0, 16)}` : "";
    place.replaceChildren(about(article), element("p", "note", link(`/articles/${id}${words}`, "on a page of its own")));
    if (now && now.status !== "current") place.append(element("p", "error", changed(now)));
    place.append(textOf(article, now?.citation ? [now.citation] : []));
    place.querySelector("mark")?.scrollIntoView({ block: "center" });
  } catch (error) {
    place.className = "error";
    place.textContent = error.message;
  }
}

// Where quoted words stand now: the article may have changed since it was quoted.
export function placeNow(citation) {
  return call("/v1/resolve", posted({ citation }));
}

export function about(article) {
  const made = element("p", "note", origin(article));
  if (article.url) made.append(origin(article) ? " · " : "", link(article.url, article.url));
  return made;
}

export function textOf(article, spans) {
  const from = behindTitle(article, spans);
  const made = element("article", "", ...pieces(Array.from(article.text).slice(from).join(""), from, spans));
  made.dir = "auto";
  return made;
}

// Where the text goes on behind a first line that only repeats the title, which stands above; the whole text where that is quoted.
function behindTitle({ title, text }, spans) {
  const [first, line] = /^\s*([^\n]*)\n\s*/.exec(text) ?? ["", null];
  if (line === null || tidy(line) !== tidy(title)) return 0;
  const length = Array.from(first).length;
  return spans.some(({ start }) => start < length) ? 0 : length;
}

function tidy(text) {
  return text.replace(/\s+/g, " ").trim();
}
