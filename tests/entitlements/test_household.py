"""What prices ask of a family: where it lives, its income band, its subsidies, as each household has them."""

from datetime import date, datetime, timedelta

import pytest
from django.test.utils import CaptureQueriesContext

from kernel.database import connection
from tenant_apps.catalog.pricing.circumstances import Circumstances, Household
from tenant_apps.entitlements import residence
from tenant_apps.entitlements.models import Kind, Status
from tenant_apps.entitlements.queries import household_of
from tenant_apps.families.models import Guardian, Guardianship, Participant
from tenant_apps.organisation import operations as organisation
from tenant_apps.organisation.prices import Residence
from tests.factories.entitlements import a_grant, a_request, the_prices
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON, TORONTO

INSIDE = {"address": {"street": "18, rue des Tilleuls", "postal_code": "J0X 0X0", "town": "Valmont"}}
OUTSIDE = {"address": {"street": "2, rue du Port", "postal_code": "J8Y 1A1", "town": "Rivière"}}


def of(child: Participant, guardian: Guardian | None = None, at: datetime = NOON) -> Circumstances:
    guardian_id = guardian.id if guardian else None
    return household_of(guardian_id, [child], at=at, zone=TORONTO).of(child.id)


def by_postal_code(*codes: str, **residence: object) -> None:
    organisation.describe(rules=the_prices(residence={"postal_codes": list(codes), **residence}))


@pytest.mark.line("S4-21")
@pytest.mark.parametrize(
    ("written", "codes", "category"),
    [
        ("J0X 0X0", ("J0X*",), "resident"),
        ("j0x0x0", ("J0X 0X0",), "resident"),
        ("4140", ("4140", "4141"), "resident"),
        ("4140", ("41*",), "resident"),
        ("4100", ("4140", "4141"), "non_resident"),
        ("41401", ("4140",), "non_resident"),
        ("4140", (), ""),
        ("", ("4140",), ""),
    ],
)
def test_the_postal_code_says_who_is_a_resident(written: str, codes: tuple[str, ...], category: str) -> None:
    answers = {"mother": "Marie", "address": {"street": "x", "postal_code": written, "town": "y"}}

    assert residence.by_address(answers, Residence(postal_codes=codes)) == category


@pytest.mark.line("S4-21")
def test_a_child_is_a_resident_by_the_address_of_the_household_that_asks() -> None:
    by_postal_code("J0X*")
    mother, father = a_guardian(), a_guardian(first_name="Paul")
    child = a_child(of=mother, household=INSIDE)
    Guardianship.objects.create(guardian=father, participant=child)
    a_child("Bo", of=father, household=OUTSIDE)

    assert (of(child, mother).residence, of(child, father).residence) == ("resident", "non_resident")
    assert of(child).residence == ""


@pytest.mark.line("S4-21")
def test_what_staff_said_of_a_child_comes_before_everything() -> None:
    by_postal_code("J0X*")
    mother = a_guardian()
    child = a_child(of=mother, household=INSIDE)
    a_grant(mother)
    child.price_category = "non_resident"

    assert of(child, mother).residence == "non_resident"
    assert of(child).residence == "non_resident"


@pytest.mark.line("O-08")
def test_where_a_proof_is_asked_the_address_alone_makes_nobody_a_resident() -> None:
    by_postal_code("J0X*", asks_proof=True)
    inside, outside = a_guardian(), a_guardian()
    child, other = a_child(of=inside, household=INSIDE), a_child(of=outside, household=OUTSIDE)

    assert (of(child, inside).residence, of(other, outside).residence) == ("", "non_resident")

    a_grant(inside)

    assert of(child, inside).residence == "resident"


@pytest.mark.line("O-08")
def test_a_proof_holds_to_the_last_minute_of_its_last_day_where_the_organisation_is() -> None:
    by_postal_code(asks_proof=True)
    mother = a_guardian()
    child = a_child(of=mother)
    a_grant(mother, until=date(2026, 12, 31))
    last = datetime(2026, 12, 31, 23, 59, tzinfo=TORONTO)

    assert of(child, mother, last).residence == "resident"
    assert of(child, mother, last + timedelta(minutes=1)).residence == ""


def test_a_proof_holds_from_its_first_day_on() -> None:
    mother = a_guardian()
    child = a_child(of=mother)
    a_grant(mother, valid_from_on=date(2026, 9, 17))

    assert of(child, mother).residence == ""
    assert of(child, mother, NOON + timedelta(days=1)).residence == "resident"


@pytest.mark.line("O-08")
def test_who_lives_together_has_the_same_proofs_and_nobody_else() -> None:
    mother, partner, father = a_guardian(), a_guardian(first_name="Alex"), a_guardian(first_name="Paul")
    Guardian.objects.filter(id=partner.id).update(household=mother.household)
    child = a_child(of=mother)
    for guardian in (partner, father):
        Guardianship.objects.create(guardian=guardian, participant=child)
    a_grant(mother, Kind.INCOME)

    assert [of(child, each).income_band for each in (mother, partner, father)] == ["band-1", "band-1", ""]


def test_what_is_a_childs_own_is_no_other_childs_and_comes_before_the_familys() -> None:
    mother = a_guardian()
    ada, bo = a_child("Ada", of=mother), a_child("Bo", of=mother)
    a_grant(mother, Kind.INCOME, key="family")
    a_grant(mother, Kind.INCOME, key="own", participant=ada)
    a_grant(mother, Kind.SUBSIDY, key="first")
    a_grant(mother, Kind.SUBSIDY, key="second", participant=bo)
    a_grant(mother, Kind.SUPPORT, participant=ada)

    assert of(ada, mother) == Circumstances(income_band="own", subsidies=frozenset({"first"}), has_support=True)
    assert of(bo, mother) == Circumstances(income_band="family", subsidies=frozenset({"first", "second"}))


def test_support_is_granted_to_the_child_whoever_asked_for_it() -> None:
    mother, father = a_guardian(), a_guardian(first_name="Paul")
    child, sister = a_child(of=mother), a_child("Bo", of=mother)
    Guardianship.objects.create(guardian=father, participant=child)
    a_grant(mother, Kind.SUPPORT, participant=child)

    assert [of(child, each).has_support for each in (mother, father)] == [True, True]
    assert not of(sister, mother).has_support


def test_what_waits_was_refused_or_withdrawn_gives_nothing() -> None:
    mother = a_guardian()
    child = a_child(of=mother)
    for status in (Status.ASKED, Status.REFUSED, Status.WITHDRAWN):
        a_request(mother, Kind.SUBSIDY, status=status)

    assert of(child, mother) == Circumstances()


def test_several_children_take_no_more_queries_than_one() -> None:
    mother = a_guardian()
    children = [a_child(name, of=mother) for name in ("Ada", "Bo", "Cy")]
    a_grant(mother)
    counts = []
    for several in (children[:1], children):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            household_of(mother.id, several, at=NOON, zone=TORONTO)
        counts.append(len(queries))

    assert counts == [3, 3]


def test_nobody_is_asked_about_for_nothing() -> None:
    with CaptureQueriesContext(connection) as queries:
        found = household_of(a_guardian().id, [], at=NOON, zone=TORONTO)

    assert found == Household()
    assert [each for each in queries if "entitlement" in each["sql"]] == []
