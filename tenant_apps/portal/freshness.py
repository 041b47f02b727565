"""A mark that differs as soon as anything that the catalogue shows to everybody has changed."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Model

from kernel.database import connection
from tenant_apps.catalog.models import Category, Offering, Option, Season
from tenant_apps.catalog.shelf import Shelf, shelf_of
from tenant_apps.openings.models import Opening
from tenant_apps.organisation.models import Establishment, Level, Payee, Profile
from tenant_apps.registrations.models import Places, Registration, Status

_CATALOGUE: tuple[type[Model], ...] = (
    *(Profile, Payee, Level, Establishment, Category, Season, Offering, Option),
    *(Offering.levels.through, Offering.establishments.through),
)
# Each write puts a row at another place, by another transaction: the count and the sum miss none, whoever made it.
_OF_A_TABLE = "SELECT {} AS place, count(*) AS rows, sum(hashtidextended(ctid, xmin::text::bigint)) AS written FROM {}"
# An opening is written every second while families are called: only what the catalogue says of it counts.
_OF_OPENINGS = (
    "SELECT -1 AS place, count(*) AS rows, sum(hashtextextended("  # noqa: S608 - the name of our own table
    "concat_ws('/', id, mode, gathers_from, opens_at, ended_at), 0)) AS written"
    f" FROM {Opening._meta.db_table}"
)


def _asking(models: Sequence[type[Model]]) -> str:
    asked = (_OF_A_TABLE.format(*each) for each in enumerate(each._meta.db_table for each in models))
    tables = " UNION ALL ".join((_OF_OPENINGS, *asked))
    return f"SELECT string_agg(rows || ':' || coalesce(written, 0), '/' ORDER BY place) FROM ({tables}) AS tables"  # noqa: S608 - names of our own tables


_OF_CATALOGUE = _asking(_CATALOGUE)
_LAPSED = f"SELECT count(*) FROM {Registration._meta.db_table} WHERE status = %s AND held_until <= %s"  # noqa: S608
_OF_ALL = f"SELECT ({_asking((*_CATALOGUE, Places))}), ({_LAPSED})"


def mark(*, at: datetime) -> str:
    """In one query. Holds that ran out are counted: their places are free from that moment, before they are let go."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_ALL, [Status.HELD, at])
        [written, lapsed] = cursor.fetchone() or ["", 0]
    return f"{written}+{lapsed}"


def shelf(*, at: datetime) -> Shelf:
    """What is kept of the catalogue, whoever asks: as it is written, and as it is this minute. Places are not in it."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_CATALOGUE)
        [written] = cursor.fetchone() or [""]
    return shelf_of(connection.schema_name, f"{written}+{at:%Y-%m-%d %H:%M}")
