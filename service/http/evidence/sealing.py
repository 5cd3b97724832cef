"""The seal of an answer, by which the service knows the answers that it gave."""

import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from index.errors import EvidenceError
from service.assembly import Services
from service.http.schemas.asking import AnswerOut, EvidenceOut, ModelsOut
from service.settings import Settings

_UNSEALED = "0" * 64


class Sealer:
    """Seals answers and knows its seal again.

    The secret is the store's, so every replica knows what another gave, and nobody else can make an answer that passes
    for one: not with words that no article has, and not with a true quotation below another question.
    """

    def __init__(self, secret: Callable[[], bytes], models: ModelsOut) -> None:
        """Take what returns the store's secret, which is called once, and the models that answer."""
        self._secret_of = secret
        self._models = models

    @cached_property
    def _secret(self) -> bytes:
        return self._secret_of()

    def sealed(self, answer: AnswerOut) -> AnswerOut:
        """Return an answer with the instant, the models and the seal."""
        given = datetime.now(UTC).replace(microsecond=0)
        whole = answer.model_copy(update={"evidence": EvidenceOut(given=given, models=self._models, seal=_UNSEALED)})
        return self._with_seal(whole, self._seal(whole))

    def require(self, answer: AnswerOut) -> None:
        """Raise EvidenceError unless an answer is one that was ``sealed``, to the last character."""
        if not answer.evidence:
            raise EvidenceError(
                "The answer has no evidence.", remedy="Send an answer of /v1/ask as it came, with its `evidence`."
            )
        expected = self._seal(self._with_seal(answer, _UNSEALED))
        if not hmac.compare_digest(answer.evidence.seal, expected):
            raise EvidenceError(
                "The answer is not as this service gave it.",
                remedy="Send it as it came from /v1/ask. If it came from an earlier version, ask again.",
            )

    @staticmethod
    def _with_seal(answer: AnswerOut, seal: str) -> AnswerOut:
        evidence = answer.evidence.model_copy(update={"seal": seal}) if answer.evidence else None
        return answer.model_copy(update={"evidence": evidence})

    def _seal(self, answer: AnswerOut) -> str:
        return hmac.new(self._secret, canonical(answer.model_dump(mode="json")), "sha256").hexdigest()


def models_of(services: Services, settings: Settings) -> ModelsOut:
    """Return the names of the models that answer; of a model's folder only its own name, not where it lies."""
    reader = settings.reader_model
    return ModelsOut(
        embedding=services.embedder.name,
        reader=Path(reader).name if Path(reader).is_absolute() else reader,
        annotator=services.annotator.name,
    )


def canonical(value: Mapping[str, Any]) -> bytes:
    """Return JSON that is the same whatever program wrote its numbers and ordered its fields before."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
