// What lists are narrowed by: publishers by a part of their names, days, and fields that wait until typing pauses.

import { call } from "./api.js";
import { element } from "./dom.js";

const PAUSE_MS = 250;
const MOST_NAMES = 100;

// Runs an action once nothing has been typed for a moment; what is chosen or sent counts at once.
export function whenChanged(form, action) {
  let waiting = 0;
  const now = () => {
    clearTimeout(waiting);
    action();
  };
  form.addEventListener("input", ({ target }) => {
    clearTimeout(waiting);
    if (target.name) waiting = setTimeout(action, target.tagName === "SELECT" || target.type === "date" ? 0 : PAUSE_MS);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    now();
  });
}

// The publishers whose names have a part; all of them count where no name is exactly what was typed.
export async function publishersOf(part) {
  const found = await call(`/v1/publishers?limit=${MOST_NAMES}&q=${encodeURIComponent(part)}`);
  const names = found.publishers.map(({ name }) => name);
  const exact = names.find((name) => name.toLowerCase() === part.toLowerCase());
  return exact ? [exact] : names;
}

export function suggestPublishers(input) {
  suggest(input, async (part) => (await call(`/v1/publishers?q=${part}`)).publishers);
}

export function suggestSpeakers(input) {
  suggest(input, async (part) => {
    const { speakers } = await call(`/v1/speakers?limit=20&q=${part}`);
    return speakers.map(({ name, article_ids: articles }) => ({ name, articles: articles.length }));
  });
}

function suggest(input, named) {
  const list = element("datalist");
  list.id = `${input.name}-names`;
  input.setAttribute("list", list.id);
  input.after(list);
  let latest = 0;
  const fill = async () => {
    const mine = ++latest;
    const found = await named(encodeURIComponent(input.value.trim())).catch(() => null);
    if (!found || mine !== latest) return;
    list.replaceChildren(
      ...found.map(({ name, articles }) =>
        Object.assign(element("option"), { value: name, label: `${name} (${articles.toLocaleString("en")})` }),
      ),
    );
  };
  input.addEventListener("focus", fill);
  input.addEventListener("input", fill);
}

// The parameters of a request that a form's fields ask for, and what to say of the publishers that a part has found.
export async function narrowed(form) {
  const asked = new URLSearchParams();
  for (const name of ["q", "published_from", "published_to", "kind", "sort"]) {
    const value = form[name]?.value.trim();
    if (value) asked.set(name, value);
  }
  const part = form.publisher.value.trim();
  const names = part ? await publishersOf(part) : [];
  for (const name of names) asked.append("publisher", name);
  const isPart = names.length > 1 || (names.length && names[0].toLowerCase() !== part.toLowerCase());
  const note = part && !names.length ? `No publisher is called “${part}”.` : isPart ? `Of ${names.join(", ")}.` : "";
  return { asked, note, isNone: Boolean(part && !names.length) };
}

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

export function day(published) {
  return published ? DAY.format(new Date(`${published}T00:00:00Z`)) : "";
}

export function counted(number, one, many = `${one}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}
