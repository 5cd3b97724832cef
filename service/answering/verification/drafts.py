"""A draft checked against the articles: everything in quotation marks in it, and what it reports with a figure."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index import stopping
from index.annotator import Annotator
from index.errors import ArticleError
from index.formats.decoding import non_text
from index.search import Searcher
from index.text.lexicon import PRONOUNS
from index.text.sentences import split_sentences
from index.types import Article, Span
from service.answering.verification.names import people_in
from service.answering.verification.own import OwnText
from service.answering.verification.pieces import Piece, pieces_of
from service.answering.verification.quoted import words_of
from service.answering.verification.statements import Reported, StatementChecker
from service.answering.verification.verify import Claim, Verdict, Verified, Verifier

Status = Literal[Verdict, "not_checked"]

LONGEST_DRAFT = 100_000
MOST_CHECKED = 200
_FEW_WORDS = 3
_BESIDE = 80
_MOST_NAMED = 50
_NO_QUOTATIONS = "There are no quotations in this draft, and it reports no figure of anybody's."


@dataclass(frozen=True)
class Checked:
    """A piece of a draft with the verdict on it; None where it was not checked. ``warnings`` say what else to know."""

    piece: Piece
    verified: Verified | None
    warnings: tuple[str, ...] = ()

    @property
    def status(self) -> Status:
        """The verdict's status, or "not_checked"."""
        return self.verified.status if self.verified else "not_checked"

    @property
    def is_wrong(self) -> bool:
        """Whether it must not be published as it stands.

        That nothing like a figure was found proves little: it may be told in other words.
        """
        fine = ("found", "not_checked") if self.piece.kind == "quotation" else ("found", "not_checked", "absent")
        return self.status not in fine


@dataclass(frozen=True)
class CheckedDraft:
    """A draft as it was read, and everything checked in it, in its order."""

    article: Article
    checked: tuple[Checked, ...]
    warnings: tuple[str, ...] = ()

    @property
    def summary(self) -> dict[Status, int]:
        """How many have each status; those that none has are left out."""
        return dict(Counter(each.status for each in self.checked))

    @property
    def is_wrong(self) -> bool:
        """Whether anything in it must not be published as it stands."""
        return any(each.is_wrong for each in self.checked)


class DraftChecker:
    """Check drafts against a store."""

    def __init__(self, verifier: Verifier, searcher: Searcher, annotator: Annotator) -> None:
        """Take what checks quotations, what searches the store, and what finds the speakers of a draft."""
        self._verifier = verifier
        self._searcher = searcher
        self._statements = StatementChecker(searcher)
        self._annotator = annotator

    def check(self, draft: Article) -> CheckedDraft:
        """Return everything in ``draft`` that is quoted or reported, each with its verdict.

        Speakers are those that the draft itself names. An article that is the draft itself is no source. Raises
        ArticleError for a draft of more than 100,000 characters, or with more than 200 pieces to check, and
        StoppedError.
        """
        _require_draft(draft)
        sentences = split_sentences(draft.text)
        pieces = pieces_of(draft, sentences, self._annotator)
        if len(pieces) > MOST_CHECKED:
            raise ArticleError(
                f"The draft has {len(pieces):,} quotations and reported figures.",
                remedy=f"Check it in parts of at most {MOST_CHECKED}.",
            )
        own = OwnText(draft.text, [each.whole for each in pieces if each.kind == "quotation"])
        found = {**self._quotations(draft, pieces, own), **self._reported(draft, pieces, own)}
        checked = tuple(found.get(each) or Checked(each, None, (each.unchecked,)) for each in pieces)
        notes = () if pieces else (_NO_QUOTATIONS,)
        return CheckedDraft(draft, checked, (*notes, *own.warnings))

    def _quotations(self, draft: Article, pieces: Sequence[Piece], own: OwnText) -> dict[Piece, Checked]:
        quoted = [each for each in pieces if each.kind == "quotation" and not each.unchecked]
        claims = [Claim(words_of(draft.text, each.span), each.speaker) for each in quoted]
        verdicts = self._verifier.verify_all(claims, is_source=own.is_other)
        found = {}
        for piece, claim, verdict in zip(quoted, claims, verdicts, strict=True):
            named, judged = piece, verdict
            if verdict.status == "misattributed" and _names_nearer(draft.text, piece, verdict.said_by):
                named = replace(piece, speaker=verdict.said_by, source=None)
                (judged,) = self._verifier.verify_all([claim._replace(speaker=named.speaker)], is_source=own.is_other)
            found[piece] = _considered(named, claim, judged)
        return found

    def _reported(self, draft: Article, pieces: Sequence[Piece], own: OwnText) -> dict[Piece, Checked]:
        reported = [each for each in pieces if each.kind == "statement"]
        statements = [Reported.of(draft.text, each.span, each.speaker) for each in reported]
        vectors = self._searcher.vectors([each.text for each in statements])
        found = {}
        for piece, statement, vector in zip(reported, statements, vectors, strict=True):
            stopping.check()
            verdict = self._statements.check(statement, vector=vector, is_source=own.is_other)
            found[piece] = Checked(piece, verdict, verdict.warnings)
        return found


