"""The registry: which organisations there are, where they answer and in what state they are."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin

from kernel import ids
from kernel.models import Row

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
    FAILED = "failed", _("Préparation interrompue")


# Whose schema is there.
PROVISIONED = frozenset({State.READY, State.SUSPENDED})


class Organisation(Row, TenantMixin):  # type: ignore[misc, django-manager-missing]
    """A customer. `schema_name` is drawn, never chosen, and is the name of its database role too."""

    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.ORGANISATION)
    state = models.CharField(max_length=16, choices=State.choices, default=State.PROVISIONING)
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    preset = models.CharField(max_length=40, blank=True)
    time_zone = models.CharField(max_length=64, default="America/Toronto")
    currency = models.CharField(max_length=3, default="cad")
    country = models.CharField(max_length=2, default="CA")
    language = models.CharField(max_length=5, default="fr")
    created_at = models.DateTimeField(auto_now_add=True)

    auto_create_schema = False
    auto_drop_schema = False

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="organisation_schema_is_drawn", condition=models.Q(schema_name__regex=r"^(ops|org_[a-z0-9]{20})$")
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


class Domain(DomainMixin):  # type: ignore[misc]
    """A host that an organisation answers on. The primary one is in every link that is sent."""


class SchemaTemplate(models.Model):
    """The SQL that makes an empty organisation, known by the hash of the migrations it comes from."""

    migrations_hash = models.CharField(max_length=64, primary_key=True)
    sql = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
