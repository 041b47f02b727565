"""A table of the catalogue that is sent twice at once is written once."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tenant_apps.catalog.models import Offering, Option
from tenant_apps.office.catalogue import tables
from tenant_apps.organisation.models import Role
from tenants.models import Organisation
from tests.clients import HostClient
from tests.concurrency.crowd import rush
from tests.factories.catalog import an_offering, an_option
from tests.factories.organisation import a_payee, a_staff_member, an_organisation_profile

CLERKS = 3
ROUNDS = 4


@pytest.fixture
def clients(transactional_db: None, organisation_a: Organisation) -> list[HostClient]:
    an_organisation_profile()
    found = [HostClient("a.localhost") for _ in range(CLERKS)]
    for client in found:
        client.force_login(a_staff_member(Role.OWNER).user, second_factor=True)
    return found


def _rounds(organisation: Organisation, clients: list[HostClient]) -> list[int]:
    """How many options each round added."""
    added, payee = [], a_payee()
    for _round in range(ROUNDS):
        zoo = an_option(offering=an_offering("Zoo", payee=payee)).offering
        before = Option.objects.count(), Offering.objects.count()
        text = f"Adresse;Titre;Genre;Choix\n{zoo.slug};;;Groupe B\n;Camp;Camp;Semaine 1\n"
        file = SimpleUploadedFile("catalogue.csv", text.encode())
        page = clients[0].get(clients[0].post("/gestion/catalogue/importer", {"file": file}).headers["Location"])
        address, seen = f"{page.request['PATH_INFO']}/ecrire", page.context["seen"]

        def write(client: HostClient, address: str = address, seen: str = seen) -> Any:
            assert client.post(address, {"seen": seen}).status_code in (302, 404)

        assert rush(organisation, clients, write) == []
        added.append(Option.objects.count() + Offering.objects.count() - sum(before))
    return added


def test_a_table_sent_twice_at_once_is_written_once(organisation_a: Organisation, clients: list[HostClient]) -> None:
    assert _rounds(organisation_a, clients) == [3] * ROUNDS


def test_without_the_lock_it_would_be_written_twice(
    organisation_a: Organisation, clients: list[HostClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "lock_one", lambda rows: rows.get())
    assert max(_rounds(organisation_a, clients)) > 3
