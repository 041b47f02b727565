"""Enters a new organisation in the registry; its schema is made by a task, never while somebody waits for a page."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from kernel.tasks import nudge
from kernel.transactions import operation
from tenants.context import in_registry
from tenants.models import Domain, Kind, Organisation, drawn_schema_name
from tenants.operations.tasks import provision_organisation
from tenants.provisioning import FACTS

# Hosts that a visitor would take for the platform's own.
RESERVED_SLUGS = frozenset(
    {"www", "ops", "api", "admin", "mail", "smtp", "static", "media", "files", "help", "aide", "status", "support"}
)


class SlugTaken(Refusal):
    code = "slug_taken"
    message = _("Cette adresse est déjà prise.")


class SlugReserved(Refusal):
    code = "slug_reserved"
    message = _("Cette adresse est réservée à la plateforme.")


@operation
def create(
    *,
    name: str,
    slug: str,
    preset: str = "",
    time_zone: str = "",
    currency: str = "",
    country: str = "",
    language: str = "",
) -> Organisation:
    """An organisation in preparation, and the task that prepares it, sent after the commit.

    What is not said is as its preset has it. Raises SlugTaken and SlugReserved, and LookupError for an unknown preset.
    """
    if slug in RESERVED_SLUGS:
        raise SlugReserved
    said = {"time_zone": time_zone, "currency": currency, "country": country, "language": language}
    facts = {**_facts(preset), **{column: value for column, value in said.items() if value}}
    with in_registry():
        organisation, created = Organisation.objects.get_or_create(
            slug=slug,
            defaults={
                "schema_name": drawn_schema_name(),
                "kind": Kind.ORGANISATION,
                "name": name,
                "preset": preset,
                **facts,
            },
        )
        if not created:
            raise SlugTaken
        Domain.objects.create(tenant=organisation, domain=f"{slug}.{settings.PLATFORM_DOMAIN}", is_primary=True)
    nudge(provision_organisation, organisation_id=str(organisation.id))
    return organisation


def _facts(preset: str) -> dict[str, str]:
    return {column: value for _, told in FACTS for column, value in told(preset).items()} if preset else {}
