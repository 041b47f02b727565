"""A mark that differs as soon as anything that the catalogue shows to everybody has changed."""

from datetime import datetime

from django.db.models import Model

from kernel.database import connection
from tenant_apps.catalog.models import Category, Offering, Option
from tenant_apps.organisation.models import Establishment, Level, Payee, Profile
from tenant_apps.registrations.models import Places, Registration, Status

_READ: tuple[type[Model], ...] = (
    *(Profile, Payee, Level, Establishment, Category, Offering, Option, Places),
    *(Offering.levels.through, Offering.establishments.through),
)
# Each write puts a row at another place, by another transaction: the count and the sum miss none, whoever made it.
_OF_A_TABLE = "SELECT {} AS place, count(*) AS rows, sum(hashtidextended(ctid, xmin::text::bigint)) AS written FROM {}"
_TABLES = " UNION ALL ".join(_OF_A_TABLE.format(*each) for each in enumerate(model._meta.db_table for model in _READ))
_MARK = f"""
SELECT string_agg(rows || ':' || coalesce(written, 0), '/' ORDER BY place),
       (SELECT count(*) FROM {Registration._meta.db_table} WHERE status = %s AND held_until <= %s)
FROM ({_TABLES}) AS tables
"""  # noqa: S608 - names of our own tables


def mark(*, at: datetime) -> str:
    """In one query. Holds that ran out are counted: their places are free from that moment, before they are let go."""
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [Status.HELD, at])
        [written, lapsed] = cursor.fetchone() or ["", 0]
    return f"{written}+{lapsed}"
