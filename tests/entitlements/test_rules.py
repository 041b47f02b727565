"""Living inside, having been approved, having been granted support: what each rule says, and what can be done."""

from datetime import date, timedelta

import pytest
from django.test.utils import CaptureQueriesContext

from kernel.database import connection
from tenant_apps.catalog.eligibility import Eligibility
from tenant_apps.catalog.models import Offering
from tenant_apps.catalog.reasons import Action, Code
from tenant_apps.catalog.rules.kind import KINDS
from tenant_apps.entitlements.models import Kind, Status
from tenant_apps.families.models import Guardian, Guardianship, Participant
from tenant_apps.organisation import operations as organisation
from tests.factories.catalog import an_offering, an_option
from tests.factories.entitlements import a_grant, a_request, the_prices
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON, TORONTO

RESIDENTS = {"kind": "residence", "category": "resident"}
OUTSIDERS = {"kind": "residence", "category": "non_resident"}
INSIDE = {"address": {"street": "18, rue des Tilleuls", "postal_code": "J0X 0X0", "town": "Valmont"}}
OUTSIDE = {"address": {"street": "2, rue du Port", "postal_code": "J8Y 1A1", "town": "Rivière"}}


def asks(*rules: dict[str, object]) -> Offering:
    return an_offering(requirements=list(rules))


def codes(offering: Offering, child: Participant, guardian: Guardian | None) -> list[Code]:
    return [reason.code for reason in reasons(offering, child, guardian)]


def reasons(offering: Offering, child: Participant, guardian: Guardian | None):  # type: ignore[no-untyped-def]
    guardian_id = guardian.id if guardian else None
    known = Eligibility.of([offering], [child], guardian_id=guardian_id, at=NOON, zone=TORONTO)
    return known.of_offering(offering, child)


def by_postal_code(**residence: object) -> None:
    organisation.describe(rules=the_prices(residence={"postal_codes": ["J0X*"], **residence}))


@pytest.mark.line("S4-21")
def test_residents_are_known_by_their_address() -> None:
    by_postal_code()
    offering = asks(RESIDENTS)
    inside, outside, unknown = a_guardian(), a_guardian(), a_guardian()
    a_child(of=inside, household=INSIDE), a_child(of=outside, household=OUTSIDE)

    assert codes(offering, a_child("Bo", of=inside), inside) == []
    assert codes(offering, a_child("Bo", of=outside), outside) == [Code.NOT_RESIDENT]
    [missing] = reasons(offering, a_child("Bo", of=unknown), unknown)
    assert (missing.code, missing.action) == (Code.ADDRESS_UNKNOWN, Action.COMPLETE)


def test_what_is_for_outsiders_is_for_whoever_is_not_known_to_be_inside() -> None:
    by_postal_code()
    offering = asks(OUTSIDERS)
    inside, unknown = a_guardian(), a_guardian()
    a_child(of=inside, household=INSIDE)

    assert codes(offering, a_child("Bo", of=inside), inside) == [Code.NOT_OUTSIDE]
    assert codes(offering, a_child("Bo", of=unknown), unknown) == []


@pytest.mark.line("O-08")
@pytest.mark.parametrize(
    ("status", "until", "code", "action"),
    [
        (None, None, Code.PROOF_MISSING, Action.PROVE),
        (Status.ASKED, None, Code.PROOF_PENDING, None),
        (Status.REFUSED, None, Code.PROOF_REFUSED, Action.PROVE),
        (Status.WITHDRAWN, None, Code.PROOF_MISSING, Action.PROVE),
        (Status.GRANTED, date(2026, 9, 15), Code.PROOF_EXPIRED, Action.PROVE),
        (Status.GRANTED, date(2026, 9, 16), None, None),
        (Status.GRANTED, None, None, None),
    ],
)
def test_where_a_proof_is_asked_the_reason_says_what_became_of_it(
    status: Status | None, until: date | None, code: Code | None, action: Action | None
) -> None:
    by_postal_code(asks_proof=True)
    mother = a_guardian()
    child = a_child(of=mother, household=INSIDE)
    if status:
        a_request(mother, status=status, valid_until_on=until, decided_at=NOON)

    found = reasons(asks(RESIDENTS), child, mother)

    assert [(reason.code, reason.action) for reason in found] == ([(code, action)] if code else [])
    assert all(reason.message.startswith("Ada") for reason in found)


@pytest.mark.line("O-08")
def test_a_proof_of_one_household_opens_nothing_to_the_other() -> None:
    by_postal_code(asks_proof=True)
    mother, father = a_guardian(), a_guardian(first_name="Paul")
    child = a_child(of=mother)
    Guardianship.objects.create(guardian=father, participant=child)
    a_grant(mother)

    assert codes(asks(RESIDENTS), child, mother) == []
    assert codes(asks(RESIDENTS), child, father) == [Code.PROOF_MISSING]


def test_residents_register_first_and_everybody_after_them() -> None:
    by_postal_code()
    inside, outside = a_guardian(), a_guardian()
    child, other = a_child(of=inside, household=INSIDE), a_child(of=outside, household=OUTSIDE)
    now, later = NOON - timedelta(days=1), NOON + timedelta(days=1)
    offering = an_offering(
        windows=[
            {"name": {"fr": "Résidents"}, "for": [RESIDENTS], "opens_at": now.isoformat(), "closes_at": None},
            {"name": {"fr": "Tous"}, "for": [], "opens_at": later.isoformat(), "closes_at": None},
        ]
    )

    assert codes(offering, child, inside) == []
    assert codes(offering, other, outside) == [Code.NOT_OPEN_YET]


