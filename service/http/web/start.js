// Before the first question: what there is to ask, and how more comes in.

import { call, posted } from "./api.js";
import { button, element, link } from "./dom.js";
import { chooser } from "./files.js";
import { counted, day } from "./filters.js";

const MOST_CITED = 6;

export function start({ ask, addFiles, changed }) {
  const what = element("p", "lead", "Looking at the articles …");
  const lists = element("div", "columns");
  const place = element("section", "start", what, lists);
  place.setAttribute("aria-label", "Start");
  call("/v1/archive")
    .then((archive) => {
      what.textContent = inWords(archive);
      if (archive.articles) fillLists(lists, ask);
      place.append(chooser("Add articles: choose files, or drop them anywhere ", addFiles));
      if (archive.fetches_addresses) place.append(byAddress(changed));
    })
    .catch((error) => {
      what.className = "error";
      what.textContent = error.message;
    });
  return place;
}

function inWords({ articles, publishers, first_day: first, last_day: last }) {
  if (!articles) return "There are no articles yet. Add some, then ask what they say.";
  const of = publishers ? ` of ${counted(publishers, "publisher")}` : "";
  const days = first === last ? day(first) && `, of ${day(first)}` : `, ${day(first)} to ${day(last)}`;
  return `${counted(articles, "article")}${of}${days}.`;
}

// Whoever has a question of their own needs neither of the two: that one cannot be had is not told.
async function fillLists(place, ask) {
  const cited = await call(`/v1/speakers?limit=${MOST_CITED}`).catch(() => ({ speakers: [] }));
  const people = cited.speakers.map(({ id, name, article_ids: articles }) => [
    link(`/people#id=${encodeURIComponent(id)}`, name),
    ` ${counted(articles.length, "article")}`,
  ]);
  list(place, "Who is cited most", people);
  const { questions } = await call("/v1/archive/questions").catch(() => ({ questions: [] }));
  const asking = questions.map(({ question }) => button(question, () => ask(question)));
  list(place, "Ask, for example", asking);
}

function list(place, title, items) {
  if (!items.length) return;
  const rows = items.map((item) => element("li", "", ...[item].flat()));
  place.prepend(element("div", "", element("h2", "", title), element("ul", "", ...rows)));
}

function byAddress(changed) {
  const input = element("input");
  Object.assign(input, { type: "url", name: "url", required: true, placeholder: "https://…" });
  const outcome = element("p", "note");
  outcome.setAttribute("role", "status");
  const add = element("button", "", "Add");
  const form = element("form", "row", element("label", "", "Or paste an article’s address ", input), add);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    outcome.className = "note";
    outcome.textContent = "Fetching …";
    add.disabled = true;
    try {
      const stored = await call("/v1/articles", posted({ url: input.value }));
      outcome.replaceChildren(`${stored.status}: `, link(`/articles/${stored.id}`, stored.title));
      input.value = "";
      changed();
    } catch (error) {
      outcome.className = "error";
      outcome.textContent = error.message;
    }
    add.disabled = false;
  });
  return element("div", "", form, outcome);
}
