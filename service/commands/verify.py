"""The command that checks quotations, and whole drafts, against the articles."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError

from index.errors import FormatError, InputError
from index.formats.reading import Original, as_draft, read_text
from service.answering.verification.verify import Claim
from service.commands.common import AsJson, configure, err, out, print_json
from service.commands.reports import draft, terminal

if TYPE_CHECKING:
    from service.assembly import Services

_REMEDY = 'Give what `pullquote ask --json` prints, or {"quotes": [{"text": "…"}]}.'


def verify(
    file: Annotated[
        str, typer.Argument(help="A draft (DOCX, Markdown, text …), or an answer's JSON; - for standard input.")
    ],
    as_json: AsJson = False,
) -> None:
    """Check a draft's quotations, or an answer's, against the articles; exit code 1 if one is wrong.

    The exit code is 2 if the draft cannot be read.
    """
    data = read_bytes(file)
    if is_answer(file, data):
        _verify_answer(read_claims(file, data), as_json=as_json)
    # Imported here because it takes seconds, and a file that cannot be opened is reported without it.
    from service.assembly import assemble

    services = assemble(configure())
    try:
        _verify_draft(services, file, data, as_json=as_json)
    except InputError as error:
        terminal.say(err, terminal.printable(str(error)), style="red")
        raise typer.Exit(2) from error
    finally:
        services.close()


def _verify_draft(services: "Services", file: str, data: bytes, *, as_json: bool) -> None:
    from service.http.schemas.drafts import DraftOut

    original = Original(data, "The draft", parse=read_text) if file == "-" else Original(data, Path(file).name)
    checked = services.drafts.check(services.ingester.read(as_draft(original)))
    if as_json:
        print_json(DraftOut.of(checked).model_dump(mode="json"))
    else:
        draft.show(out, checked)
    raise typer.Exit(1 if checked.is_wrong else 0)


def _verify_answer(claims: list[Claim], *, as_json: bool) -> None:
    from service.assembly import assemble
    from service.http.schemas.verification import VerifiedOut, VerifyOut

    services = assemble(configure())
    try:
        verdicts = [services.verifier.verify(each) for each in claims]
    finally:
        services.close()
    if as_json:
        print_json(VerifyOut(quotes=[VerifiedOut.of(each) for each in verdicts]).model_dump(mode="json"))
    else:
        for claim, verdict in zip(claims, verdicts, strict=True):
            terminal.show_verdict(out, claim, verdict)
    raise typer.Exit(1 if any(each.status != "found" for each in verdicts) else 0)


def read_bytes(file: str) -> bytes:
    """Return the bytes of a file, or of standard input for "-". Raises FormatError."""
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise FormatError(f"{file} cannot be read: {error.strerror}.", remedy="Check the path.") from error


def is_answer(file: str, data: bytes) -> bool:
    """Whether it is an answer, or quotations like it: JSON by its name, or by how it begins and ends."""
    return file.lower().endswith(".json") or (data.strip()[:1] == b"{" and data.strip()[-1:] == b"}")


def read_claims(file: str, data: bytes) -> list[Claim]:
    """Return the quotations of a file of JSON. Raises FormatError."""
    from service.http.schemas.verification import VerifyIn

    try:
        return [each.claim() for each in VerifyIn.model_validate_json(data).quotes]
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        if first["type"] == "json_invalid":
            raise FormatError(f"{file} is not JSON.", remedy=_REMEDY) from error
        place = ".".join(str(part) for part in first["loc"]) or "it"
        raise FormatError(
            f"{file} holds no quotations: {place}: {first['msg'].lower()}.",
            remedy=_REMEDY,
        ) from error
