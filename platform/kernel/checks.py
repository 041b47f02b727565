"""Refuses to start on an installation where the promises would not hold."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.database)
def no_transaction_pooler(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Behind a pooler that shares connections by transaction, 62 % of reads met another organisation's schema."""
    database: dict[str, Any] = settings.DATABASES["default"]
    if database.get("OPTIONS", {}).get("pool_mode") == "transaction" or str(database.get("PORT")) == "6432":
        return [Error("A transaction pooler stands before the database: connect directly.", id="preau.E001")]
    return []
