"""Which addresses may be links."""

import re

_WEB_ADDRESS = re.compile(r"https?://[^\s/<>\"]+(?:/[^\s<>\"]*)?", re.IGNORECASE)


def is_web_address(address: str) -> bool:
    """Whether an address is one of the web. Others, such as ``javascript:``, would be run, not opened, by a click."""
    return bool(_WEB_ADDRESS.fullmatch(address))


def web_address(address: str | None) -> str | None:
    """Return an address that may be a link; None for any other."""
    return address if address is not None and is_web_address(address) else None
