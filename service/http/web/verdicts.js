// What the verdicts are called, and what is said of each finding. The worst stands first.

export const VERDICTS = {
  misattributed: { sign: "⇄", name: "misattributed" },
  altered: { sign: "≠", name: "altered" },
  out_of_context: { sign: "✂", name: "out of context" },
  absent: { sign: "?", name: "not in the archive" },
  not_checked: { sign: "–", name: "not checked" },
  found: { sign: "✓", name: "found" },
};
const ORDER = Object.keys(VERDICTS);
const COUNTED = ["found", "altered", "misattributed", "out_of_context", "absent", "not_checked"];

export function worstFirst(checked) {
  const rank = (each) => (each.wrong ? 0 : ORDER.length) + ORDER.indexOf(each.status);
  return checked.map((each, at) => ({ ...each, number: at + 1 })).toSorted((one, other) => rank(one) - rank(other));
}

// "12 quotations: 9 found, 1 altered"
export function summary(checked) {
  const lines = [["quotation", "quotation"], ["statement", "reported figure"]].map(([kind, noun]) => {
    const alike = checked.filter((each) => each.kind === kind);
    const counts = COUNTED.map((status) => [alike.filter((each) => each.status === status).length, VERDICTS[status].name])
      .filter(([count]) => count)
      .map(([count, name]) => `${count} ${name}`);
    return alike.length ? `${alike.length} ${noun}${alike.length === 1 ? "" : "s"}: ${counts.join(", ")}` : "";
  });
  return lines.filter(Boolean).join(" · ");
}

export function said(finding) {
  const by = finding.said_by || "nobody by name";
  const draft = finding.speaker ? `The draft gives it to ${finding.speaker}` : "The draft names nobody";
  switch (finding.status) {
    case "misattributed":
      return `The words are in the archive, said by ${by}. ${draft}.`;
    case "altered":
      if (finding.kind === "statement") return `The archive has another figure from ${by}.`;
      if (finding.agreement === "confirmed") return `The archive has other words from ${by}.`;
      return `The archive has other words${finding.said_by ? `, said by ${by}` : ""}. ${draft}.`;
    case "out_of_context":
      return `The words are there, without what makes them mean something else${finding.said_by ? `: said by ${by}` : ""}.`;
    case "absent":
      return finding.kind === "statement"
        ? "Nothing in the archive was found to give this figure. It may be told there in other words."
        : "No article of the archive has words like these. That is no proof that nobody said them.";
    case "found":
      return finding.agreement === "unconfirmed" && finding.speaker
        ? `The article has them, and does not say plainly that ${finding.speaker} said them.`
        : finding.said_by
          ? `Said by ${by}.`
          : "The article says it itself.";
    default:
      return "";
  }
}

// The article's words, with the draft's own where they differ: [kind, text] in order, kind "", "del" or "ins".
export function compared(finding) {
  const points = Array.from(finding.matches[0].text);
  const parts = [];
  let at = 0;
  for (const { kind, given, found, at: start } of finding.differences) {
    if (kind !== "words") continue;
    parts.push(["", points.slice(at, start).join("")]);
    if (given.trim()) parts.push(["del", given.trim()], ["", " "]);
    if (found.trim()) parts.push(["ins", found]);
    at = start + Array.from(found).length;
  }
  parts.push(["", points.slice(at).join("")]);
  return parts.filter(([, text]) => text);
}

export function place(match) {
  const { title, publisher, published } = match.source;
  return [title, publisher, published].filter(Boolean).join(", ");
}
