"""The command that asks one question."""

from typing import TYPE_CHECKING, Annotated

import typer

from service.commands.common import AsJson, configure, out, print_json
from service.commands.reports import terminal

if TYPE_CHECKING:
    from service.answering.types import Answer
    from service.assembly import Services
    from service.http.schemas.asking import AnswerOut
    from service.settings import Settings

NOT_ANSWERED = 3


def ask(
    question: Annotated[str, typer.Argument(help="The question, in quotation marks.")],
    as_json: AsJson = False,
    max_quotes: Annotated[int, typer.Option(help="How many quotes at most.", min=1, max=20)] = 3,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the answer as evidence, under an address.")] = False,
) -> None:
    """Ask one question; exit code 0 if it is answered, 3 if not."""
    from service.answering.answer import check_question

    check_question(question)  # before the model is loaded, which takes seconds
    from service.assembly import assemble

    settings = configure()
    services = assemble(settings)
    kept = None
    try:
        answer = services.answerer.ask(question, max_quotes=max_quotes)
        if keep:
            kept = _kept(answer, services, settings)
    finally:
        services.close()
    if as_json:
        from service.http.schemas.asking import AnswerOut

        print_json((kept or AnswerOut.of(answer)).model_dump(mode="json"))
    else:
        terminal.show_answer(out, answer)
    if kept and not as_json:
        terminal.say(out, f"\nKept at {settings.public_url.rstrip('/')}/answers/{kept.id}")
    raise typer.Exit(0 if answer.answered else NOT_ANSWERED)


def _kept(answer: "Answer", services: "Services", settings: "Settings") -> "AnswerOut":
    """Keep an answer, and return it with its evidence. Raises FullError and StoreError."""
    from service.http.evidence.keeping import as_kept, keep
    from service.http.evidence.sealing import Sealer, models_of
    from service.http.schemas.asking import AnswerOut

    sealed = Sealer(services.store.kept().seal, models_of(services, settings)).sealed(AnswerOut.of(answer))
    keep(as_kept(sealed), services.store)
    return sealed
