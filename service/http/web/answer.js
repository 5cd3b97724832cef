// An answer that was kept: as it was given, and what has become of each citation since.

import { call } from "./api.js";
import { element, link } from "./dom.js";
import { exportKept } from "./keep.js";
import { card } from "./quote.js";
import { changed } from "./reader.js";

const STANDS = "It stands in the article as it was quoted.";
const id = decodeURIComponent(location.pathname.split("/").pop());
const heading = document.querySelector("h1");
const place = document.querySelector("main");

function day(instant) {
  return new Date(instant).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
}

function show(answer) {
  document.title = `${answer.question} – Pullquote`;
  heading.textContent = answer.question;
  const about = element("p", "note", `Answered on ${day(answer.given)}`);
  if (day(answer.kept) !== day(answer.given)) about.append(`, kept on ${day(answer.kept)}`);
  if (answer.search_question && answer.search_question !== answer.question) about.append(` · searched as: ${answer.search_question}`);
  const parts = [about];
  if (!answer.answered) parts.push(element("p", "refusal", answer.answer ?? "Nothing in the articles of that day answered this."));
  else if (answer.short && answer.answer) parts.push(element("p", "short", answer.answer));
  parts.push(...answer.quotes.map(standing));
  parts.push(...answer.warnings.map((warning) => element("p", "note", warning)));
  if (answer.nearest.length) {
    const summary = element("summary", "", "The nearest passages, which did not answer");
    parts.push(element("details", "nearest", summary, ...answer.nearest.map(standing)));
  }
  place.replaceChildren(...parts, exportKept(answer.id), models(answer));
}

function standing({ number, citation, title, published, now, quote }) {
  if (!quote) return gone({ number, citation, title, published });
  const figure = card({ ...quote, number });
  const same = now.status === "current";
  const said = element("p", same ? "note state" : "error state", same ? STANDS : changed({ status: now.status }));
  figure.append(said);
  if (now.status === "superseded" && now.citation) {
    figure.append(element("p", "note", "Now there stands: ", element("q", "", now.citation.text)));
  }
  return figure;
}

function gone({ number, citation, title, published }) {
  const called = title ?? `article ${citation.article_id}`;
  const said = `[${number}] The article that was quoted here has been removed, and its words with it.`;
  return element("div", "refusal", element("p", "", said), element("p", "note", [called, published].filter(Boolean).join(" · ")));
}

function models({ models: used, chosen_by: chosen }) {
  const names = [used.reader, used.embedding, used.annotator, chosen && `quotes chosen by ${chosen}`].filter(Boolean);
  return element("p", "note", `Answered by Pullquote with ${names.join(", ")}. Kept at ${location.origin}${location.pathname}`);
}

call(`/v1/answers/${encodeURIComponent(id)}`)
  .then(show)
  .catch((error) => {
    heading.textContent = "This answer cannot be shown";
    place.replaceChildren(element("p", "error", error.message), element("p", "", link("/", "Ask anew")));
  });
