"""What an organisation writes in the DNS so that its own name leads here, and shows that the name is its own."""

import ipaddress
import secrets
from dataclasses import dataclass

from django.conf import settings

PROOF = "preau-verification="


@dataclass(frozen=True, slots=True)
class Record:
    kind: str
    name: str
    value: str

    def __str__(self) -> str:
        return f"{self.name}.  {self.kind}  {self.value}"


def drawn_proof() -> str:
    return secrets.token_hex(16)


def target(slug: str) -> str:
    """Where the name must lead: the organisation's address below the platform's own."""
    return f"{slug}.{settings.PLATFORM_DOMAIN}"


def leading(name: str, slug: str) -> list[Record]:
    """What leads the name here: by another name where the DNS allows it, by addresses at the top of a domain."""
    return by_address(name) if _is_top(name) and settings.PLATFORM_ADDRESSES else [by_name(name, slug)]


def by_name(name: str, slug: str) -> Record:
    return Record("CNAME", name, f"{target(slug)}.")


def by_address(name: str) -> list[Record]:
    """None where the installation does not say its addresses."""
    return [Record(_kind(address), name, address) for address in settings.PLATFORM_ADDRESSES]


def proving(name: str, proof: str) -> Record:
    return Record("TXT", proof_name(name), f"{PROOF}{proof}")


def proof_name(name: str) -> str:
    return f"_preau.{name}"


def _is_top(name: str) -> bool:
    return name.count(".") == 1


def _kind(address: str) -> str:
    return "AAAA" if ipaddress.ip_address(address).version == 6 else "A"
