"""The command that checks quotations against the articles."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from index.errors import FormatError
from service.answering.verification.verify import Claim
from service.commands import terminal
from service.commands.common import AsJson, configure, out, print_json

_REMEDY = 'Give what `pullquote ask --json` prints, or {"quotes": [{"text": "…"}]}.'


def verify(
    file: Annotated[str, typer.Argument(help="An answer's JSON, or quotations like it; - for standard input.")],
    as_json: AsJson = False,
) -> None:
    """Check an answer's quotes, or anyone's, against the articles; exit code 1 if one is not found."""
    claims = read_claims(file)
    # Imported here because it takes seconds, and a file that holds no quotations is reported without it.
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


def read_claims(file: str) -> list[Claim]:
    """Read the quotations of a JSON file, or of standard input for "-". Raises FormatError."""
    from service.http.schemas.verification import VerifyIn

    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return [each.claim() for each in VerifyIn.model_validate_json(data).quotes]
    except OSError as error:
        raise FormatError(f"{file} cannot be read: {error.strerror}.", remedy="Check the path.") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        if first["type"] == "json_invalid":
            raise FormatError(f"{file} is not JSON.", remedy=_REMEDY) from error
        place = ".".join(str(part) for part in first["loc"]) or "it"
        raise FormatError(
            f"{file} holds no quotations: {place}: {first['msg'].lower()}.",
            remedy=_REMEDY,
        ) from error
