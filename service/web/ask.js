import { call, element, link, origin, said, pieces } from "./dom.js";

const form = document.getElementById("ask");
const place = document.getElementById("answer");
let latest = 0;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  history.replaceState(null, "", `?q=${encodeURIComponent(form.question.value)}`);
  ask(form.question.value);
});

async function ask(question) {
  const mine = ++latest;
  place.replaceChildren(element("p", "note", "Reading …"));
  try {
    const answer = await call("/v1/ask", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ question }),
    });
    if (mine === latest) place.replaceChildren(...shown(answer));
  } catch (error) {
    if (mine === latest) place.replaceChildren(element("p", "error", error.message));
  }
}

function shown(answer) {
  const parts = [];
  if (!answer.answered) parts.push(element("p", "refusal", answer.answer));
  // Without words lit up, the short answer is the quotes themselves: once is enough.
  else if (answer.quotes.some((quote) => quote.highlights.length)) parts.push(element("p", "short", answer.answer));
  parts.push(...answer.warnings.map((warning) => element("p", "note", warning)));
  if (answer.answered) parts.push(...answer.quotes.map(card));
  if (answer.nearest.length) {
    const nearest = element("details", "nearest", element("summary", "", "The nearest passages, which do not answer"));
    nearest.append(...answer.nearest.map(card));
    parts.push(nearest);
  }
  return parts;
}

function card(quote) {
  const { start } = quote.citation;
  const words = element("blockquote", "", `[${quote.number}] “`, ...pieces(quote.text, start, quote.highlights), "”");
  const open = link(quote.link, quote.source.title);
  const about = element("figcaption", "", ...said(quote.attribution), open, element("span", "", origin(quote.source)));
  about.append(element("span", "", `confidence ${Math.round(quote.confidence * 100)}%`));
  for (const { text, value } of quote.dates) if (text !== value) about.append(element("span", "", `${text} = ${value}`));
  if (quote.source_link) about.append(link(quote.source_link, "at the publisher"));
  const figure = element("figure", "quote", words, about);
  // The whole card opens the article; text can still be selected, and the link serves the keyboard.
  figure.addEventListener("click", (event) => {
    if (!event.target.closest("a") && !String(getSelection())) location.assign(quote.link);
  });
  return figure;
}

call("/readyz")
  .then(({ articles }) => {
    document.getElementById("articles").textContent = `${articles} article${articles === 1 ? "" : "s"} to quote from.`;
  })
  .catch(() => {});
form.question.focus();

// The address keeps the question, so that coming back from an article finds the answer again.
const asked = new URLSearchParams(location.search).get("q");
if (asked) {
  form.question.value = asked;
  ask(asked);
}
