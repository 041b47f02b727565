"""What the web server does between loading the platform and parting into workers."""

from django.db import connections


def when_ready(server: object) -> None:
    """Close the connection that the checks at loading opened: two workers must never share one."""
    connections.close_all()
