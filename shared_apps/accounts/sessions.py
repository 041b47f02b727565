"""Sessions in the database, known only by a key of the very form that we give, that end when it was said they would."""

import re
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from kernel import clock
from kernel.kept import kept, only
from shared_apps.accounts import confirmation

_KEY = re.compile(r"[a-z0-9]{32}")
_ENDS = "ends_at"
_WISH = "asked_to_stay"
_SEEN = "seen_at"
_OFTEN_SECONDS = 15 * 60


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        data: dict[str, Any] = super().load()
        if not is_open(data, at=clock.now()):
            self._session_key = None
            return {}
        return data

    def get_expiry_age(self, **kwargs: Any) -> int:
        """Seconds that are left: a later visit does not begin them anew."""
        if _ENDS not in self:
            return int(super().get_expiry_age(**kwargs))
        left: float = self[_ENDS] - clock.now().timestamp()
        return max(0, round(left))

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        if _ENDS not in self:
            return super().get_expiry_date(**kwargs)
        return timezone.now() + timedelta(seconds=self.get_expiry_age())

    def _get_session_from_db(self) -> Session | None:
        found = only(_open(self.session_key or "", timezone.now()))
        if found is None:
            self._session_key = None
        return found

    def _validate_session_key(self, key: str | None) -> bool:
        """Anything else is no key: PostgreSQL refuses the null character, even to compare with."""
        return bool(key and _KEY.fullmatch(key))


@kept
def _open(key: str, at: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=at)


def wish(session: SessionBase, *, to_stay: bool) -> None:
    """What the sign-in page's box said, kept until the second factor is shown too."""
    session[_WISH] = to_stay


def asked_to_stay(session: SessionBase) -> bool:
    return bool(session.get(_WISH))


def begin(session: SessionBase, *, stays: bool, at: datetime) -> None:
    """Somebody has just signed in. `stays`: for fourteen days (S1-05), else until the browser closes."""
    seconds = settings.SESSION_COOKIE_AGE if stays else settings.SESSION_BROWSER_AGE
    session.pop(_WISH, None)
    see(session, at=at)
    session[_ENDS] = at.timestamp() + seconds
    # The browser forgets when it closes; many never do, so the server has a bound of its own.
    session.set_expiry(None if stays else 0)
    confirmation.note(session, at=at)


def is_open(data: dict[str, Any], *, at: datetime) -> bool:
    """Of what a session holds: has its end not come yet?"""
    return bool(data.get(_ENDS, float("inf")) > at.timestamp())


def see(session: SessionBase, *, at: datetime) -> None:
    session[_SEEN] = at.timestamp()


def was_seen_long_ago(session: SessionBase, *, at: datetime) -> bool:
    """Nobody was ever seen in a session that nobody signed in to."""
    return _SEEN in session and at.timestamp() - session[_SEEN] >= _OFTEN_SECONDS
