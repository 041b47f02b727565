"""Addresses that are sent out."""

import pytest
from pytest_django import Settings

from tenants import links
from tenants.context import NoOrganisation, in_registry
from tenants.models import Domain, Organisation


def test_a_link_is_on_the_primary_domain(organisation_a: Organisation) -> None:
    with in_registry():
        Domain.objects.create(tenant=organisation_a, domain="inscriptions.example.org", is_primary=True)

    assert links.absolute("/panier") == "http://inscriptions.example.org:8000/panier"


def test_in_production_there_is_no_port(organisation_a: Organisation, settings: Settings) -> None:
    settings.PLATFORM_SCHEME, settings.PLATFORM_PORT = "https", ""

    assert links.absolute("/panier") == "https://a.localhost/panier"


def test_another_organisations_link_is_made_on_the_registry(
    organisation_a: Organisation, organisation_b: Organisation
) -> None:
    with in_registry():
        assert links.origin(organisation_b) == "http://b.localhost:8000"
        with pytest.raises(NoOrganisation):
            links.absolute("/")
