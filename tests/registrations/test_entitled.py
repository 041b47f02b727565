"""What is granted to a household changes what its basket costs at once, and what ends changes it back."""

from datetime import date, timedelta

import pytest

from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Option
from tenant_apps.entitlements.models import Kind
from tenant_apps.entitlements.operations import deciding
from tenant_apps.entitlements.operations.deciding import Granted
from tenant_apps.families.models import Guardian, Guardianship
from tenant_apps.organisation import operations as organisation
from tenant_apps.registrations import operations
from tenant_apps.registrations.models import Basket, Registration
from tests.factories.catalog import an_offering, an_option
from tests.factories.entitlements import a_request, the_prices
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON
from tests.factories.registrations import a_basket, a_claim, a_hold

HALF = {"kind": "subsidy", "subsidy": "loisirs", "percent": -50}
GRANTED = Granted(from_on=NOON.date(), until_on=date(2027, 9, 15), key="loisirs")


@pytest.fixture(autouse=True)
def tables(profile: None) -> None:
    organisation.describe(rules=the_prices(subsidies=[{"key": "loisirs", "label": "Accès-Loisirs"}]))


def a_subsidised_option() -> Option:
    return an_option(offering=an_offering(pricing={"rules": [HALF]}), price=10000)


def amounts(basket: Basket) -> list[int]:
    return list(Registration.objects.filter(basket=basket).values_list("amount_cents", flat=True))


@pytest.mark.line("O-08")
def test_a_subsidy_that_is_granted_lowers_the_basket_and_its_end_raises_it() -> None:
    mother = a_guardian()
    basket = a_basket(mother)
    a_hold(a_subsidised_option(), basket=basket, child=a_child(of=mother))
    request = a_request(mother, Kind.SUBSIDY, key="loisirs")
    assert amounts(basket) == [10000]

    deciding.accept(entitlement_ids=[request.id], granted=GRANTED, actor=SYSTEM, at=NOON)
    assert amounts(basket) == [5000]

    deciding.reopen(entitlement_id=request.id, actor=SYSTEM, at=NOON)
    assert amounts(basket) == [10000]


@pytest.mark.line("O-08")
def test_the_other_household_of_the_child_pays_its_own_price() -> None:
    mother, father = a_guardian(), a_guardian(first_name="Paul")
    child = a_child(of=mother)
    Guardianship.objects.create(guardian=father, participant=child)
    basket = a_basket(father)
    a_hold(a_subsidised_option(), basket=basket, child=child)
    request = a_request(mother, Kind.SUBSIDY, key="loisirs")

    deciding.accept(entitlement_ids=[request.id], granted=GRANTED, actor=SYSTEM, at=NOON)

    assert amounts(basket) == [10000]


def test_all_who_live_together_have_it() -> None:
    mother, partner = a_guardian(), a_guardian()
    Guardian.objects.filter(id=partner.id).update(household=mother.household)
    child = a_child(of=mother)
    Guardianship.objects.create(guardian=partner, participant=child)
    basket = a_basket(partner)
    a_hold(a_subsidised_option(), basket=basket, child=child)
    request = a_request(mother, Kind.SUBSIDY, key="loisirs")

    deciding.accept(entitlement_ids=[request.id], granted=GRANTED, actor=SYSTEM, at=NOON)

    assert amounts(basket) == [5000]


@pytest.mark.line("O-08")
def test_what_has_run_out_lowers_nothing_more_at_the_check_out() -> None:
    mother = a_guardian()
    basket = a_basket(mother)
    option = a_subsidised_option()
    child = a_child(of=mother)
    request = a_request(mother, Kind.SUBSIDY, key="loisirs")
    granted = Granted(from_on=NOON.date(), until_on=NOON.date(), key="loisirs")
    deciding.accept(entitlement_ids=[request.id], granted=granted, actor=SYSTEM, at=NOON)
    operations.hold(basket_id=basket.id, claims=[a_claim(child, option)], actor=SYSTEM, at=NOON)
    assert amounts(basket) == [5000]
    Registration.objects.update(held_until=NOON + timedelta(days=3))

    [line] = operations.begin_check_out(basket_id=basket.id, at=NOON + timedelta(days=2))

    assert line.amount_cents == 10000
