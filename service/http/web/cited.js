// An article beside the page, with who is cited in it.

import { call } from "./api.js";
import { element, link } from "./dom.js";
import { showArticle } from "./reader.js";

export async function showCited(id, from) {
  const panel = document.getElementById("reader");
  await showArticle({ article_id: id }, from);
  const text = panel.querySelector("article");
  if (!text) return;
  const { speakers } = await call(`/v1/articles/${id}/speakers`).catch(() => ({ speakers: [] }));
  const named = speakers.filter((each) => each.id);
  // Meanwhile the panel may show another article.
  if (!named.length || !text.isConnected) return;
  const people = named.map(({ id: who, speaker, times }) =>
    element("li", "", link(`/people#id=${encodeURIComponent(who)}`, speaker), times > 1 ? ` ${times}×` : ""),
  );
  text.before(element("details", "cited", element("summary", "", `Cited here: ${named.length}`), element("ul", "", ...people)));
}
