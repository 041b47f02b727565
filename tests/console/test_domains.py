"""« Domaines » of an organisation, as operators see it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel import clock
from shared_apps.audit.models import Entry
from tenants.context import in_registry
from tenants.models import Domain, DomainState, Organisation
from tests.clients import HostClient

PAGE = "/console/organisations/a/domaines"
NAME = "activites.ville.example"


def a_name(name: str = NAME, **columns: object) -> Domain:
    with in_registry():
        said = {"is_own": True, "is_primary": False, "state": DomainState.VERIFIED, **columns}
        return Domain.objects.create(tenant=Organisation.objects.get(slug="a"), domain=name, **said)


def test_each_name_is_shown_with_what_the_dns_says_and_its_certificate(operator: HostClient) -> None:
    now = clock.now()
    a_name("well.ville.example", certificate_until=now + timedelta(days=60))
    assert "À renouveler" not in operator.get(PAGE).content.decode()
    a_name("late.ville.example", certificate_until=now + timedelta(days=13))
    a_name("wrong.ville.example", state=DomainState.BROKEN, failure="other_target", found="www.ville.example")

    shown = operator.get(PAGE).content.decode()

    assert shown.count("À renouveler") == 1
    assert "Ce nom mène ailleurs\u202f: www.ville.example." in shown
    assert "a.localhost" in shown
    assert "b.localhost" not in shown


def test_an_operator_has_the_dns_asked_and_it_is_told(operator: HostClient) -> None:
    domain = a_name()

    operator.post(f"{PAGE}/{NAME}")

    with in_registry():
        assert Domain.objects.get(pk=domain.pk).check_at is not None
    entry = Entry.objects.get(action="domains.checked")
    assert (entry.actor_kind, entry.details) == ("operator", {"words": NAME})


@pytest.mark.parametrize("name", ["a.localhost", "nobody.example", "b.localhost"])
def test_what_is_no_name_of_its_own_is_not_asked_for(name: str, operator: HostClient) -> None:
    operator.post(f"{PAGE}/{name}")

    assert not Entry.objects.filter(action="domains.checked").exists()


def test_it_is_not_for_who_is_no_operator(visitor: HostClient) -> None:
    assert visitor.get(PAGE).status_code == 302
    assert visitor.post(f"{PAGE}/{NAME}").status_code == 302
    assert HostClient("a.localhost").get(PAGE).status_code == 404


def test_it_costs_the_same_whatever_it_holds(operator: HostClient) -> None:
    counts = []
    for added in (("a",), ("b", "c")):
        for each in added:
            a_name(f"{each}.ville.example")
        operator.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            operator.get(PAGE)
        counts.append(len(queries))

    assert counts[0] == counts[1] > 0
