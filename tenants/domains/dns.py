"""What the DNS says of a name, asked of the resolvers that the settings name, or of the machine's own."""

from collections.abc import Iterable
from typing import Any

import dns.exception
import dns.nameserver
import dns.resolver
from django.conf import settings

PATIENCE_SECONDS = 3.0
_PORT = 53


class Silent(Exception):
    """Nobody answered, or nobody could: nothing is known of the name."""


def alias_of(name: str) -> str:
    """The name that it is another one for (CNAME), without the last dot; empty where it is none. Raises Silent."""
    return next((str(found.target).rstrip(".").lower() for found in _asked(name, "CNAME")), "")


def addresses_of(name: str) -> frozenset[str]:
    """Of both protocols, through whatever aliases. Raises Silent."""
    return frozenset(str(found.address) for kind in ("A", "AAAA") for found in _asked(name, kind))


def texts_of(name: str) -> list[str]:
    """What cannot be printed is marked as such: a zone may say any byte. Raises Silent."""
    return [_printable(b"".join(found.strings).decode(errors="replace")) for found in _asked(name, "TXT")]


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else "\ufffd" for each in text)


def _asked(name: str, kind: str) -> Iterable[Any]:
    try:
        return _resolver().resolve(f"{name}.", kind, search=False, lifetime=PATIENCE_SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return ()
    except dns.exception.DNSException as error:
        raise Silent(str(error)) from None


def _resolver() -> dns.resolver.Resolver:
    servers: list[str] = settings.DNS_RESOLVERS
    resolver = dns.resolver.Resolver(configure=not servers)
    if servers:
        resolver.nameservers = [_server(each) for each in servers]
    return resolver


def _server(said: str) -> dns.nameserver.Nameserver:
    """« 192.0.2.1 » or « 192.0.2.1:5353 »; an IPv6 address with a port stands in brackets."""
    address, separator, port = said.rpartition(":")
    if not separator or (":" in address and not address.endswith("]")):
        address, port = said, str(_PORT)
    return dns.nameserver.Do53Nameserver(address.strip("[]"), int(port))
