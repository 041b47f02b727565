"""Enters a new organisation in the registry; its schema is made by a task, never while somebody waits for a page."""

from django.conf import settings

from kernel import clock
from kernel.tasks import nudge
from kernel.transactions import operation
from tenants import facts as known
from tenants import slugs
from tenants.context import in_registry
from tenants.models import Domain, Kind, Organisation, drawn_schema_name
from tenants.operations.tasks import provision_organisation
from tenants.provisioning import CHECKS, FACTS


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

    What is not said is as its preset has it. Raises what `slugs.check_free` and `facts.check` do, whatever a room
    refuses of its preset, and LookupError for an unknown one.
    """
    slugs.check_free(slug, at=clock.now())
    said = {"time_zone": time_zone, "currency": currency, "country": country, "language": language}
    facts = {**_facts(preset), **{column: value for column, value in said.items() if value}}
    known.check(name=name, facts=facts)
    if preset:
        for _, check in CHECKS:
            check(preset, facts)
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
            raise slugs.SlugTaken
        Domain.objects.create(tenant=organisation, domain=f"{slug}.{settings.PLATFORM_DOMAIN}", is_primary=True)
    nudge(provision_organisation, organisation_id=str(organisation.id))
    return organisation


def _facts(preset: str) -> dict[str, str]:
    return {column: value for _, told in FACTS for column, value in told(preset).items()} if preset else {}
