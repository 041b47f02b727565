"""Takes one organisation out of service for a restore, and gives it back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import transaction
from psycopg import sql

from kernel import database
from kernel.database import connection, lock_one
from tenants import roles, states
from tenants.context import in_registry
from tenants.models import (
    UNDER_WAY,
    Export,
    Kind,
    MigrationState,
    Organisation,
    Restore,
    SchemaMigration,
    State,
    WorkState,
)
from tenants.restoring.errors import AtWork, NotAMoment, NotRestorable, OtherMoment

BEGUN, LOADED, EXCHANGED = "begun", "loaded", "exchanged"
_RESTORED_FROM = (State.READY, State.SUSPENDED)


@contextmanager
def alone(organisation_id: UUID) -> Iterator[None]:
    """Raises AtWork while another process is at it; one that dies is not, and another goes on."""
    with database.alone(f"restore/{organisation_id}") as is_alone:
        if not is_alone:
            raise AtWork
        yield


def begin(*, organisation_id: UUID, moment: datetime, asked_by: str, at: datetime) -> Restore:
    """The restore to this moment, begun now or found interrupted; from now on nobody enters the organisation.

    Raises NotRestorable, NotAMoment, AtWork and OtherMoment.
    """
    with in_registry(), transaction.atomic():
        organisation = lock_one(Organisation.objects.filter(pk=organisation_id))
        interrupted = Restore.objects.filter(organisation=organisation, state__in=UNDER_WAY).first()
        if interrupted is not None:
            if interrupted.moment != moment:
                raise OtherMoment(moment=interrupted.moment.isoformat())
            return interrupted
        check(organisation, moment)
        states.move(Organisation.objects.filter(pk=organisation_id), State.RESTORING)
        _shut(organisation.schema_name)
        return Restore.objects.create(
            organisation=organisation,
            moment=moment,
            state=WorkState.RUNNING,
            state_before=organisation.state,
            asked_by=asked_by,
            asked_at=at,
            step=BEGUN,
        )


def check(organisation: Organisation, moment: datetime) -> None:
    """Raises NotRestorable, NotAMoment and AtWork."""
    # The platform's own comes back with the whole database: without it there is nobody to look at this.
    if organisation.state not in _RESTORED_FROM or organisation.kind != Kind.ORGANISATION:
        raise NotRestorable
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [now] = cursor.fetchone()
    if not organisation.created_at < moment < now:
        raise NotAMoment(first=organisation.created_at.isoformat(timespec="seconds"))
    exporting = Export.objects.filter(organisation=organisation, state__in=UNDER_WAY)
    migrating = SchemaMigration.objects.filter(organisation=organisation, state=MigrationState.RUNNING)
    if exporting.exists() or migrating.exists():
        raise AtWork


def note(restore: Restore, step: str, **facts: object) -> None:
    """What is done, so that whoever goes on does not do it again."""
    restore.step = step
    restore.report = {**restore.report, **facts}
    restore.save(update_fields=["step", "report"])


def give_back(restore: Restore, to: WorkState, *, at: datetime, error: str = "") -> None:
    """The organisation is as it was in service, and the restore is over."""
    with in_registry(), transaction.atomic():
        organisation = Organisation.objects.filter(pk=restore.organisation_id, state=State.RESTORING)
        roles.grant(restore.organisation.schema_name)
        organisation.update(state=restore.state_before)
        restore.state, restore.finished_at, restore.error = to, at, error
        restore.save(update_fields=["state", "finished_at", "error", "report", "step"])


def _shut(schema: str) -> None:
    """Whoever is still inside, or wakes up in there, meets a wall rather than the tables that come."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("REVOKE USAGE ON SCHEMA {schema} FROM {role}").format(
                schema=sql.Identifier(schema), role=sql.Identifier(schema)
            )
        )
