"""A browser's requests to one host, made in the process of the test."""

import time
from typing import Any

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.test import Client

from kernel import clock
from kernel.database import connection
from shared_apps.accounts import sessions
from tests import robots


class HostClient(Client):
    """Speaks to one host. The request returns to the registry as it must; the test goes on where it was."""

    def __init__(self, host: str, **options: Any) -> None:
        super().__init__(**options)
        self.defaults["SERVER_NAME"] = host

    def force_login(self, user: Any, backend: str | None = None, *, second_factor: bool = False) -> None:
        """Somebody has just signed in, with a password alone or with the second factor that staff need."""
        super().force_login(user, backend)
        session = self.session
        sessions.begin(session, stays=False, at=clock.now())
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time()}]
        if second_factor:
            session[AUTHENTICATION_METHODS_SESSION_KEY] += [{"method": "mfa", "at": time.time()}]
        session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
        session.save()

    def post(self, path: str, data: Any = None, *arguments: Any, **options: Any) -> Any:
        """As a browser sends it, with the work that forms without an account ask for (shared_apps.accounts.robots)."""
        if robots.ASKING.match(path) and (data is None or isinstance(data, dict)):
            data = {**robots.proof(self.defaults["SERVER_NAME"]), **(data or {})}
        return super().post(path, data, *arguments, **options)

    def request(self, **request: Any) -> Any:
        tenant = connection.tenant
        connection.set_schema_to_public()
        try:
            return super().request(**request)
        finally:
            connection.set_tenant(tenant)
