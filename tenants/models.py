"""The registry: which organisations there are, where they answer and in what state they are.

What happens to them besides is in `tenants.tables`, one file a subject, and named here for Django and for the others.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin

from kernel import clock, ids
from kernel.models import Row
from tenants.tables.arrival import Arrivals as Arrivals
from tenants.tables.arrival import PlatformRules as PlatformRules
from tenants.tables.arrival import SignUp as SignUp
from tenants.tables.arrival import SignUpState as SignUpState
from tenants.tables.departure import UNDER_WAY as UNDER_WAY
from tenants.tables.departure import Departure as Departure
from tenants.tables.departure import Export as Export
from tenants.tables.departure import Restore as Restore
from tenants.tables.departure import WorkState as WorkState
from tenants.tables.support import SupportGrant as SupportGrant
from tenants.tables.watch import Fault as Fault
from tenants.tables.watch import JobRun as JobRun
from tenants.tables.watch import MigrationState as MigrationState
from tenants.tables.watch import Pulse as Pulse
from tenants.tables.watch import SchemaMigration as SchemaMigration

# The platform's own organisation: an ordinary schema, the only one whose name is not drawn.
OPERATIONS_SCHEMA = "ops"


class Kind(models.TextChoices):
    """What a host shows: an organisation's own site, or the platform's."""

    ORGANISATION = "organisation", _("Organisation")
    OPERATIONS = "operations", _("Plateforme")


class State(models.TextChoices):
    PROVISIONING = "provisioning", _("En préparation")
    READY = "ready", _("En service")
    SUSPENDED = "suspended", _("Suspendue")
    RESTORING = "restoring", _("En restauration")
    ERASING = "erasing", _("En effacement")
    ERASED = "erased", _("Effacée")
    FAILED = "failed", _("Préparation interrompue")


class SuspendedFor(models.TextChoices):
    """Why an organisation can only be read; each is lifted by what laid it."""

    UNPAID = "unpaid", _("Facture impayée")
    DECISION = "decision", _("Décision de la plateforme")
    LEAVING = "leaving", _("Départ de l’organisation")


# Whose schema is there.
PROVISIONED = frozenset({State.READY, State.SUSPENDED, State.RESTORING})
# Whose pages are answered; a suspended one can only be read (tenants.suspension).
SERVED = frozenset({State.READY, State.SUSPENDED})


def _region() -> str:
    return str(settings.REGION)


class Organisation(Row, TenantMixin):  # type: ignore[misc, django-manager-missing]
    """A customer. `schema_name` is drawn, never chosen, and is the name of its database role too.

    `live_at`: since when families see its site; before that only its staff do. `region`: where its data are kept, that
    of the installation that made it (settings.REGION).
    """

    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.ORGANISATION)
    state = models.CharField(max_length=16, choices=State.choices, default=State.PROVISIONING)
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    preset = models.CharField(max_length=40, blank=True)
    time_zone = models.CharField(max_length=64, default="America/Toronto")
    currency = models.CharField(max_length=3, default="cad")
    country = models.CharField(max_length=2, default="CA")
    language = models.CharField(max_length=5, default="fr")
    region = models.CharField(max_length=20, default=_region)
    suspended_for = models.CharField(max_length=16, choices=SuspendedFor.choices, blank=True)
    suspended_also_for = models.JSONField(default=list, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    live_at = models.DateTimeField(null=True, blank=True, default=clock.now)
    created_at = models.DateTimeField(auto_now_add=True)

    auto_create_schema = False
    auto_drop_schema = False

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="organisation_schema_is_drawn", condition=models.Q(schema_name__regex=r"^(ops|org_[a-z0-9]{20})$")
            ),
            models.CheckConstraint(
                name="organisation_suspended_for_a_reason",
                condition=~models.Q(state=State.SUSPENDED, suspended_for="")
                & ~models.Q(state=State.READY, suspended_for__gt=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_operations(self) -> bool:
        return bool(self.kind == Kind.OPERATIONS)

    @property
    def database_role(self) -> str | None:
        """The role that goes with the schema, taken by tenants.database; none before it is provisioned."""
        return self.schema_name if self.state in PROVISIONED else None


def drawn_schema_name() -> str:
    return "org_" + ids.uuid7().hex[-20:]


class DomainState(models.TextChoices):
    PENDING = "pending", _("En attente du DNS")
    VERIFIED = "verified", _("Vérifié")
    BROKEN = "broken", _("DNS à corriger")


class Domain(DomainMixin):  # type: ignore[misc]
    """A host that an organisation answers on. The primary one is in every link that is sent.

    One below the platform's own is verified from the start; the organisation's own is once the DNS says so. Until then
    it is a claim, which keeps nobody else from the name. `proof` is what the DNS must repeat, `found` what it says
    instead, `failing_at` since when. `check_at`: when it is looked at next. `asked_at`: when the proxy last asked
    whether it may have a certificate; `certificate_until`: the end of the one that was seen.
    """

    domain = models.CharField(max_length=253)
    state = models.CharField(max_length=16, choices=DomainState.choices, default=DomainState.VERIFIED)
    is_own = models.BooleanField(default=False)
    proof = models.CharField(max_length=64, blank=True)
    failure = models.CharField(max_length=40, blank=True)
    found = models.CharField(max_length=255, blank=True)
    failing_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    checked_at = models.DateTimeField(null=True, blank=True)
    check_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    certificate_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_holder_of_a_domain", fields=["domain"], condition=~models.Q(state=DomainState.PENDING)
            ),
            models.UniqueConstraint(name="one_claim_on_a_domain", fields=["tenant", "domain"]),
            models.UniqueConstraint(name="one_primary_domain", fields=["tenant"], condition=models.Q(is_primary=True)),
            models.CheckConstraint(
                name="primary_domain_is_verified",
                condition=models.Q(is_primary=False) | ~models.Q(state=DomainState.PENDING),
            ),
        ]
        indexes = [
            models.Index(name="domain_to_check", fields=["check_at"], condition=models.Q(check_at__isnull=False))
        ]


class SchemaTemplate(models.Model):
    """The SQL that makes an empty organisation, known by the hash of the migrations it comes from."""

    migrations_hash = models.CharField(max_length=64, primary_key=True)
    sql = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
