"""Django's connection, typed with what the backend of this platform adds to it."""

from typing import TYPE_CHECKING, Any, cast

from django.db import connection as _connection

if TYPE_CHECKING:
    from django.db.backends.postgresql.base import DatabaseWrapper

    class Connection(DatabaseWrapper):
        """`tenant` is an Organisation, or a bare schema name on the registry and during migrations."""

        tenant: Any
        schema_name: str
        pg_version: int

        def set_tenant(self, tenant: Any, include_public: bool = True) -> None: ...
        def set_schema(self, schema_name: str, include_public: bool = True) -> None: ...
        def set_schema_to_public(self) -> None: ...


connection = cast("Connection", _connection)
