// An article, with quoted words lit up: beside the conversation, or on a page of its own.

import { call } from "./api.js";
import { element, link, origin, pieces } from "./dom.js";
import { open } from "./panel.js";

export async function showArticle({ article_id: id, sha256, start, end }, from) {
  const panel = document.getElementById("reader");
  const place = element("article", "", "Opening …");
  open(panel, "Article", from, place);
  try {
    const article = await call(`/v1/articles/${id}`);
    open(panel, article.title, from, about(article), element("p", "note", link(`/articles/${id}`, "on a page of its own")));
    if (sha256 && article.sha256 !== sha256) {
      panel.append(element("p", "error", "This article has changed since it was quoted."), element("article", "", article.text));
    } else {
      panel.append(textOf(article, end ? [{ start, end }] : []));
      panel.querySelector("mark")?.scrollIntoView({ block: "center" });
    }
  } catch (error) {
    place.className = "error";
    place.textContent = error.message;
  }
}

export function about(article) {
  const made = element("p", "note", origin(article));
  if (article.url) made.append(" · ", link(article.url, article.url));
  return made;
}

export function textOf(article, spans) {
  return element("article", "", ...pieces(article.text, 0, spans));
}
