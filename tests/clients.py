"""A browser's requests to one host, made in the process of the test."""

from typing import Any

from django.test import Client

from kernel.database import connection


class HostClient(Client):
    """Speaks to one host. The request returns to the registry as it must; the test goes on where it was."""

    def __init__(self, host: str, **options: Any) -> None:
        super().__init__(**options)
        self.defaults["SERVER_NAME"] = host

    def request(self, **request: Any) -> Any:
        tenant = connection.tenant
        connection.set_schema_to_public()
        try:
            return super().request(**request)
        finally:
            connection.set_tenant(tenant)
