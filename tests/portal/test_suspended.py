"""In an organisation that can only be read, no button is shown that would be refused, and looking begins nothing."""

import pytest

from kernel import clock
from tenant_apps.families.models import Guardian
from tenants.context import in_registry
from tenants.models import Organisation, SuspendedFor
from tenants.operations import suspend as moves
from tests.clients import HostClient
from tests.factories.catalog import an_option
from tests.factories.families import a_child
from tests.factories.organisation import a_user
from tests.factories.registrations import a_basket, a_hold
from tests.portal.people import Parent, a_camp, words
from tests.portal.test_keeping_places import a_lost, a_week
from tests.portal.test_waiting_lists import a_full_week, a_listed_camp, free_one, send

SUSPENDED = "Inscriptions suspendues"


def suspend(organisation: Organisation) -> None:
    with in_registry():
        moves.suspend(organisation_id=organisation.pk, reason=SuspendedFor.UNPAID, at=clock.now())


def test_nothing_can_be_begun_from_any_page(parent: Parent, organisation_a: Organisation) -> None:
    camp = a_camp()
    week, other = an_option(offering=camp, price=1000), a_camp()
    an_option(offering=other)
    child = a_child(of=parent.guardian)
    a_hold(week, basket=a_basket(parent.guardian), child=child, at=clock.now())
    buttons = {
        f"/activites/{other.slug}": f"/activites/{other.slug}/inscription",
        "/panier": 'href="/commande"',
        "/mon-dossier": "?enfant=",
    }
    pages = {address: parent.client.get(address) for address in buttons}
    assert [address for address, page in pages.items() if buttons[address] not in page.content.decode()] == []
    assert [address for address, page in pages.items() if SUSPENDED in words(page)] == []

    suspend(organisation_a)

    pages = {address: parent.client.get(address) for address in buttons}
    assert [address for address, page in pages.items() if buttons[address] in page.content.decode()] == []
    assert [address for address, page in pages.items() if SUSPENDED not in words(page)] == []
    assert parent.client.get(f"/activites/{other.slug}/inscription").status_code == 503


def test_a_place_that_is_offered_or_lapsed_is_not_taken_meanwhile(parent: Parent, organisation_a: Organisation) -> None:
    a_lost(parent, a_week(), "Lucie")
    full = a_full_week(a_listed_camp(title="Jeux"))
    send(parent, a_child("Emile", of=parent.guardian), full)
    free_one(full)
    buttons = {"/listes-d-attente": "Prendre la place", "/panier": "Reprendre ces places"}
    assert [each for each, words_of in buttons.items() if words_of not in words(parent.client.get(each))] == []

    suspend(organisation_a)

    pages = {each: words(parent.client.get(each)) for each in buttons}
    assert [each for each, page in pages.items() if buttons[each] in page or SUSPENDED not in page] == []


@pytest.mark.parametrize("path", ["/profil", "/mon-dossier"])
def test_somebody_without_a_family_makes_none_by_looking(
    client: HostClient, organisation_a: Organisation, path: str
) -> None:
    client.force_login(a_user())
    suspend(organisation_a)

    page = client.get(path)

    assert (page.status_code, "peut seulement être consulté" in words(page)) == (503, True)
    assert Guardian.objects.count() == 0