def _names_nearer(text: str, piece: Piece, name: str) -> bool:
    """Whether the draft names somebody nearer to a quotation than the speaker whom a tagger gave it, or within.

    Only its paragraph is looked at. Then it is the tagger that is wrong, more likely than the draft.
    """
    if piece.source is None or not name.split():
        return False
    start = text.rfind("\n", 0, piece.whole.start) + 1
    places = [match.span() for match in re.finditer(rf"\b{re.escape(name.split()[-1])}\b", text[start:])][:_MOST_NAMED]
    named = [Span(start + one, start + other) for one, other in places]
    limit = min(_gap(piece.whole, piece.source), _BESIDE)
    return any(0 < _gap(piece.whole, each) < limit or piece.source.holds(each) for each in named)


def _gap(one: Span, other: Span) -> int:
    return max(one.start - other.end, other.start - one.end, 0)


def _considered(piece: Piece, claim: Claim, verified: Verified) -> Checked:
    """Return the verdict on a quotation; that somebody else says the same two or three words makes them nobody's."""
    few = len(claim.text.split()) <= _FEW_WORDS
    if few and verified.status == "misattributed":
        others = f"Only others are cited with these few words: {verified.said_by}." if verified.said_by else ""
        return Checked(piece, Verified("absent"), (*piece.warnings, others) if others else piece.warnings)
    if few and verified.status == "altered" and verified.speaker != "same":
        return Checked(piece, Verified("absent"), piece.warnings)
    if verified.status == "misattributed" and (pronoun := _guessed_by(verified, claim)):
        doubt = f"The article says “{pronoun}” here, which seems to be {verified.said_by}: look there who it is."
        found = replace(verified, status="out_of_context" if verified.context else "found", speaker="unsure")
        return Checked(piece, found, (*piece.warnings, doubt))
    return Checked(piece, replace(verified, warnings=()), (*piece.warnings, *verified.warnings))


def _guessed_by(verified: Verified, claim: Claim) -> str:
    """Return the pronoun by which an article cites whoever said the words, if it also names whom the draft names.

    Then it is more likely that the pronoun was taken for the wrong one than that the draft is wrong.
    """
    if verified.source is None or claim.speaker is None:
        return ""
    text = verified.matches[0].article.text
    words = text[slice(*verified.source)]
    return words if words.lower() in PRONOUNS and people_in(text).called(claim.speaker) else ""


def _require_draft(draft: Article) -> None:
    if len(draft.text) > LONGEST_DRAFT:
        raise ArticleError(
            f"The draft has {len(draft.text):,} characters.",
            remedy=f"Check it in parts of at most {LONGEST_DRAFT:,}.",
        )
    if found := non_text(draft.text):
        raise ArticleError(f"The draft holds {found}.", remedy="Leave it out.")
    if not any(map(str.isalnum, draft.text)):
        raise ArticleError("The draft has no words.", remedy="Send its text.")
