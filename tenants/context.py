"""In which organisation the program is. Everything enters and leaves one through here."""

from collections.abc import Iterator
from contextlib import contextmanager

from django_tenants.utils import tenant_context

from kernel.database import connection
from tenants.models import OPERATIONS_SCHEMA, SERVED, Organisation, State


class NoOrganisation(LookupError):
    """The program is on the registry, where no organisation's data can be asked for."""


@contextmanager
def in_organisation(organisation: Organisation) -> Iterator[Organisation]:
    """Schema and role of `organisation`, then whatever was there before."""
    with tenant_context(organisation):
        yield organisation


@contextmanager
def in_registry() -> Iterator[None]:
    """The public schema with the rights of the application: the registry and the platform's billing."""
    previous = connection.tenant
    connection.set_schema_to_public()
    try:
        yield
    finally:
        connection.set_tenant(previous)


@contextmanager
def in_operations() -> Iterator[Organisation]:
    """The platform's own organisation: its staff, their trail and the mails to them."""
    with in_registry():
        own = Organisation.objects.get(schema_name=OPERATIONS_SCHEMA)
    with in_organisation(own):
        yield own


def current() -> Organisation:
    """Raises NoOrganisation on the registry."""
    tenant = connection.tenant
    if not isinstance(tenant, Organisation):
        raise NoOrganisation(f"{tenant.schema_name} is no organisation")
    return tenant


def each_ready_organisation() -> Iterator[Organisation]:
    """Every organisation in service, one after the other, each entered while it is looked at."""
    return _each(frozenset({State.READY}))


def each_served_organisation() -> Iterator[Organisation]:
    """The suspended ones too: for what goes on whatever becomes of them."""
    return _each(SERVED)


def _each(states: frozenset[State]) -> Iterator[Organisation]:
    with in_registry():
        organisations = list(Organisation.objects.filter(state__in=states).order_by("schema_name"))
    for organisation in organisations:
        with in_organisation(organisation):
            yield organisation
