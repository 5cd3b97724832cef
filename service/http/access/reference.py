"""The page that describes the API, without a script that its policy does not name."""

import re
from base64 import b64encode
from hashlib import sha256

from fastapi import FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse

_FILES = "/static-offline-docs"
"""Where fastapi_offline serves Swagger UI's files."""
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def add_reference(app: FastAPI) -> None:
    """Serve the page at ``/docs``."""
    page = get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="Pullquote: the API",
        swagger_js_url=f"{_FILES}/swagger-ui-bundle.js",
        swagger_css_url=f"{_FILES}/swagger-ui.css",
        swagger_favicon_url=f"{_FILES}/favicon.png",
    ).body
    html = bytes(page).decode()
    hashes = " ".join(
        f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in _SCRIPT.findall(html)
    )
    headers = {
        "Content-Security-Policy": (
            f"default-src 'none'; script-src 'self' {hashes}; style-src 'self'; connect-src 'self';"
            " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        "Cache-Control": "no-cache",
    }

    async def reference(request: Request) -> HTMLResponse:  # noqa: ARG001 - as routes are called
        return HTMLResponse(html, headers=headers)

    app.add_route("/docs", reference, include_in_schema=False)
