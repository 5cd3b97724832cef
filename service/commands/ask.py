"""The command that asks one question."""

from typing import Annotated

import typer

from service.commands import terminal
from service.commands.common import AsJson, configure, out, print_json

NOT_ANSWERED = 3


def ask(
    question: Annotated[str, typer.Argument(help="The question, in quotation marks.")],
    as_json: AsJson = False,
    max_quotes: Annotated[int, typer.Option(help="How many quotes at most.", min=1, max=20)] = 3,
) -> None:
    """Ask one question; exit code 0 if it is answered, 3 if not."""
    from service.answering.answer import check_question

    check_question(question)  # before the model is loaded, which takes seconds
    from service.assembly import assemble

    services = assemble(configure())
    try:
        answer = services.answerer.ask(question, max_quotes=max_quotes)
    finally:
        services.close()
    if as_json:
        from service.http.schemas.asking import AnswerOut

        print_json(AnswerOut.of(answer).model_dump(mode="json"))
    else:
        terminal.show_answer(out, answer)
    raise typer.Exit(0 if answer.answered else NOT_ANSWERED)
