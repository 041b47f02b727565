"""Refuses to start on an installation where the promises would not hold."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from kernel.database import connection

# The first that can lend a role without its rights (GRANT … WITH INHERIT FALSE).
_OLDEST_POSTGRESQL = 16


@register(Tags.database)
def no_transaction_pooler(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Behind a pooler that shares connections by transaction, 62 % of reads met another organisation's schema."""
    database: dict[str, Any] = settings.DATABASES["default"]
    if database.get("OPTIONS", {}).get("pool_mode") == "transaction" or str(database.get("PORT")) == "6432":
        return [Error("A transaction pooler stands before the database: connect directly.", id="preau.E001")]
    return []


@register(Tags.database)
def organisations_can_have_roles(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Asked of the database itself, when a command or a server is about to use it."""
    if not databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user")
        may_create_roles = cursor.fetchone()[0]
    errors: list[CheckMessage] = []
    if connection.pg_version // 10_000 < _OLDEST_POSTGRESQL:
        errors.append(Error(f"PostgreSQL {_OLDEST_POSTGRESQL} or later is needed.", id="preau.E002"))
    if not may_create_roles:
        errors.append(Error("The application's database account needs CREATEROLE.", id="preau.E003"))
    return errors
