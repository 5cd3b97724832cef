// The report on a draft, to take along: as text, as a page that needs nothing else, and as the service gave it.

import { VERDICTS, compared, place, said, summary, worstFirst } from "./verdicts.js";

const STYLE = `body{max-width:44rem;margin:2rem auto;padding:0 1rem;font:1.05rem/1.6 Georgia,serif;color:#1c1c1a;background:#fff}
h2{font-size:1.1rem;margin:2rem 0 .3rem}blockquote{margin:.5rem 0;padding-left:1rem;border-left:3px solid #8a1c1c}
del{color:#8a1c1c}ins{background:#ffe58a;text-decoration:underline}.draft{white-space:pre-wrap}p{margin:.4rem 0}`;
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

export function asText(draft) {
  const parts = [draft.title, summary(draft.checked), ...draft.warnings];
  for (const each of worstFirst(draft.checked)) {
    const lines = [`${VERDICTS[each.status].name.toUpperCase()}: ${words(each)}${by(each)}`, said(each), ...each.warnings];
    if (each.status === "altered") lines.push(`Differs: ${compared(each).map(shown).join("")}`);
    if (each.context) lines.push(`The article says: “${each.context.sentences.text}”`);
    if (each.matches.length) lines.push(`${place(each.matches[0])}: ${address(each.matches[0])}`);
    parts.push(lines.filter(Boolean).join("\n  "));
  }
  return `${parts.filter(Boolean).join("\n\n")}\n`;
}

function words(each) {
  return each.kind === "quotation" ? `“${each.text}”` : each.text;
}

function by(each) {
  return each.speaker ? ` – ${each.speaker}` : "";
}

function shown([kind, text]) {
  return kind === "del" ? `[-${text}-]` : kind === "ins" ? `{+${text}+}` : text;
}

function address(match) {
  return new URL(match.link, location.href).href;
}

// Everything is put in as text, so that nothing of a draft or an article can be taken for HTML.
export function asPage(draft) {
  const page = document.implementation.createHTMLDocument(`Report: ${draft.title}`);
  const put = (name, ...children) => {
    const made = page.createElement(name);
    made.append(...children);
    return made;
  };
  const policy = Object.assign(put("meta"), { httpEquiv: "Content-Security-Policy", content: POLICY });
  const charset = put("meta");
  charset.setAttribute("charset", "utf-8");
  page.head.prepend(charset, policy);
  page.documentElement.lang = "en";
  page.body.append(put("h1", draft.title), put("p", summary(draft.checked)), ...draft.warnings.map((each) => put("p", each)));
  for (const each of worstFirst(draft.checked)) page.body.append(...told(each, put));
  const text = put("div", draft.text);
  text.className = "draft";
  page.body.append(put("h2", "The draft"), text);
  // This page's policy forbids styles in documents that it makes: it is put in behind them.
  return `<!doctype html>\n${page.documentElement.outerHTML.replace("</head>", `<style>${STYLE}</style></head>`)}`;
}

function told(each, put) {
  const { sign, name } = VERDICTS[each.status];
  const parts = [put("h2", `${sign} ${name}: ${words(each)}${by(each)}`), put("p", said(each))];
  parts.push(...each.warnings.map((warning) => put("p", warning)));
  const [match] = each.matches;
  if (!match) return parts;
  const shown = each.status === "altered" ? compared(each) : [["", each.context?.sentences.text ?? match.text]];
  const quoted = put("blockquote", ...shown.map(([kind, text]) => (kind ? put(kind, text) : text)));
  quoted.cite = match.source.url ?? address(match);
  const from = put("a", place(match));
  from.href = address(match);
  return [...parts, quoted, put("p", from)];
}

export function download(text, type, name) {
  const to = document.createElement("a");
  to.href = URL.createObjectURL(new Blob([text], { type }));
  to.download = name;
  to.click();
  setTimeout(() => URL.revokeObjectURL(to.href), 10_000);
}
