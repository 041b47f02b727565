"""When the person at the keyboard last showed who they are, as this session remembers it."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from kernel import clock

_KEY = "confirmed_at"


def is_recent(request: HttpRequest, what: str) -> bool:
    """`what` is a key of settings.CONFIRMED_WITHIN. Raises KeyError for another."""
    within: timedelta = settings.CONFIRMED_WITHIN[what]
    confirmed: float = request.session.get(_KEY, 0.0)
    return clock.now().timestamp() - confirmed < within.total_seconds()


def note(session: SessionBase, *, at: datetime) -> None:
    session[_KEY] = at.timestamp()


def on_step_completed(*, request: HttpRequest, user: Any, **_said: object) -> None:
    """django-allauth has checked a password, a passkey or a code of whoever is signed in here."""
    if request.user.is_authenticated and request.user.pk == user.pk:
        note(request.session, at=clock.now())
