"""The command that serves the tools for agents over standard input and output."""

from service.commands.common import configure


def mcp() -> None:
    """Serve the MCP tools over stdio: for agents that start a command."""
    settings = configure()
    # Imported here because it takes seconds, and the other commands need none of it.
    from service.assembly import add_seeds, annotating, assemble, warm_up
    from service.http.agents.tools import make_server

    services = assemble(settings)
    try:
        add_seeds(services)
        warm_up(services)
        with annotating(services):
            make_server(services, base=settings.public_url.rstrip("/")).run("stdio")
    finally:
        services.close()
