"""The command that runs the HTTP service."""

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from index.errors import SettingsError
from service.commands.common import configure, err
from service.commands.reports import terminal


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.", min=0, max=65535)] = 8000,
) -> None:
    """Serve questions over HTTP; adds the seed articles if the store is empty."""
    settings = configure()
    # The first process of a container ends by no signal without a handler; the server's own come after loading.
    signal.signal(signal.SIGTERM, _end)
    with _listening(host, port) as listener:
        host_in_url = f"[{host}]" if ":" in host else host
        address = f"http://{host_in_url}:{listener.getsockname()[1]}"
        terminal.say(err, "Loading the model …", style="dim")
        # Imported here because it takes seconds, and the other commands need none of it.
        import uvicorn

        from service.assembly import add_seeds, assemble, warm_up
        from service.http.app import create_app
        from service.http.connections import Connection
        from service.http.observing.logs import configure_logs
        from service.http.observing.tracing import open_tracer

        services = assemble(settings)
        if seeds := add_seeds(services):
            terminal.say(err, f"The store was empty: added {terminal.count(seeds, 'seed article')}.", style="dim")
        warm_up(services)
        articles = terminal.count(services.store.counts().articles, "article")
        terminal.say(err, f"Pullquote answers from {articles} at {address} (stop with Ctrl-C).")
        configure_logs(settings.log_level, settings.log_format)
        app = create_app(settings, services, tracer=open_tracer())
        # uvicorn's access log would have the query of an address, and with it questions; which proxies are believed is
        # PULLQUOTE_TRUSTED_PROXIES' to say.
        config = uvicorn.Config(
            app, http=Connection, ws="none", log_config=None, access_log=False, proxy_headers=False, server_header=False
        )
        uvicorn.Server(config).run(sockets=[listener])


def _end(number: int, frame: object) -> None:
    raise SystemExit(0)


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """Yield a listening socket, taken before the slow loading of models. Raises SettingsError if the port is in use."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()
    except OSError as error:
        raise SettingsError(
            f"Port {port} on {host} cannot be listened on: {error.strerror}.",
            remedy="Stop what is using it, or choose another with --port.",
        ) from error
    with listener:
        yield listener
