"""The service: answering, HTTP, the command line and the page."""
