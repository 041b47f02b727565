"""A limit holds for a child whose two parents register at once, and for a family whose two adults do."""

import pytest

from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Option, Selection
from tenant_apps.families.models import Guardian, Guardianship, Household, Participant
from tenant_apps.registrations import errors, locks, operations
from tenant_apps.registrations.models import Registration
from tenants.models import Organisation
from tests.concurrency.crowd import rush
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON
from tests.factories.organisation import an_organisation_profile
from tests.factories.registrations import a_basket, a_claim

# One round may pass by luck.
ROUNDS = 6


@pytest.fixture
def both(transactional_db: None, organisation_a: Organisation) -> list[Guardian]:
    an_organisation_profile()
    return [a_guardian(), a_guardian(first_name="Paul")]


def _shared(both: list[Guardian]) -> Participant:
    mother, father = both
    child = a_child(f"Ada {Participant.objects.count()}", of=mother)
    Guardianship.objects.create(guardian=father, participant=child)
    return child


def _two_options(**columns: object) -> list[Option]:
    offering = an_offering(**{"selection": Selection.SEVERAL, **columns})
    return [an_option(offering=offering, places=10) for _ in range(2)]


def _each_takes_one(
    organisation: Organisation,
    both: list[Guardian],
    children: list[Participant],
    options: list[Option],
    *,
    is_held: bool,
) -> list[BaseException]:
    arrivals = list(zip([a_basket(guardian) for guardian in both], children, options, strict=True))

    def take(arrival: tuple[object, Participant, Option]) -> None:
        basket, child, option = arrival
        operations.hold(basket_id=basket.id, claims=[a_claim(child, option)], actor=SYSTEM, at=NOON)  # type: ignore[attr-defined]

    return rush(organisation, arrivals, take, is_held=is_held)


def _child_rounds(
    organisation: Organisation, both: list[Guardian], *, is_held: bool = False, **columns: object
) -> list[int]:
    """How many were taken in each round, of the one that was allowed."""
    taken = []
    for _round in range(ROUNDS):
        child, options = _shared(both), _two_options(**columns)
        refused = _each_takes_one(organisation, both, [child, child], options, is_held=is_held)
        assert all(isinstance(error, errors.NotAllowed) for error in refused)
        taken.append(Registration.objects.filter(participant=child).count())
    return taken


ONE_FOR_A_CHILD = {"requirements": [{"kind": "limit_child", "maximum": 1}]}


def test_two_parents_at_once_do_not_pass_the_limit_of_their_child(
    organisation_a: Organisation, both: list[Guardian]
) -> None:
    assert _child_rounds(organisation_a, both, **ONE_FOR_A_CHILD) == [1] * ROUNDS


def test_two_parents_at_once_do_not_pass_the_limit_of_a_period(
    organisation_a: Organisation, both: list[Guardian]
) -> None:
    window = {"name": "Une", "for": ONE_FOR_A_CHILD["requirements"], "opens_at": "2026-01-01T00:00:00+00:00"}

    assert _child_rounds(organisation_a, both, windows=[window]) == [1] * ROUNDS


def test_two_parents_at_once_do_not_take_two_where_one_is_chosen(
    organisation_a: Organisation, both: list[Guardian]
) -> None:
    assert _child_rounds(organisation_a, both, selection=Selection.ONE) == [1] * ROUNDS


def test_without_the_lock_two_parents_at_once_pass_it(
    organisation_a: Organisation, both: list[Guardian], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "those_who_count", lambda guardian_id, participant_ids: None)

    assert _child_rounds(organisation_a, both, is_held=True, **ONE_FOR_A_CHILD) == [2] * ROUNDS


def _family_rounds(organisation: Organisation, both: list[Guardian], *, is_held: bool = False) -> list[int]:
    """Two adults of one household, each for a child of their own."""
    household = Household.objects.create()
    Guardian.objects.filter(id__in=[guardian.id for guardian in both]).update(household=household)
    taken = []
    for _round in range(ROUNDS):
        children = [a_child(f"Bo {Participant.objects.count()}", of=guardian) for guardian in both]
        options = _two_options(requirements=[{"kind": "limit_family", "maximum": 1}])
        refused = _each_takes_one(organisation, both, children, options, is_held=is_held)
        assert all(isinstance(error, errors.NotAllowed) for error in refused)
        taken.append(Registration.objects.filter(participant__in=children).count())
    return taken


def test_two_adults_of_a_family_at_once_do_not_pass_its_limit(
    organisation_a: Organisation, both: list[Guardian]
) -> None:
    assert _family_rounds(organisation_a, both) == [1] * ROUNDS


def test_without_the_lock_two_adults_at_once_pass_it(
    organisation_a: Organisation, both: list[Guardian], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "those_who_count", lambda guardian_id, participant_ids: None)

    assert _family_rounds(organisation_a, both, is_held=True) == [2] * ROUNDS
