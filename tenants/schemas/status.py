"""How each organisation stands with the migrations of this release: kept as rows, so that a page asks no schema."""

from dataclasses import dataclass

from django.db.models import QuerySet

from kernel import clock
from tenants.context import in_registry
from tenants.models import PROVISIONED, MigrationState, Organisation, SchemaMigration
from tenants.schemas import migrations


@dataclass(frozen=True, slots=True)
class Standing:
    organisation: Organisation
    row: SchemaMigration | None

    @property
    def state(self) -> MigrationState:
        """What was done for another release is done no more."""
        if self.row is None or (
            self.row.state == MigrationState.DONE and self.row.target != migrations.migrations_hash()
        ):
            return MigrationState.BEHIND
        return MigrationState(self.row.state)


def of_all() -> list[Standing]:
    """Every organisation that has a schema, the platform's own first. Two queries, none in a schema."""
    with in_registry():
        rows = {row.organisation_id: row for row in SchemaMigration.objects.all()}
        # « operations » before « organisation »: what fails there is tried nowhere else.
        served = Organisation.objects.filter(state__in=PROVISIONED).order_by("kind", "schema_name")
        return [Standing(organisation, rows.get(organisation.pk)) for organisation in served]


def count_behind() -> int:
    """How many organisations do not have all the migrations of this release. One query."""
    with in_registry():
        return Organisation.objects.filter(state__in=PROVISIONED).exclude(migration__in=_current()).count()


def write(organisation: Organisation, state: MigrationState, **columns: object) -> None:
    """What is known of one schema now, in the caller's transaction if there is one."""
    with in_registry():
        SchemaMigration.objects.update_or_create(
            organisation=organisation,
            defaults={"state": state, "target": migrations.migrations_hash(), "backend": "", **columns},
        )


def current(organisation: Organisation) -> None:
    """The schema was just made from this release's template, or brought to it."""
    head = migrations.last_applied(organisation.schema_name)
    write(organisation, MigrationState.DONE, head=head, finished_at=clock.now(), error="")


def _current() -> QuerySet[SchemaMigration]:
    return SchemaMigration.objects.filter(state=MigrationState.DONE, target=migrations.migrations_hash())
