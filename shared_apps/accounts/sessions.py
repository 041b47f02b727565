"""Sessions in the database, known only by a key of the very form that we give."""

import re

from django.contrib.sessions.backends import db

_KEY = re.compile(r"[a-z0-9]{32}")


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key: str | None) -> bool:
        """Anything else is no key: PostgreSQL refuses the null character, even to compare with."""
        return bool(key and _KEY.fullmatch(key))
