// An article on a page of its own, with the words lit up that its address cites.

import { call } from "./api.js";
import { element } from "./dom.js";
import { about, changed, placeNow, textOf } from "./reader.js";

const UNKNOWN =
  "This link does not tell which version of the article it was made for: the words lit up here may not be those that were quoted.";
const id = Number(location.pathname.split("/").pop());
const heading = document.querySelector("h1");
const place = document.querySelector("main");

// #q=220-398&v=2&h=…: which words, of which version, and how its content hash begins.
function cited() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const [, start, end] = /^(\d+)-(\d+)$/.exec(asked.get("q") ?? "") ?? [];
  if (end === undefined) return null;
  const [version, sha256] = [Number(asked.get("v")), asked.get("h")];
  return { article_id: id, start: Number(start), end: Number(end), ...(version && { version }), ...(sha256 && { sha256 }) };
}

async function show() {
  try {
    const citation = cited();
    const tells = citation && (citation.version || citation.sha256);
    const now = tells ? await placeNow(citation) : null;
    if (now?.status === "deleted") throw new Error(changed(now));
    const article = await call(`/v1/articles/${id}`);
    document.title = `${article.title} – Pullquote`;
    heading.textContent = article.title;
    const parts = [about(article)];
    if (now && now.status !== "current") parts.push(element("p", "error", changed(now)));
    if (citation && !tells) parts.push(element("p", "error", UNKNOWN));
    const lit = tells ? now.citation : citation;
    place.replaceChildren(...parts, textOf(article, lit ? [lit] : []));
    place.querySelector("mark")?.scrollIntoView({ block: "center" });
  } catch (error) {
    heading.textContent = "This article cannot be shown";
    place.replaceChildren(element("p", "error", error.message));
  }
}

addEventListener("hashchange", show);
show();