@pytest.mark.line("O-11")
def test_a_child_whose_support_was_granted_need_not_wait_for_the_opening() -> None:
    mother = a_guardian()
    child, sister = a_child(of=mother), a_child("Bo", of=mother)
    offering = an_offering(opens_at=NOON + timedelta(days=30), support={"from_on": "2026-09-01"})
    a_grant(mother, Kind.SUPPORT, participant=child, offering=offering)
    a_request(mother, Kind.SUPPORT, participant=sister, offering=offering)

    assert codes(offering, child, mother) == []
    assert codes(offering, sister, mother) == [Code.NOT_OPEN_YET]


def test_what_opens_early_is_the_option_that_support_was_granted_for_and_no_other() -> None:
    mother = a_guardian()
    child, sister = a_child(of=mother), a_child("Bo", of=mother)
    offering = an_offering(opens_at=NOON + timedelta(days=30), support={"from_on": "2026-09-01"})
    granted, other = (an_option(offering=offering) for _ in range(2))
    a_grant(mother, Kind.SUPPORT, participant=child, offering=offering, option=granted)
    known = Eligibility.of([offering], [child, sister], guardian_id=mother.id, at=NOON, zone=TORONTO)

    for judge in (known.of_option, known.against):
        assert [reason.code for reason in judge(granted, child)] == []
        assert [reason.code for reason in judge(other, child)] == [Code.NOT_OPEN_YET]
    assert known.of_offering(offering, child) == known.of_all(offering, child) == []
    assert [reason.code for reason in known.against(granted, sister)] == [Code.NOT_OPEN_YET]
    assert known.of_option(granted, None) == []
    assert [reason.code for reason in known.of_option(other, None)] == [Code.NOT_OPEN_YET]


@pytest.mark.parametrize(
    ("rule", "kind", "expected"),
    [
        ("approval", Kind.APPROVAL, [Code.APPROVAL_NEEDED, Code.APPROVAL_PENDING, Code.APPROVAL_REFUSED]),
        ("support_request", Kind.SUPPORT, [Code.SUPPORT_NEEDED, Code.SUPPORT_PENDING, Code.SUPPORT_REFUSED]),
    ],
)
def test_what_staff_must_grant_says_where_the_request_stands(rule: str, kind: Kind, expected: list[Code]) -> None:
    mother = a_guardian()
    child = a_child(of=mother)
    offering, other = asks({"kind": rule}), asks({"kind": rule})
    found = [codes(offering, child, mother)]
    request = a_request(mother, kind, participant=child, offering=offering)
    for status in (Status.ASKED, Status.REFUSED, Status.GRANTED):
        type(request).objects.filter(pk=request.pk).update(status=status)
        found.append(codes(offering, child, mother))

    assert found == [[code] for code in expected] + [[]]
    assert codes(other, child, mother) == [expected[0]]


@pytest.mark.line("O-11")
def test_what_was_granted_to_the_child_serves_the_other_parent_and_no_other_child() -> None:
    mother, father = a_guardian(), a_guardian(first_name="Paul")
    child, sister = a_child(of=mother), a_child("Bo", of=mother)
    Guardianship.objects.create(guardian=father, participant=child)
    offering = asks({"kind": "approval"})
    a_grant(mother, Kind.APPROVAL, participant=child, offering=offering)

    assert codes(offering, child, father) == []
    assert codes(offering, sister, mother) == [Code.APPROVAL_NEEDED]


def test_of_a_request_that_waits_the_other_parent_learns_nothing() -> None:
    mother, father = a_guardian(), a_guardian(first_name="Paul")
    child = a_child(of=mother)
    Guardianship.objects.create(guardian=father, participant=child)
    offering = asks({"kind": "approval"})
    a_request(mother, Kind.APPROVAL, participant=child, offering=offering)

    assert codes(offering, child, father) == [Code.APPROVAL_NEEDED]


@pytest.mark.parametrize("rule", [RESIDENTS, OUTSIDERS, {"kind": "approval"}, {"kind": "support_request"}])
def test_each_rule_is_explained_and_comes_back_from_its_form(rule: dict[str, str]) -> None:
    kind = KINDS[rule["kind"]]
    form = kind.form(rule)

    assert form.is_valid()
    assert form.rule(kind.key) == rule
    assert kind.explain(rule).endswith(".")


def test_several_children_and_offerings_take_no_more_queries_than_one() -> None:
    by_postal_code(asks_proof=True)
    mother = a_guardian()
    children = [a_child(name, of=mother) for name in ("Ada", "Bo", "Cy")]
    offerings = [asks(RESIDENTS, {"kind": "approval"}, {"kind": "support_request"}) for _ in range(3)]
    for offering in offerings:
        an_option(offering=offering)
    counts = []
    for number in (1, 3):
        asked = [Offering.objects.get(id=offering.id) for offering in offerings[:number]]
        with CaptureQueriesContext(connection) as queries:
            known = Eligibility.of(asked, children[:number], guardian_id=mother.id, at=NOON, zone=TORONTO)
            found = [known.of_offering(each, child) for each in asked for child in children[:number]]
        assert all(len(each) == 3 for each in found)
        counts.append(len([each for each in queries if "entitlements_entitlement" in each["sql"]]))

    assert counts == [3, 3]
