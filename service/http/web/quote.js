// A quote as a card.

import { copier } from "./copying.js";
import { element, link, origin, pieces } from "./dom.js";
import { showArticle } from "./reader.js";

export function card(quote) {
  const { start } = quote.citation;
  const words = element("blockquote", "", `[${quote.number}] “`, ...pieces(quote.text, start, marks(quote)), "”");
  const open = link(quote.link, quote.source.title);
  const about = element("figcaption");
  if (quote.stance !== "asserted") about.append(element("strong", "stance", quote.stance));
  if (quote.credit) about.append(element("strong", "", quote.credit));
  about.append(open, element("span", "", [origin(quote.source), page(quote.citation)].filter(Boolean).join(" · ")));
  if (quote.confidence !== null) about.append(element("span", "", `confidence ${Math.round(quote.confidence * 100)}%`));
  for (const { text, value } of quote.dates) {
    if (text !== value) about.append(element("span", "", `${text} = ${value} `, copier(() => value, `Copy ${value}`)));
  }
  for (const { link: target, source } of quote.copies) {
    about.append(element("span", "", "also in ", link(target, source.publisher ?? source.title)));
  }
  const first = quote.published_first ? quote : quote.copies.find((copy) => copy.published_first);
  if (first) about.append(element("span", "", `first published by ${first.source.publisher ?? first.source.title}`));
  if (quote.source.rights) about.append(element("span", "", quote.source.rights));
  for (const warning of quote.warnings) about.append(element("strong", "", warning));
  if (quote.source_link) about.append(link(quote.source_link, "at the publisher"));
  about.append(copier(() => citation(quote), `Copy quotation ${quote.number} with its citation`));
  const figure = element("figure", quote.stance === "asserted" ? "quote" : "quote not-asserted", words, about);
  // The whole card opens the article; text can still be selected, and the link serves the keyboard and new tabs.
  figure.addEventListener("click", (event) => {
    const target = event.target.closest("a, button");
    if (event.ctrlKey || event.metaKey || event.shiftKey || (target && target !== open)) return;
    if (!target && String(getSelection())) return;
    event.preventDefault();
    showArticle(quote.citation, open);
  });
  return figure;
}

// The short answers, and the words that show that the article does not assert them.
function marks({ highlights, stance_cue: cue, citation }) {
  const inside = cue && citation.start <= cue.start && cue.end <= citation.end;
  const apart = inside && !highlights.some(({ start, end }) => start < cue.end && cue.start < end);
  const all = apart ? [...highlights, { ...cue, name: "cue" }] : highlights;
  return all.toSorted((one, other) => one.start - other.start);
}

function page({ page, last_page: last }) {
  if (page === null) return "";
  return page === last ? `p. ${page}` : `pp. ${page}–${last}`;
}

function citation(quote) {
  const { title, publisher, author, published } = quote.source;
  const from = [author, `“${title}”`, publisher, published, page(quote.citation)].filter(Boolean).join(", ");
  const by = quote.credit ? `${quote.credit}; ` : "";
  return `“${quote.text}” (${by}${from}, ${new URL(quote.link, location.href)})`;
}
