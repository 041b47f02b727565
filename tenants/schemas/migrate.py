"""Brings organisations up to date: one query tells who is behind, and each is then migrated by whoever claims it.

What is done stays done: a run that was stopped goes on where it stopped, and several may work at the same time.
"""

import time
from dataclasses import dataclass
from uuid import UUID

import structlog
from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.db.models.expressions import RawSQL
from psycopg import errors, sql

from kernel import clock, wordless
from tenants import roles
from tenants.context import in_registry
from tenants.models import PROVISIONED, SERVED, MigrationState, Organisation, SchemaMigration
from tenants.schemas import migrations, status

log = structlog.get_logger(__name__)

# A migration that waits longer than this for a table holds up everybody behind it: it lets go, and comes back.
_LOCK_TIMEOUT = "2s"
_LOCK_ATTEMPTS = 6
# So many schemas do not fail by chance: the others are left as they are.
MOST_FAILURES = 5
# A database session by number and birth: the number alone is given again.
_SESSION = "pid || '/' || extract(epoch FROM backend_start)"


@dataclass(frozen=True, slots=True)
class Round:
    """What one worker did: schemas brought up to date, and why others were not."""

    done: list[str]
    failures: dict[str, str]


def behind() -> list[Organisation]:
    """Organisations whose schema lacks a migration that is on disk. One query for all of them."""
    with in_registry():
        organisations = list(Organisation.objects.filter(state__in=PROVISIONED).order_by("kind", "schema_name"))
        missing = _missing([organisation.schema_name for organisation in organisations])
    # The platform's own comes first: what fails there is tried nowhere else.
    return [organisation for organisation in organisations if organisation.schema_name in missing]


def prepare() -> list[Organisation]:
    """Write down who is behind, those that failed before among them, for workers to claim. Returns them."""
    waiting = behind()
    with in_registry():
        for organisation in waiting:
            _wait(organisation)
        _note_the_rest({organisation.pk for organisation in waiting})
    return waiting


def note() -> None:
    """Write down who is behind and who is not, and leave alone what failed or is under way."""
    missing = {organisation.pk for organisation in behind()}
    for standing in status.of_all():
        if standing.organisation.pk in missing and standing.state == MigrationState.DONE:
            status.write(standing.organisation, MigrationState.BEHIND)
    _note_the_rest(missing)


def _wait(organisation: Organisation) -> None:
    """To be claimed, unless somebody has it: the row is looked at as it is when it is written."""
    SchemaMigration.objects.get_or_create(organisation=organisation)
    rows = SchemaMigration.objects.filter(organisation=organisation)
    rows.exclude(state=MigrationState.RUNNING, target=migrations.migrations_hash(), backend__in=_sessions()).update(
        state=MigrationState.BEHIND, target=migrations.migrations_hash(), attempts=0, backend="", error=""
    )


def _note_the_rest(missing: set[UUID]) -> None:
    for standing in status.of_all():
        if standing.organisation.pk not in missing and standing.state != MigrationState.DONE:
            status.current(standing.organisation)


def work(*, most: int | None = None) -> Round:
    """Migrate one organisation after the other until none is left, `most` are done, or too many have failed."""
    done: list[str] = []
    failures: dict[str, str] = {}
    with in_registry():
        while len(done) != most and _may_go_on() and (row := _claim()):
            schema = row.organisation.schema_name
            try:
                _migrate(schema)
            except Exception as error:
                failures[schema] = wordless.reason(error)
                # Not the error itself: the database adds to it the values that it stumbled on.
                log.error("migration_failed", organisation=row.organisation.slug, reason=failures[schema])
                status.write(row.organisation, MigrationState.FAILED, finished_at=clock.now(), error=failures[schema])
                if row.organisation.is_operations:
                    break
            else:
                done.append(schema)
                status.current(row.organisation)
    return Round(done, failures)


def _may_go_on() -> bool:
    failed = SchemaMigration.objects.filter(state=MigrationState.FAILED, target=migrations.migrations_hash())
    return failed.count() < MOST_FAILURES and not failed.filter(organisation__kind="operations").exists()


def _claim() -> SchemaMigration | None:
    """The next one that nobody works at, taken in this database session's name."""
    waiting = SchemaMigration.objects.filter(
        target=migrations.migrations_hash(),
        state__in=[MigrationState.BEHIND, MigrationState.RUNNING],
        # One that is being restored is brought up to date by who restores it.
        organisation__state__in=SERVED,
    ).exclude(state=MigrationState.RUNNING, backend__in=_sessions())
    with transaction.atomic():
        free = waiting.select_for_update(skip_locked=True).order_by("organisation__kind", "organisation__schema_name")
        row = free.first()
        if row is not None:
            _take(row)
    return row


def _take(row: SchemaMigration) -> None:
    SchemaMigration.objects.filter(pk=row.pk).update(
        state=MigrationState.RUNNING,
        backend=_own_session(),
        started_at=clock.now(),
        finished_at=None,
        attempts=F("attempts") + 1,
    )


def _migrate(schema: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [_LOCK_TIMEOUT])
    try:
        _applied(schema)
        with transaction.atomic():
            roles.grant(schema)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', '0', false)")


def _applied(schema: str) -> None:
    for attempt in range(1, _LOCK_ATTEMPTS + 1):
        try:
            migrations.apply(schema)
        except OperationalError as error:
            if attempt == _LOCK_ATTEMPTS or not isinstance(error.__cause__, errors.LockNotAvailable):
                raise
            log.warning("migration_waits_for_a_lock", organisation=schema, attempt=attempt)
            # Whoever queued behind us passes meanwhile.
            time.sleep(attempt)
        else:
            return


def _sessions() -> RawSQL:
    """The database's sessions at the instant of the statement that asks; not those of others, whose birth is hidden."""
    return RawSQL(f"SELECT {_SESSION} FROM pg_stat_activity WHERE backend_start IS NOT NULL", [])  # noqa: S608, S611


def _own_session() -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_SESSION} FROM pg_stat_activity WHERE pid = pg_backend_pid()")  # noqa: S608
        return str(cursor.fetchone()[0])


def _missing(schemas: list[str]) -> frozenset[str]:
    if not schemas:
        return frozenset()
    wanted = migrations.known()
    each = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {name} AS schema, app, name FROM {table}").format(
            name=sql.Literal(schema), table=sql.Identifier(schema, "django_migrations")
        )
        for schema in schemas
    )
    statement = sql.SQL(
        "SELECT every.schema FROM unnest(%s::text[]) AS every(schema) WHERE EXISTS ("
        " SELECT app, name FROM unnest(%s::text[], %s::text[]) AS wanted(app, name)"
        " EXCEPT SELECT applied.app, applied.name FROM ({each}) AS applied WHERE applied.schema = every.schema)"
    ).format(each=each)
    with connection.cursor() as cursor:
        cursor.execute(statement, [schemas, [app for app, _ in wanted], [name for _, name in wanted]])
        return frozenset(row[0] for row in cursor.fetchall())
