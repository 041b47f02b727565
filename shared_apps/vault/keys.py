"""The organisation's keys, opened: each is asked for once while the connection stays with the organisation."""

import os
from datetime import datetime
from threading import local

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import IntegrityError, transaction

from kernel import clock
from kernel.database import connection
from kernel.transactions import operation
from shared_apps.vault import wrapping
from shared_apps.vault.models import DataKey


class KeyGone(LookupError):
    """No key of that number: what it encrypted is gone for good."""


class _Opened(local):
    """Of one stay in one organisation: the next request, task or organisation has another `tenant` and starts anew."""

    tenant: object = None

    def __init__(self) -> None:
        self.ciphers: dict[int, AESGCM] = {}


_opened = _Opened()


def cipher(number: int) -> AESGCM:
    """Raises KeyGone. A list of a hundred sealed rows asks the database once."""
    if _opened.tenant is not connection.tenant:
        forget()
    if number not in _opened.ciphers:
        key = DataKey.objects.filter(number=number).first()
        if key is None:
            raise KeyGone(number)
        _opened.ciphers[number] = AESGCM(wrapping.unwrap(key))
    return _opened.ciphers[number]


def forget() -> None:
    """What was opened is asked for again."""
    _opened.tenant, _opened.ciphers = connection.tenant, {}


def newest() -> DataKey:
    """The key that everything is sealed with from now on. Always asked for: another process may have made a newer."""
    return DataKey.objects.filter(retired_at=None).order_by("-number").first() or _first()


@operation
def make(*, at: datetime) -> DataKey:
    """A newer key; those before it only open what they encrypted."""
    latest = DataKey.objects.order_by("-number").first()
    number = latest.number + 1 if latest else 1
    key = DataKey.objects.create(number=number, wrapped=wrapping.wrapped(os.urandom(32), number), created_at=at)
    DataKey.objects.filter(number__lt=number, retired_at=None).update(retired_at=at)
    forget()
    return key


def _first() -> DataKey:
    try:
        with transaction.atomic():
            return make(at=clock.now())
    except IntegrityError:
        # Somebody else sealed the organisation's first value at the same moment.
        return DataKey.objects.filter(retired_at=None).latest("number")
