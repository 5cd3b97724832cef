// The conversations that were had: kept in this browser alone.

const KEY = "pullquote-conversations";
const MOST = 50;

export function conversations() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept : [];
  } catch {
    return []; // no storage in this browser, or not ours
  }
}

// The latest comes first. Where the browser's room ends, the oldest go.
export function keep(conversation) {
  const others = conversations().filter(({ id }) => id !== conversation.id);
  let kept = [conversation, ...others].slice(0, MOST);
  while (kept.length && !written(kept)) kept = kept.slice(0, -1);
}

export function forget(id) {
  written(conversations().filter((each) => each.id !== id));
}

function written(kept) {
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}
