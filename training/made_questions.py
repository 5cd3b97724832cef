"""Make questions whose answer is a clause or a sentence: why, how, and what something is.

The annotators of the training data asked for names, numbers and dates; people who search also ask for reasons, means
and meanings. Where a sentence gives one in plain words, the words before them make the question.
"""

import random
import re
from collections.abc import Iterator, Sequence

from index.text.sentences import split_sentences
from index.types import Span
from training.examples import Example

_REASON = re.compile(r"^(?P<clause>[A-Z][^,;:\"“”()]{20,110}?),? (?P<answer>because (?:of )?[^;\"“”()]{12,200})[.!]$")
_MEANS = re.compile(r"^(?P<clause>[A-Z][^,;:\"“”()]{15,110}?) (?P<answer>by \w{3,}ing [^;\"“”()]{10,160})[.!]$")
_PURPOSE = re.compile(r"^(?P<clause>[A-Z][^,;:\"“”()]{20,110}?),? (?P<answer>in order to [^;\"“”()]{12,160})[.!]$")
_MEANING = re.compile(
    r"^(?:The |An? )?(?P<clause>[A-Za-z][\w’'-]+(?: [\w’'-]+){0,3}) "
    r"(?P<answer>(?:is|are|refers to|means) (?:the|an?|any|when) .{15,})$"
)
_FORMS = (
    (_REASON, ("why {clause}", "Why {clause}?", "what is the reason that {clause}", "What made it so that {clause}?")),
    (_MEANS, ("how {clause}", "How {clause}?", "in what way {clause}", "By what means {clause}?")),
    (_PURPOSE, ("why {clause}", "What is the purpose: {clause}?", "for what reason {clause}")),
    (_MEANING, ("what is {clause}", "What is {clause}?", "{clause} meaning", "define {clause}",
                "What does {clause} mean?", "what is the definition of {clause}")),
)  # fmt: skip
_NO_SUBJECT = frozenset(
    "it this that these those there he she they we i you which who what one another here such".split()
)


def made_questions(examples: Sequence[Example], rng: random.Random) -> list[Example]:
    """Return a question for each sentence of the examples' passages that states a reason, a means or a meaning."""
    passages = {each.passage: each for each in examples if each.kind in ("given", "search")}
    return [made for each in passages.values() for made in _of(each, rng)]


def _of(example: Example, rng: random.Random) -> Iterator[Example]:
    for start, end in split_sentences(example.passage):
        sentence = example.passage[start:end]
        for pattern, forms in _FORMS:
            match = pattern.match(sentence.rstrip())
            if not match or match["clause"].split()[0].lower() in _NO_SUBJECT:
                continue
            if pattern is _MEANING and example.kind != "search":  # "Mine is a bargain" is no definition.
                continue
            clause = match["clause"]
            if not clause.split()[0].isupper() and f" {clause.split()[0]}" not in example.passage:
                clause = clause[0].lower() + clause[1:]
            answer = Span(start + match.start("answer"), start + match.end("answer"))
            question = rng.choice(forms).format(clause=clause)
            whole = Span(start, start + len(sentence.rstrip()))
            yield Example(question, example.passage, (answer, whole), example.title, example.group, "made")
            break
