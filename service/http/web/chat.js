// The conversation: questions, and what the articles say to them.

import { call, events } from "./api.js";
import { conversations, forget, keep } from "./conversations.js";
import { DOUBLE_CLICK_MS, button, element } from "./dom.js";
import { add, onDrop } from "./files.js";
import { suggestPublishers, suggestSpeakers } from "./filters.js";
import { exportMenu } from "./keep.js";
import { help } from "./keys.js";
import { addressOf, fill, filtersOf, fromAddress, inWords, typed } from "./narrowing.js";
import { closeOpen } from "./panel.js";
import { start } from "./start.js";
import { showAnswer, stillStands, turnOf } from "./turn.js";

const MOST_TURNS = 40;
const [form, send, turns, outcomes, earlier, scope] = ["ask", "send", "turns", "outcomes", "earlier", "scope"].map((id) =>
  document.getElementById(id),
);
let conversation = begin();
let articles = [];
let running = null;
let began = 0;
let interrupted = false;

function begin() {
  return { id: crypto.randomUUID?.() ?? String(Math.random()), began: new Date().toISOString(), turns: [] };
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const question = form.question.value.trim();
  if (running && event.submitter === send) {
    if (performance.now() - began > DOUBLE_CLICK_MS) {
      interrupted = true;
      running.abort();
    }
    return;
  }
  if (!question) return;
  interrupted = true;
  running?.abort();
  form.question.value = "";
  fit();
  ask(question);
});

form.question.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});
form.question.addEventListener("input", fit);

document.getElementById("new").before(exportMenu(() => answered(conversation).map(({ answer }) => answer)));
document.getElementById("new").addEventListener("click", () => show(begin()));
document.getElementById("keys").addEventListener("click", help);
earlier.addEventListener("toggle", () => earlier.open && listEarlier());
addEventListener("click", ({ target }) => earlier.open && !earlier.contains(target) && (earlier.open = false));
earlier.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  event.stopPropagation();
  earlier.open = false;
  earlier.querySelector("summary").focus();
});
onDrop(addFiles);
suggestPublishers(form.publisher);
suggestSpeakers(form.speaker);

async function addFiles(files) {
  await add(files, outcomes);
  if (!conversation.turns.length) showStart();
}

async function ask(question, narrowing = typed(form, articles)) {
  if (!conversation.turns.length) turns.replaceChildren();
  const turn = { question, narrowing, answer: null };
  const mine = conversation;
  mine.turns.push(turn);
  const { section, status, place } = turnOf(question, inWords(narrowing));
  section.setAttribute("aria-busy", "true");
  turns.append(section);
  section.scrollIntoView({ block: "start" });
  window.history.replaceState(null, "", addressOf(conversation.turns));
  const stop = (running = new AbortController());
  began = performance.now();
  send.textContent = "Stop";
  try {
    const request = { question, history: before(mine, turn), filters: await filtersOf(narrowing), stream: true };
    for await (const [name, data] of events("/v1/ask", request, stop.signal)) {
      if (name === "search") status.textContent = data.passages ? `Reading ${passages(data.passages)} …` : "";
      if (name === "progress") status.textContent = `Reading ${data.passages_read} of ${passages(data.passages)} …`;
      if (name === "error") throw new Error(data.detail);
      if (name === "answer") turn.answer = data;
    }
    if (!turn.answer) throw new Error("The connection was cut before the answer was whole. Ask again.");
    status.textContent = turn.answer.search_question === question ? "" : `searched as: ${turn.answer.search_question}`;
    showAnswer(place, turn.answer);
    if (section === turns.lastElementChild) section.scrollIntoView({ block: "start" });
    keep({ ...mine, turns: answered(mine) });
  } catch (error) {
    turn.answer = null;
    const stopped = stop.signal.aborted;
    status.textContent = "";
    place.replaceChildren(element("p", stopped ? "note" : "error", stopped ? "Stopped." : error.message));
  }
  if (!status.textContent) status.remove();
  section.removeAttribute("aria-busy");
  if (running === stop) {
    running = null;
    send.textContent = "Ask";
  }
}

