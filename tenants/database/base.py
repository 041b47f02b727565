"""The database backend: the organisation's schema and its role are set together, in one statement.

The role is the second wall (docs/decisions/0004): a query that names the wrong schema meets "permission denied".
"""

from typing import Any

from django_tenants.postgresql_backend import base
from psycopg.pq import TransactionStatus

from kernel import masking


class Operations(base.DatabaseWrapper.ops_class):  # type: ignore[misc]
    """Hides on their way out the values that who asks may not see (kernel.masking)."""

    def get_db_converters(self, expression: Any) -> list[Any]:
        converters: list[Any] = super().get_db_converters(expression)
        hide = masking.converter(expression)
        return [*converters, hide] if hide else converters


class DatabaseWrapper(base.DatabaseWrapper):  # type: ignore[misc]
    """django-tenants' backend, which also takes the role that the current tenant names."""

    ops_class = Operations

    search_path_set_schemas: list[str] | None
    _setting_search_path: bool

    def _handle_search_path(self, cursor: Any = None) -> None:
        if self._setting_search_path or self.search_path_set_schemas:
            return
        # A transaction that failed accepts nothing but its rollback, after which both settings are sent again.
        if self.connection.info.transaction_status == TransactionStatus.INERROR:
            return
        schemas = self._get_cursor_search_paths()
        path = ", ".join(base.quote_schema_name(schema) for schema in schemas)
        # An error here must not be passed over: the statement that follows would run as somebody else.
        self._setting_search_path = True
        try:
            if cursor is None:
                with self.connection.cursor() as own:
                    own.execute(_SET, [path, self._role()])
            else:
                cursor.execute(_SET, [path, self._role()])
        finally:
            self._setting_search_path = False
        self.search_path_set_schemas = schemas

    def _role(self) -> str:
        return getattr(self.tenant, "database_role", None) or "none"


_SET = "SELECT set_config('search_path', %s, false), set_config('role', %s, false)"
