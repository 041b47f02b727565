"""Before an organisation opens its site, families are told so, and its staff see it as it will be."""

import pytest
from django.conf import LazySettings
from pytest_django import DjangoAssertNumQueries

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from tenant_apps.organisation import opening
from tenant_apps.organisation.models import MemberState, Profile, Role, StaffMember
from tenants.context import in_registry
from tenants.models import Organisation
from tests.clients import HostClient
from tests.factories.organisation import a_staff_member, a_user, an_organisation_profile

PAGES = ["/", "/activites", "/activites/camp", "/panier", "/mon-dossier", "/robots.txt", "/integration.json"]


@pytest.fixture
def not_open(organisation_a: Organisation) -> Organisation:
    an_organisation_profile(contact_email="allo@a.example", contact_phone="819 555-0100")
    with in_registry():
        Organisation.objects.filter(pk=organisation_a.pk).update(live_at=None)
    return organisation_a


def moment_of(organisation: Organisation) -> object:
    with in_registry():
        return Organisation.objects.get(pk=organisation.pk).live_at


@pytest.mark.usefixtures("not_open")
@pytest.mark.parametrize("path", PAGES)
def test_a_family_reads_that_the_site_opens_soon(client: HostClient, path: str) -> None:
    page = client.get(path)

    assert (page.status_code, page.headers["X-Robots-Tag"]) == (503, "noindex")
    assert page.headers["Cache-Control"] == "no-store"
    told = page.content.decode()
    assert "Ce site ouvre bientôt" in told
    assert "Organisation A" in told
    assert "allo@a.example" in told
    assert 'href="/activites"' not in told


@pytest.mark.usefixtures("not_open")
def test_a_form_is_refused_in_the_same_words(client: HostClient) -> None:
    assert client.post("/panier/abandonner").status_code == 503


@pytest.mark.usefixtures("not_open")
@pytest.mark.parametrize(
    "path", ["/connexion", "/marque.css", "/confidentialite", "/accessibilite", "/healthz", "/inscription"]
)
def test_what_staff_need_to_come_in_goes_on(client: HostClient, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.usefixtures("not_open")
def test_a_signed_in_family_waits_too(client: HostClient) -> None:
    client.force_login(a_user())
    assert client.get("/mon-dossier").status_code == 503


@pytest.mark.usefixtures("not_open")
@pytest.mark.parametrize(("state", "status"), [("active", 200), ("invited", 503), ("withdrawn", 503)])
def test_staff_see_the_site_and_are_told_that_families_do_not(client: HostClient, state: str, status: int) -> None:
    member = a_staff_member(Role.SECRETARY)
    StaffMember.objects.filter(pk=member.pk).update(state=MemberState(state))
    client.force_login(member.user, second_factor=True)

    page = client.get("/")
    assert page.status_code == status
    assert ("Les familles ne voient pas encore ce site" in page.content.decode()) == (status == 200)


def test_an_open_site_says_nothing_of_it_and_asks_nothing_more(
    client: HostClient, organisation_a: Organisation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    an_organisation_profile()
    client.get("/confidentialite")
    with django_assert_num_queries(4):
        assert "ouvre bientôt" not in client.get("/confidentialite").content.decode()


def test_the_platforms_own_host_never_opens_later(db: None) -> None:
    with in_registry():
        Organisation.objects.filter(schema_name="ops").update(live_at=None)
    assert HostClient("localhost").get("/").status_code == 200


def test_the_site_opens_once_and_the_first_moment_stands(not_open: Organisation, client: HostClient) -> None:
    opening_at, later = clock.now(), clock.now()
    Profile.objects.update(address="1, rue de l’École")

    opening.open_to_families(actor=SYSTEM, at=opening_at)
    opening.open_to_families(actor=SYSTEM, at=later)

    assert moment_of(not_open) == opening_at
    assert Entry.objects.filter(action="organisation.opened").count() == 1
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("lacking", ["contact_email", "address"])
def test_nobody_opens_a_site_without_somebody_to_write_to(not_open: Organisation, lacking: str) -> None:
    Profile.objects.update(**{"contact_email": "a@a.example", "address": "1, rue de l’École", lacking: ""})
    with pytest.raises(opening.NoContact):
        opening.open_to_families(actor=SYSTEM, at=clock.now())
    assert moment_of(not_open) is None


def test_a_failed_opening_leaves_no_trace(not_open: Organisation) -> None:
    """The registry and the trail say the same, or nothing."""
    Profile.objects.update(contact_email="a@a.example", address="1, rue de l’École")
    with pytest.raises(AttributeError):
        opening.open_to_families(actor=None, at=clock.now())  # type: ignore[arg-type]
    assert moment_of(not_open) is None


def test_the_notice_says_where_data_are_kept(client: HostClient, settings: LazySettings) -> None:
    an_organisation_profile()
    assert "Où c’est gardé" not in client.get("/confidentialite").content.decode()

    settings.REGION_PLACE = "Montréal, Canada"
    assert "sont gardés ici\u202f: Montréal, Canada." in client.get("/confidentialite").content.decode()


def test_the_notice_names_no_place_where_the_data_are_not(
    client: HostClient, organisation_a: Organisation, settings: LazySettings
) -> None:
    an_organisation_profile()
    settings.REGION_PLACE = "Montréal, Canada"
    with in_registry():
        Organisation.objects.filter(pk=organisation_a.pk).update(region="elsewhere")

    assert "Montréal" not in client.get("/confidentialite").content.decode()