function passages(number) {
  return `${number} passage${number === 1 ? "" : "s"}`;
}

function answered({ turns: all }) {
  return all.filter(({ answer }) => answer);
}

function before(mine, turn) {
  const turnsBefore = answered({ turns: mine.turns.slice(0, mine.turns.indexOf(turn)) });
  const said = turnsBefore.flatMap(({ question, answer }) => [
    { role: "user", content: question },
    { role: "assistant", content: answer.answer },
  ]);
  return said.slice(-MOST_TURNS);
}

// Shows a conversation that was had, or a new one; nothing of the one before is lost.
function show(other) {
  interrupted = true;
  running?.abort();
  conversation = other;
  earlier.open = false;
  window.history.replaceState(null, "", addressOf(other.turns));
  closeOpen();
  if (!other.turns.length) showStart();
  else turns.replaceChildren(...other.turns.map(shown));
  turns.lastElementChild?.scrollIntoView({ block: "start" });
  form.question.focus({ preventScroll: true });
}

function shown(turn) {
  const { section, status, place } = turnOf(turn.question, inWords(turn.narrowing));
  status.remove();
  showAnswer(place, turn.answer);
  const mine = conversation;
  // What was removed from the archive since is no longer quoted, nor kept here.
  stillStands(turn.answer, place).then((changed) => changed && keep({ ...mine, turns: answered(mine) }));
  return section;
}

function showStart() {
  turns.replaceChildren(start({ ask: (question) => ask(question), addFiles, changed: showStart }));
}

function listEarlier() {
  const rows = conversations().map((each) => {
    const asked = each.turns.length === 1 ? "1 question" : `${each.turns.length} questions`;
    const open = button(each.turns[0].question, () => show(each));
    const row = element("li", "", open, element("span", "note", `${each.began.slice(0, 10)} · ${asked}`));
    row.append(
      button(
        "Forget",
        () => {
          forget(each.id);
          listEarlier();
          (earlier.querySelector("li button") ?? earlier.querySelector("summary")).focus();
        },
        `Forget “${each.turns[0].question}”`,
      ),
    );
    return row;
  });
  if (!rows.length) rows.push(element("li", "note", "None yet."));
  earlier.querySelector("ul").replaceChildren(...rows, element("li", "note", "Kept in this browser alone."));
}

function narrowTo(ids) {
  articles = ids;
  scope.hidden = !ids.length;
  if (ids.length) {
    scope.replaceChildren(`Only ${inWords({ articles: ids })} `, button("Ask all articles", () => narrowTo([])));
    nameOne(ids);
  }
  if (!conversation.turns.length) window.history.replaceState(null, "", addressOf([], typed(form, articles)));
}

function nameOne(ids) {
  if (ids.length !== 1) return;
  call(`/v1/articles/${ids[0]}`)
    .then(({ title }) => (scope.firstChild.textContent = `Only in “${title}” `))
    .catch((error) => scope.prepend(element("span", "error", error.message)));
}

function fit() {
  form.question.style.height = "auto";
  form.question.style.height = `${form.question.scrollHeight + 2}px`;
}

// The address keeps questions with what they were narrowed to: to come back to, or to pass on.
async function askAgain() {
  const { turns: asked, first } = fromAddress(location.search);
  const last = asked.at(-1)?.narrowing ?? first;
  fill(form, last);
  narrowTo(last.articles);
  document.getElementById("narrow").open = Boolean(inWords({ ...last, articles: [] }));
  const same = conversations().find((each) => addressOf(each.turns) === addressOf(asked));
  if (!asked.length) return showStart();
  if (same) return show(same);
  for (const { question, narrowing } of asked) {
    if (interrupted) return;
    await ask(question, narrowing);
  }
}

askAgain();
form.question.focus({ preventScroll: true });
