"""The operators' board: every organisation with what is known of it, from the public tables that its tasks feed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.models import ConnectedAccount, SubscriptionState, Usage
from tenants.models import (
    PROVISIONED,
    SERVED,
    Domain,
    DomainState,
    Fault,
    JobRun,
    Kind,
    MigrationState,
    Organisation,
    SchemaMigration,
)
from tenants.schemas import migrations

_DAY = timedelta(days=1)
# The pulse comes every five minutes: after four of them nobody knows how an organisation is.
_SILENT_AFTER = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What an operator looks at first: `what` holds for the organisations of `every`."""

    label: str | Promise
    icon: str
    what: Q


TROUBLES: Mapping[str, Trouble] = {
    "migration": Trouble(_("Tables en retard"), "refresh-cw", Q(is_behind=True)),
    "taches": Trouble(_("Tâches en échec"), "hourglass", Q(failing_jobs__gt=0)),
    "fautes": Trouble(_("Erreurs depuis 24 heures"), "circle-alert", Q(recent_faults__gt=0)),
    "courriels": Trouble(_("Courriels en échec"), "mail", Q(pulse__figures__mail_failed__gt=0)),
    "domaine": Trouble(_("Domaines à corriger"), "map-pin", Q(broken_domains__gt=0)),
    "comptes": Trouble(_("Comptes à compléter"), "wallet", Q(accounts_due__gt=0)),
    "ecarts": Trouble(_("Écarts de caisse ouverts"), "coins", Q(pulse__figures__breaks_open__gt=0)),
    "impaye": Trouble(_("Factures en retard"), "receipt", Q(subscription__state=SubscriptionState.PAST_DUE)),
    "silence": Trouble(_("Sans nouvelles"), "activity", Q(is_silent=True)),
}


def every(*, at: datetime) -> QuerySet[Organisation]:
    """All that are no operators' own, each with its figures as columns. To be read on the registry."""
    silent = at - _SILENT_AFTER
    month = at.astimezone(UTC).date().replace(day=1)
    mine = OuterRef("pk")
    usage = Usage.objects.filter(organisation=mine, day__gte=month)
    domains = Domain.objects.filter(tenant=mine)
    accounts = ConnectedAccount.objects.filter(organisation=mine, disconnected_at=None)
    jobs = JobRun.objects.filter(organisation=mine)
    current = SchemaMigration.objects.filter(
        organisation=mine, state=MigrationState.DONE, target=migrations.migrations_hash()
    )
    found: QuerySet[Organisation] = (
        Organisation.objects.filter(kind=Kind.ORGANISATION)
        .select_related("subscription__plan", "pulse", "migration")
        .annotate(
            main_domain=Subquery(domains.filter(is_primary=True).values("domain")[:1]),
            broken_domains=_of(domains.filter(state=DomainState.BROKEN), "tenant", Count("pk")),
            pending_domains=_of(domains.filter(state=DomainState.PENDING), "tenant", Count("pk")),
            month_participants=_of(usage, "organisation", Sum("participants")),
            month_volume=_of(usage, "organisation", Sum("volume_cents")),
            accounts_all=_of(accounts, "organisation", Count("pk")),
            accounts_due=_of(accounts.filter(_INCOMPLETE), "organisation", Count("pk")),
            last_job_at=Subquery(jobs.order_by().values("organisation").annotate(n=Max("finished_at")).values("n")),
            failing_jobs=_of(jobs.filter(failures__gt=0), "organisation", Count("pk")),
            recent_faults=_of(
                Fault.objects.filter(organisation=mine, settled_at=None, last_at__gte=at - _DAY),
                "organisation",
                Count("pk"),
            ),
            is_behind=_holds(Q(state__in=PROVISIONED) & ~Exists(current)),
            is_silent=_holds(Q(state__in=SERVED, created_at__lt=silent) & (_NEVER_HEARD | Q(pulse__at__lt=silent))),
        )
    )
    return found


def troubles(organisations: QuerySet[Organisation]) -> list[tuple[str, Trouble, int]]:
    """Each kind of trouble with how many organisations have it, in one query; those that nobody has come last."""
    counted = organisations.aggregate(**{name: Count("pk", filter=trouble.what) for name, trouble in TROUBLES.items()})
    told = [(name, trouble, counted[name]) for name, trouble in TROUBLES.items()]
    return sorted(told, key=lambda each: each[2] == 0)


_NEVER_HEARD = Q(pulse__isnull=True)
_INCOMPLETE = Q(charges_enabled=False) | Q(payouts_enabled=False) | ~Q(requirements_due=[])


def _of(rows: QuerySet, key: str, number: Count | Sum) -> Coalesce:  # type: ignore[type-arg]
    """A number of an organisation's own rows of another table, 0 where it has none."""
    counted = rows.order_by().values(key).annotate(n=number).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _holds(what: Q | Combinable) -> "ExpressionWrapper[Q | Combinable]":
    return ExpressionWrapper(what, output_field=BooleanField())


SORTS = {
    "nom": "name",
    "participants": "month_participants",
    "volume": "month_volume",
    "fautes": "recent_faults",
    "courriels": "pulse__figures__mail_failed",
    "gardes": "pulse__figures__holds_ending",
    "ouverte": "created_at",
}
DEFAULT_SORT = "nom"


def sort_of(wanted: str) -> str:
    return wanted if wanted.removeprefix("-") in SORTS else DEFAULT_SORT


def ordered(organisations: QuerySet[Organisation], sort: str) -> QuerySet[Organisation]:
    """By one of SORTS, with a minus before it for the other direction; who has no figure comes last."""
    column = F(SORTS[sort.removeprefix("-")])
    first = column.desc(nulls_last=True) if sort.startswith("-") else column.asc(nulls_last=True)
    return organisations.order_by(first, "name", "pk")
