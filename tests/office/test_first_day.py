"""The first day: a list that the data tick off, and the moment when families see the site."""

from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from billing.models import ConnectedAccount
from kernel import clock
from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from tenant_apps.catalog.models import Status as OfferingStatus
from tenant_apps.office.first_day import steps
from tenant_apps.organisation import staff
from tenant_apps.organisation.models import Profile, Role
from tenants.context import in_registry
from tenants.models import Organisation
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.organisation import a_staff_member, an_establishment
from tests.office.conftest import SignIn
from tests.office.money import a_paid_order

MANAGERS = {Role.OWNER, Role.ADMINISTRATOR}


def url(name: str) -> str:
    return reverse(f"office:{name}", urlconf="config.urls.organisation")


@pytest.fixture
def not_open(organisation_a: Organisation) -> Organisation:
    with in_registry():
        Organisation.objects.filter(pk=organisation_a.pk).update(live_at=None)
    return organisation_a


def opened(organisation: Organisation) -> bool:
    with in_registry():
        return Organisation.objects.get(pk=organisation.pk).live_at is not None


def ticked(client: HostClient) -> set[str]:
    found = client.get(url("home")).context["first_day"]
    return {step.key for step in found.steps if step.is_done}


def a_ready_account(organisation: Organisation, **columns: Any) -> None:
    with in_registry():
        ConnectedAccount.objects.create(
            organisation=organisation, processor_id="acct_1", name="Commune", charges_enabled=True, **columns
        )


def test_nothing_is_ticked_before_it_is_done(as_staff: SignIn, not_open: Organisation) -> None:
    assert ticked(as_staff(Role.OWNER)) == set()


def test_each_step_is_ticked_by_what_the_data_say(as_staff: SignIn, not_open: Organisation) -> None:
    client, done = as_staff(Role.OWNER), set()
    for key, act in {
        "establishments": lambda: an_establishment(),
        "payee": lambda: a_ready_account(not_open),
        "offering": lambda: an_offering(),
        "colleague": lambda: staff.invite(
            email="b@example.org",
            first_name="",
            last_name="",
            role=Role.FINANCE,
            establishments=[],
            actor=SYSTEM,
            at=clock.now(),
        ),
        "brand": lambda: Profile.objects.update(first_day={"brand": "2026-09-01"}),
        "trial": lambda: a_paid_order(an_option()),
    }.items():
        act()
        done.add(key)
        assert ticked(client) == done


def test_each_step_leads_to_what_makes_the_first_one_then_to_the_list(as_staff: SignIn, not_open: Organisation) -> None:
    client = as_staff(Role.OWNER)

    def led() -> list[str]:
        found = client.get(url("home")).context["first_day"].steps
        return [step.url for step in found if step.key in ("establishments", "payee", "offering", "colleague")]

    assert led() == [url(name) for name in ("establishment_add", "payee_add", "new_offering", "staff_invite")]
    an_establishment()
    a_ready_account(not_open)
    an_offering(status=OfferingStatus.DRAFT)
    a_staff_member(Role.FINANCE)
    assert led() == [url(name) for name in ("establishments", "payee_accounts", "offerings", "people")]


def test_what_is_done_leads_on_to_the_next_step(as_staff: SignIn, not_open: Organisation) -> None:
    client = as_staff(Role.OWNER)

    def added(name: str) -> str:
        return client.post(url("establishment_add"), {"name": name}, follow=True).content.decode()

    told = f'Étape suivante\u202f: <a href="{url("payee_add")}">Votre compte de paiement</a>'
    assert f'Étape suivante\u202f: <a href="{url("identity")}">Votre identité</a>' in added("École du Lac")
    Profile.objects.update(first_day={"brand": "2026-09-01"})
    assert told in added("École du Mont")
    client.post(url("first_day_dismiss"), follow=True)
    page = added("École du Bois")
    assert "École du Bois" in page and "Étape suivante" not in page


def test_an_account_that_takes_no_money_is_not_ready(as_staff: SignIn, not_open: Organisation) -> None:
    a_ready_account(not_open, disconnected_at=clock.now())
    assert "payee" not in ticked(as_staff(Role.OWNER))


def test_the_list_costs_one_question(
    organisation_a: Organisation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    profile = Profile.objects.get()
    with django_assert_num_queries(1):
        steps.of(profile, organisation_a)


@pytest.mark.parametrize("role", Role.values)
def test_it_is_for_owners_and_administrators(as_staff: SignIn, not_open: Organisation, role: str) -> None:
    client, allowed = as_staff(role), role in MANAGERS

    assert (client.get(url("home")).context["first_day"] is not None) == allowed
    for name in ("first_day_trial", "go_live"):
        assert client.get(url(name)).status_code == (200 if allowed else 403), name
    for name in ("first_day_dismiss", "go_live"):
        assert client.post(url(name)).status_code == (302 if allowed else 403), name


def test_who_has_seen_enough_puts_it_away_for_all(as_staff: SignIn, not_open: Organisation) -> None:
    as_staff(Role.OWNER).post(url("first_day_dismiss"))
    as_staff(Role.OWNER).post(url("first_day_dismiss"))

    assert as_staff(Role.ADMINISTRATOR).get(url("home")).context["first_day"] is None
    assert Entry.objects.filter(action="organisation.first_day").count() == 1


def test_the_site_opens_with_warnings_and_once(as_staff: SignIn, not_open: Organisation) -> None:
    Profile.objects.update(contact_email="allo@a.example", address="1, rue de l’École")
    client = as_staff(Role.OWNER)

    asked = client.get(url("go_live"))
    assert [step.key for step in asked.context["missing"]] == [
        "brand", "establishments", "payee", "offering", "colleague", "trial",
    ]  # fmt: skip
    assert not opened(not_open)
    client.post(url("go_live"))
    client.post(url("go_live"))

    assert opened(not_open)
    assert HostClient("a.localhost").get("/").status_code == 200
    assert Entry.objects.filter(action="organisation.opened").count() == 1
    assert ticked(client) == {"live"}


def test_a_site_without_somebody_to_write_to_stays_shut(as_staff: SignIn, not_open: Organisation) -> None:
    client = as_staff(Role.OWNER)

    assert "Ouvrir aux familles</span></button>" not in client.get(url("go_live")).content.decode()
    client.post(url("go_live"))
    assert not opened(not_open)


def test_the_trial_leads_to_what_is_published(as_staff: SignIn, not_open: Organisation) -> None:
    an_offering(title="Camp des mésanges")
    client = as_staff(Role.OWNER)

    assert "Camp des mésanges" in client.get(url("first_day_trial")).content.decode()
    assert client.get("/activites").status_code == 200
