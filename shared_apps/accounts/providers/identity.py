"""What a provider's claims say of a person, by the columns that the organisation maps; who takes it is registered."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from kernel.registry import Registry
from shared_apps.accounts import secrets
from shared_apps.accounts.models import User
from shared_apps.accounts.providers.sources import Source
from shared_apps.audit.actors import Actor

_PURPOSE = "provider-identity"
_LONGEST = 100


Taker = Callable[..., object]
# The room that keeps people's profiles takes what is said: (user, columns, locked, phone, actor, at). Raises Refusal.
TAKERS: Registry[Taker] = Registry("taker of identities")


def read(claims: Mapping[str, Any], source: Source, *, with_national_number: bool) -> dict[str, str]:
    """The columns as texts (a birth date as YYYY-MM-DD). What is not a plausible value was not said."""
    said = {}
    for column, names in source.claims.items():
        if column == "national_number" and not with_national_number:
            continue
        given = next((claims[name] for name in names if isinstance(claims.get(name), str) and claims[name].strip()), "")
        if value := _plausible(column, given.strip()):
            said[column] = value
    return said


def sealed(columns: Mapping[str, str]) -> str:
    """To be kept until the person has registered, readable by this organisation alone."""
    return secrets.encrypt(json.dumps(dict(columns)), purpose=_PURPOSE)


def unsealed(text: str) -> dict[str, str]:
    opened: dict[str, str] = json.loads(secrets.decrypt(text, purpose=_PURPOSE)) if text else {}
    return opened


def take(
    *, user: User, columns: Mapping[str, str], locked: tuple[str, ...], actor: Actor, at: datetime, phone: str = ""
) -> None:
    """Raises Refusal where the identity is another account's."""
    for _, taker in TAKERS:
        taker(
            user=user,
            columns=_typed(columns),
            locked=[column for column in locked if column in columns],
            phone=phone,
            actor=actor,
            at=at,
        )


def _plausible(column: str, text: str) -> str:
    if column == "birth_date":
        try:
            return date.fromisoformat(text[:10]).isoformat()
        except ValueError:
            return ""
    return "" if "\x00" in text else text[:_LONGEST]


def _typed(columns: Mapping[str, str]) -> dict[str, Any]:
    return {column: date.fromisoformat(value) if column == "birth_date" else value for column, value in columns.items()}
