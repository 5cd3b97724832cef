"""Reports: whether the source of single sentences that cite somebody is found.

``python -m benchmarks.reports --data gum.jsonl.gz [--limit N] [--json]``

Each row has the words of an attribution (``cue_edu``, ``content``) and its ``source``, tokenised, as GUM has them. Only
the documents of the half that is kept aside are measured: the second, fourth and so on by name. A source is found if a
statement's source shares a word with it that means something. Apart stand reports in news, those in interviews, and
those whose source is "I", "we" or "you": what somebody thinks there ("I think it rains") is nobody's quotation here.
"""

import re
from collections import defaultdict
from pathlib import Path

from benchmarks.common import Figures, read_rows, run
from index.attribution.factory import open_model, open_tagger
from index.text.sentences import split_sentences
from service.settings import load_settings

_SMALL = frozenset("a an the of and or in for at on to by with from his her their its who that".split())


def measure(data: Path, limit: int | None = None) -> Figures:
    """Return the share of sources found by the rules, by the model in the settings, and by both as they are used."""
    rows = read_rows(data, limit)
    aside = set(sorted({row["doc"] for row in rows})[1::2])
    chosen = load_settings().attribution_model
    taggers = {"rules": open_tagger("rules"), "model": open_model(chosen), "both": open_tagger(chosen)}
    found: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        if row["doc"] not in aside or not row["source"] or not row["content"]:
            continue
        text = _sentence(row["cue_edu"], row["content"])
        gold = _words(row["source"])
        kind = "first_person" if gold <= {"i", "we", "you"} else row["genre"]
        for name, tagger in taggers.items():
            sources = [text[slice(*each.source)] for each in tagger.tag(text, split_sentences(text))]
            found[f"{kind}_{name}"].append(any(gold & _words(source) for source in sources))
    shares: Figures = {f"{name}_source_found": sum(each) / len(each) for name, each in found.items()}
    counts = {name.removesuffix("_both"): len(each) for name, each in found.items() if name.endswith("_both")}
    return {"documents": len(aside), **counts, **shares}


def _sentence(cue: str, content: str) -> str:
    """Return the sentence that a cue and a content are of: the part that ends it stands last."""
    parts = (content, cue) if re.search(r"[.!?]\W*$", cue) else (cue, content)
    text = " ".join(parts)
    text = re.sub(r" ([,.;:!?)’]|'s\b|n't\b)", r"\1", text)
    text = re.sub(r"([(“]) ", r"\1", text)
    return re.sub(r'" ([^"]*?) ?"', r"“\1”", text)


def _words(text: str) -> set[str]:
    words = set(re.findall(r"\w+", text.lower()))
    return words - _SMALL or words


if __name__ == "__main__":
    run(__doc__, measure)
