"""A look at a local address, as a load balancer would take it."""

import http.client
from urllib.parse import urlsplit


def answers(url: str, *, host: str | None = None) -> bool:
    """Whether the address answers 200 now; `host` is the name asked for when it is not the address's own."""
    target = urlsplit(url)
    connection = http.client.HTTPConnection(target.hostname or "", target.port, timeout=5)
    try:
        connection.request("GET", target.path or "/", headers={"Host": host} if host else {})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
