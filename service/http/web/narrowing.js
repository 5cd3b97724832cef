// What a question is narrowed to: as it was typed, in words, in the address and in a request.

import { publishersOf } from "./filters.js";

const FIELDS = { speaker: "speaker", publisher: "publisher", from: "published_from", until: "published_to" };
const none = () => ({ articles: [] });

export function typed(form, articles) {
  const narrowing = { articles: [...articles] };
  for (const [name, field] of Object.entries(FIELDS)) if (form[field].value.trim()) narrowing[name] = form[field].value.trim();
  return narrowing;
}

export function fill(form, narrowing) {
  for (const [name, field] of Object.entries(FIELDS)) form[field].value = narrowing[name] ?? "";
}

// A part of a publisher's name stands for all whose names have it.
export async function filtersOf({ speaker, publisher, from, until, articles }) {
  const filters = {};
  if (speaker) filters.speaker = [speaker];
  if (publisher) {
    const names = await publishersOf(publisher);
    filters.publisher = names.length ? names : [publisher];
  }
  if (from) filters.published_from = from;
  if (until) filters.published_to = until;
  if (articles.length) filters.article_ids = articles;
  return filters;
}

export function inWords({ speaker, publisher, from, until, articles }) {
  const scope = articles.length === 1 ? "in one article" : articles.length && `in ${articles.length.toLocaleString("en")} articles`;
  const parts = [scope, speaker && `said by ${speaker}`, publisher && `published by ${publisher}`, from && `from ${from}`];
  return [...parts, until && `until ${until}`].filter(Boolean).join(" · ");
}

// Each question with what it is narrowed to behind it; what stands before the first is for the next to be asked.
export function addressOf(turns, narrowing = none()) {
  const pairs = turns.flatMap(({ question, narrowing: own }) => [["q", question], ...pairsOf(own)]);
  const search = new URLSearchParams(turns.length ? pairs : pairsOf(narrowing)).toString();
  return search ? `/?${search}` : "/";
}

function pairsOf({ articles, ...rest }) {
  return [...Object.entries(rest), ...articles.map((id) => ["article", id])];
}

export function fromAddress(search) {
  const turns = [];
  const first = none();
  let into = first;
  for (const [name, value] of new URLSearchParams(search)) {
    if (name === "q") turns.push({ question: value, narrowing: (into = none()) });
    else if (name === "article" && /^\d{1,15}$/.test(value)) into.articles.push(Number(value));
    else if (name in FIELDS) into[name] = value;
  }
  return { turns, first };
}
