// An article, with quoted words lit up: beside the conversation, or on a page of its own.

import { call, posted } from "./api.js";
import { element, link, origin, pieces } from "./dom.js";
import { open, retitle } from "./panel.js";

const CHANGED = {
  moved: "The article has changed since it was quoted. The words stand in another place now.",
  superseded: "The article has changed since it was quoted, and the words with it. What stands in their place is lit up.",
  deleted: "The article has been removed.",
};

export async function showArticle({ article_id: id, sha256, start, end }, from) {
  const panel = document.getElementById("reader");
  const place = element("div", "", "Opening …");
  open(panel, "Article", from, place);
  try {
    const now = end && (await placeNow({ id, sha256, start, end }));
    if (now?.status === "deleted") throw new Error(CHANGED.deleted);
    const article = await call(`/v1/articles/${id}`);
    // Meanwhile the panel may have been closed, or shows something else.
    if (!place.isConnected || panel.hidden) return;
    retitle(panel, article.title);
    place.replaceChildren(about(article), element("p", "note", link(`/articles/${id}`, "on a page of its own")));
    if (now && now.status !== "current") place.append(element("p", "error", CHANGED[now.status]));
    place.append(textOf(article, now?.citation ? [now.citation] : []));
    place.querySelector("mark")?.scrollIntoView({ block: "center" });
  } catch (error) {
    place.className = "error";
    place.textContent = error.message;
  }
}

// Where quoted words stand now: the article may have changed since it was quoted.
function placeNow({ id, sha256, start, end }) {
  return call("/v1/resolve", posted({ citation: { article_id: id, sha256, start, end } }));
}

export function about(article) {
  const made = element("p", "note", origin(article));
  if (article.url) made.append(" · ", link(article.url, article.url));
  return made;
}

export function textOf(article, spans) {
  return element("article", "", ...pieces(article.text, 0, spans));
}
