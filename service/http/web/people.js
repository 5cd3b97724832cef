// Who is cited in the articles, and all that one of them said.

import { call } from "./api.js";
import { element, link } from "./dom.js";
import { counted, day, narrowed, suggestPublishers, whenChanged } from "./filters.js";
import { exportPerson } from "./keep.js";
import { closeOpen } from "./panel.js";
import { card } from "./quote.js";

const PEOPLE = 100;
const SAYINGS = 50;
const [everyone, find, count, list, more] = ["everyone", "find", "count", "list", "more"].map((id) => document.getElementById(id));
const [person, name, about, take, narrow, said, sayings, further] = ["person", "name", "about", "take", "narrow", "said", "sayings", "further"].map(
  (id) => document.getElementById(id),
);
let cursor = null;
let latest = 0;
let who = "";
let shown = 0;

suggestPublishers(narrow.publisher);
whenChanged(find, () => listPeople());
whenChanged(narrow, () => listSayings());
more.addEventListener("click", () => listPeople(true));
further.addEventListener("click", () => listSayings(true));
// Scrolling to the end is asking for more.
new IntersectionObserver((seen) => seen.some((each) => each.isIntersecting) && !further.disabled && further.click()).observe(further);
addEventListener("hashchange", show);

function show() {
  const asked = new URLSearchParams(location.hash.slice(1));
  if (who && who === asked.get("id")) return;
  who = asked.get("id") ?? "";
  closeOpen();
  everyone.hidden = Boolean(who);
  person.hidden = !who;
  document.title = "People – Pullquote";
  if (!who) {
    if (!find.q.value) find.q.value = asked.get("q") ?? "";
    return listPeople();
  }
  narrow.reset();
  for (const [field, value] of asked) if (narrow.elements[field]) narrow.elements[field].value = value;
  name.textContent = "";
  about.textContent = "";
  take.replaceChildren(exportPerson(who));
  return listSayings().then(() => name.focus());
}

async function listPeople(isMore = false) {
  const mine = ++latest;
  if (!isMore) {
    cursor = null;
    const q = find.q.value.trim();
    history.replaceState(null, "", q ? `#${new URLSearchParams({ q })}` : location.pathname);
  }
  more.disabled = true;
  try {
    const page = new URLSearchParams({ q: find.q.value.trim(), limit: PEOPLE, ...(cursor ? { cursor } : {}) });
    const { speakers, total, next_cursor: next } = await call(`/v1/speakers?${page}`);
    if (mine !== latest) return;
    const rows = speakers.map(row);
    if (isMore) {
      list.append(...rows);
      rows[0]?.querySelector("a").focus();
    } else list.replaceChildren(...rows);
    cursor = next;
    count.textContent = total ? `${counted(total, "name")}, those in the most articles first` : "";
    if (!total) list.replaceChildren(element("li", "empty", ...nobody()));
  } catch (error) {
    if (mine === latest) list.replaceChildren(element("li", "error", error.message));
  } finally {
    more.disabled = false;
    more.hidden = !cursor;
  }
}

function nobody() {
  if (find.q.value.trim()) return ["Nobody of that name is cited. A surname or a part of a name is enough."];
  return ["Nobody is cited yet: there are no articles with quotations. ", link("/articles", "Add articles"), "."];
}

function row({ id, name: called, aliases, article_ids: articles, times }) {
  const open = link(`#id=${encodeURIComponent(id)}`, called);
  const others = aliases.length ? element("span", "note", `also ${aliases.slice(0, 4).join(", ")}${aliases.length > 4 ? " …" : ""}`) : "";
  const numbers = `${counted(times, "quote")} in ${counted(articles.length, "article")}`;
  return element("li", "", element("span", "name", open, others), element("span", "note", numbers));
}

async function listSayings(isMore = false) {
  const mine = ++latest;
  const of = who;
  if (!isMore) {
    cursor = null;
    shown = 0;
    const fields = [...new FormData(narrow)].filter(([, value]) => value);
    history.replaceState(null, "", `#${new URLSearchParams([["id", who], ...fields])}`);
  }
  further.disabled = true;
  try {
    const { asked, note, isNone } = await narrowed(narrow);
    if (isNone && mine === latest) return nothing(note);
    asked.set("limit", SAYINGS);
    asked.set("sort", "published");
    if (cursor) asked.set("cursor", cursor);
    const { speaker, sayings: found, next_cursor: next } = await call(`/v1/speakers/${encodeURIComponent(of)}?${asked}`);
    if (mine !== latest) return;
    introduce(speaker);
    if (!isMore) sayings.replaceChildren();
    append(found, speaker);
    cursor = next;
    further.hidden = !cursor;
    if (!shown) return nothing(note);
    said.textContent = [`${counted(shown, "quote")}${cursor ? " so far" : ""}, by day`, note].filter(Boolean).join(" · ");
  } catch (error) {
    if (mine !== latest) return;
    further.hidden = true;
    said.textContent = "";
    sayings.replaceChildren(element("p", "error", error.message));
  } finally {
    further.disabled = false;
  }
}

function nothing(note) {
  further.hidden = true;
  said.textContent = note;
  sayings.replaceChildren(element("p", "empty", "Nothing they said fits. Use another word, or clear the publisher and the days."));
}

function introduce(speaker) {
  document.title = `${speaker.name} – Pullquote`;
  name.textContent = speaker.name;
  const numbers = `${counted(speaker.times, "quote")} in ${counted(speaker.article_ids.length, "article")}`;
  const others = speaker.aliases.length ? `, also as ${speaker.aliases.join(", ")}` : "";
  about.replaceChildren(`${numbers}${others}. `, link(`/?${new URLSearchParams({ speaker: speaker.name })}`, "Ask what they said"));
}

function append(found, speaker) {
  for (const saying of found) {
    const heading = day(saying.published) || "Without a day";
    if (heading !== sayings.dataset.day) sayings.append(element("h3", "", heading));
    sayings.dataset.day = heading;
    sayings.append(card(asQuote(saying, speaker, ++shown)));
  }
}

// A saying as a quote card shows it: the article's attribution and the speaker's stance take the place of an answer's.
function asQuote(saying, speaker, number) {
  const { stance, stance_cue, via } = saying.attribution;
  const credit = `${stance === "denied" ? "denied" : "said"} by ${speaker.name}${via ? `, according to ${via}` : ""}`;
  return { ...saying, number, stance, stance_cue, credit, confidence: null, highlights: [], dates: [], copies: [] };
}

show();
