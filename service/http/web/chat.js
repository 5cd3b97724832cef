// The conversation: questions, and what the articles say to them.

import { events } from "./api.js";
import { DOUBLE_CLICK_MS, element } from "./dom.js";
import { add, onDrop } from "./files.js";
import { closeOpen } from "./panel.js";
import { card } from "./quote.js";

const MOST_TURNS = 40;
const form = document.getElementById("ask");
const send = document.getElementById("send");
const turns = document.getElementById("turns");
const outcomes = document.getElementById("outcomes");
let history = [];
let running = null;
let began = 0;
let interrupted = false;

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

document.getElementById("new").addEventListener("click", () => {
  interrupted = true;
  running?.abort();
  history = [];
  turns.replaceChildren();
  window.history.replaceState(null, "", "/");
  closeOpen();
  form.question.focus();
});

onDrop((files) => add(files, outcomes));

async function ask(question) {
  const status = element("p", "note", "Searching …");
  const place = element("div", "answer");
  const turn = element("section", "turn", element("h2", "", question), status, place);
  turn.setAttribute("aria-busy", "true");
  turns.append(turn);
  turn.scrollIntoView({ block: "start" });
  keepInAddress(question);
  running = new AbortController();
  began = performance.now();
  const mine = running;
  send.textContent = "Stop";
  try {
    let whole = false;
    for await (const [name, data] of events("/v1/ask", request(question), mine.signal)) {
      if (name === "search") status.textContent = `Reading ${data.passages} passage${data.passages === 1 ? "" : "s"} …`;
      if (name === "quote") place.append(card(data));
      if (name === "error") throw new Error(data.detail);
      if (name === "answer") {
        status.textContent = data.search_question === question ? "" : `searched as: ${data.search_question}`;
        frame(place, data);
        if (turn === turns.lastElementChild) turn.scrollIntoView({ block: "start" });
        if (turn.isConnected) history.push({ role: "user", content: question }, { role: "assistant", content: data.answer });
        whole = true;
      }
    }
    if (!whole) throw new Error("The connection was cut before the answer was whole. Ask again.");
  } catch (error) {
    const stopped = mine.signal.aborted;
    status.textContent = "";
    place.replaceChildren(element("p", stopped ? "note" : "error", stopped ? "Stopped." : error.message));
  }
  if (!status.textContent) status.remove();
  turn.removeAttribute("aria-busy");
  if (running === mine) {
    running = null;
    send.textContent = "Ask";
  }
}

function request(question) {
  const filters = {};
  for (const name of ["speaker", "publisher"]) if (form[name].value.trim()) filters[name] = [form[name].value.trim()];
  for (const name of ["published_from", "published_to"]) if (form[name].value) filters[name] = form[name].value;
  return { question, history: history.slice(-MOST_TURNS), filters, stream: true };
}

// What stands around the quotes, once the answer is whole.
function frame(place, answer) {
  if (!answer.answered) place.prepend(element("p", "refusal", answer.answer));
  // Otherwise the answer is the quotes themselves: once is enough.
  else if (answer.short) place.prepend(element("p", "short", answer.answer));
  place.append(...answer.warnings.map((warning) => element("p", "note", warning)));
  if (answer.nearest.length) {
    const nearest = element("details", "nearest", element("summary", "", "The nearest passages, which do not answer"));
    nearest.append(...answer.nearest.map(card));
    place.append(nearest);
  }
}

function fit() {
  form.question.style.height = "auto";
  form.question.style.height = `${form.question.scrollHeight + 2}px`;
}

// The address keeps the questions: to come back to, or to pass on.
function keepInAddress(question) {
  const address = new URL(location.href);
  address.searchParams.append("q", question);
  window.history.replaceState(null, "", address);
}

async function askAgain() {
  const questions = new URLSearchParams(location.search).getAll("q");
  window.history.replaceState(null, "", "/");
  for (const question of questions) {
    if (interrupted) return;
    await ask(question);
  }
}

askAgain();
form.question.focus({ preventScroll: true });
