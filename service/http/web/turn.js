// A question with its answer, as the page shows it.

import { call, posted } from "./api.js";
import { copier } from "./copying.js";
import { button, element } from "./dom.js";
import { keepButton } from "./keep.js";
import { goTo } from "./keys.js";
import { card } from "./quote.js";

const CHANGED = {
  moved: "The article has changed since. The words stand in another place now.",
  superseded: "The article has changed since, and these words with it.",
  unknown: "Whether the article has changed since cannot be told now.",
};
const GONE = "The article has been removed since; its words are no longer quoted.";

export function turnOf(question, narrowedTo) {
  const status = element("p", "note", "Searching …");
  status.setAttribute("role", "status");
  const place = element("div", "answer");
  const section = element("section", "turn", element("h2", "", question));
  if (narrowedTo) section.append(element("p", "note narrowed", narrowedTo));
  section.append(status, place);
  return { section, status, place };
}

export function showAnswer(place, answer) {
  const cards = answer.quotes.map(card);
  const parts = [...cards];
  if (!answer.answered) parts.unshift(element("p", "refusal", answer.answer));
  // Otherwise the answer is the quotes themselves: once is enough.
  else if (answer.short) parts.unshift(line(answer, cards));
  parts.push(...answer.warnings.map((warning) => element("p", "note", warning)));
  if (answer.nearest.length) {
    const nearest = element("details", "nearest", element("summary", "", "The nearest passages, which do not answer"));
    nearest.append(...answer.nearest.map(card));
    parts.push(nearest);
  }
  // What was removed since can no longer be kept.
  if (answer.evidence) parts.push(element("p", "actions", keepButton(answer)));
  place.replaceChildren(...parts);
}

// The answer in a line, whose numbers lead to their quotes.
function line({ answer }, cards) {
  const made = element("span", "short");
  for (const part of answer.split(/(\[\d+\])/)) {
    const quote = cards[Number(/^\[(\d+)\]$/.exec(part)?.[1]) - 1];
    made.append(quote ? button(part, () => goTo(quote), `Quote ${part.slice(1, -1)}`) : part);
  }
  return element("p", "line", made, " ", copier(() => answer, "Copy the answer"));
}

// Says at each quote of an answer that was given before what has become of it; whether any has been removed.
export async function stillStands(answer, place) {
  const cards = [...place.querySelectorAll(".quote")];
  const quotes = [...answer.quotes, ...answer.nearest];
  const states = await Promise.all(
    quotes.map(({ citation }) =>
      call("/v1/resolve", posted({ citation }))
        .then(({ status }) => status)
        .catch((error) => (error.status === 404 ? "deleted" : "unknown")),
    ),
  );
  const gone = new Set(quotes.filter((_, at) => states[at] === "deleted"));
  for (const [at, state] of states.entries()) {
    if (state === "deleted") cards[at].replaceWith(element("p", "refusal", `[${quotes[at].number}] ${GONE}`));
    else if (state !== "current") cards[at].append(element("p", "error", CHANGED[state]));
  }
  if (gone.size) for (const made of place.querySelectorAll(".line, .actions")) made.remove();
  // What is left is no longer the answer that was given: it can be read, but not kept or exported.
  if (gone.size) Object.assign(answer, { answer: GONE, evidence: null });
  answer.quotes = answer.quotes.filter((quote) => !gone.has(quote));
  answer.nearest = answer.nearest.filter((quote) => !gone.has(quote));
  return gone.size > 0;
}
