"""An organisation announces its leave, is told of its dates, closes on its day, and may stay after all."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from kernel.registry import Registry
from shared_apps.outbox import delivery
from shared_apps.outbox.models import Message
from tenant_apps.organisation.models import Role
from tenants.context import in_organisation, in_registry
from tenants.leaving import closing, departing
from tenants.models import Departure, Organisation, State, SuspendedFor
from tenants.operations.suspend import suspend
from tests.clients import HostClient
from tests.factories.moments import NOON
from tests.factories.organisation import a_staff_member, an_organisation_profile

pytestmark = pytest.mark.django_db

TODAY = date(2026, 9, 16)
CLOSES, ERASES = TODAY + timedelta(days=30), TODAY + timedelta(days=60)


@pytest.fixture
def organisation(organisation_a: Organisation) -> Organisation:
    an_organisation_profile(contact_email="aide@example.org")
    return organisation_a


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[UUID, datetime]]]:
    """When services were ended that the test has an eye on."""
    calls: list[tuple[UUID, datetime]] = []
    own: Registry[object] = Registry("end of service")
    own.register("test", lambda organisation_id, at: calls.append((organisation_id, at)))
    monkeypatch.setattr(closing, "CLOSING", own)
    yield calls


def announce(organisation: Organisation, *, closes_on: date = CLOSES, erases_on: date = ERASES) -> Departure:
    return departing.announce(
        organisation_id=organisation.pk,
        asked_by="Une propriétaire",
        reason="Fusion",
        closes_on=closes_on,
        erases_on=erases_on,
        at=NOON,
    )


def state_of(organisation: Organisation) -> tuple[str, str]:
    with in_registry():
        found = Organisation.objects.get(pk=organisation.pk)
    return found.state, found.suspended_for


def advance(days: float) -> int:
    with in_registry():
        return closing.advance(at=NOON + timedelta(days=days))


def subjects() -> list[str]:
    """Of the messages that were written since, in order."""
    delivery.handle_events(at=NOON + timedelta(days=365))
    return list(
        Message.objects.filter(unique_key__startswith="leaving:").order_by("id").values_list("subject", flat=True)
    )


@pytest.mark.parametrize("days", [6, 0, -1])
def test_families_have_a_week_at_least(days: int, organisation: Organisation) -> None:
    with pytest.raises(departing.TooSoon):
        announce(organisation, closes_on=TODAY + timedelta(days=days))

    assert announce(organisation, closes_on=TODAY + timedelta(days=7)).closes_on == TODAY + timedelta(days=7)


def test_and_a_month_to_take_their_copies(organisation: Organisation) -> None:
    with pytest.raises(departing.ErasedTooSoon):
        announce(organisation, erases_on=CLOSES + timedelta(days=29))

    assert announce(organisation, erases_on=CLOSES + timedelta(days=30)).erases_on == CLOSES + timedelta(days=30)


def test_the_platforms_own_does_not_leave() -> None:
    with in_registry():
        own = Organisation.objects.get(slug="ops")

    with pytest.raises(departing.CannotLeave):
        announce(own)


def test_it_leaves_once(organisation: Organisation) -> None:
    announce(organisation)

    with pytest.raises(departing.AlreadyLeaving):
        announce(organisation)


@pytest.mark.parametrize(("days", "state"), [(29, State.READY), (30, State.SUSPENDED), (45, State.SUSPENDED)])
def test_it_is_closed_on_its_day(days: int, state: str, organisation: Organisation) -> None:
    announce(organisation)

    advance(days)

    assert state_of(organisation)[0] == state


def test_the_day_is_the_organisations_own(organisation: Organisation) -> None:
    """Midnight in Québec is four hours later than here."""
    announce(organisation)
    midnight = datetime(2026, 10, 16, 4, 0, tzinfo=NOON.tzinfo)

    with in_registry():
        closing.advance(at=midnight - timedelta(minutes=1))
    assert state_of(organisation) == (State.READY, "")
    with in_registry():
        closing.advance(at=midnight)
    assert state_of(organisation) == (State.SUSPENDED, SuspendedFor.LEAVING)


def test_one_that_owed_money_is_closed_for_good_all_the_same(organisation: Organisation) -> None:
    announce(organisation)
    with in_registry():
        suspend(organisation_id=organisation.pk, reason=SuspendedFor.UNPAID, at=NOON)

    advance(30)

    assert state_of(organisation) == (State.SUSPENDED, SuspendedFor.LEAVING)


def test_one_that_cannot_be_closed_keeps_no_other_from_its_day(
    organisation: Organisation, organisation_b: Organisation
) -> None:
    announce(organisation_b)
    announce(organisation)
    with in_registry():
        Organisation.objects.filter(pk=organisation_b.pk).update(time_zone="Mars/Phobos")

    advance(30)

    assert (state_of(organisation_b)[0], state_of(organisation)[0]) == (State.READY, State.SUSPENDED)


def test_services_end_with_it_once(organisation: Organisation, ended: list[tuple[UUID, datetime]]) -> None:
    announce(organisation)

    for days in (29, 30, 30, 31):
        advance(days)

    assert ended == [(organisation.pk, NOON + timedelta(days=30))]


def test_one_that_does_not_end_is_asked_again_and_delays_nothing(
    organisation: Organisation, ended: list[tuple[UUID, datetime]]
) -> None:
    def away(organisation_id: UUID, at: datetime) -> None:
        if at < NOON + timedelta(days=31):
            raise ConnectionError
        ended.append((organisation_id, at))

    closing.CLOSING.register("away", away)
    announce(organisation)

    advance(30)
    assert state_of(organisation)[0] == State.SUSPENDED
    advance(31)
    advance(32)

    assert [at for _organisation, at in ended] == [NOON + timedelta(days=30), NOON + timedelta(days=31)]


def test_owners_and_administrators_are_told_at_each_step(organisation: Organisation) -> None:
    for role in (Role.OWNER, Role.ADMINISTRATOR, Role.FINANCE, Role.SECRETARY):
        a_staff_member(role)
    announce(organisation)

    told = {0: subjects()}
    for days in (20, 23, 24, 29, 29.5, 30, 31, 53, 59, 60):
        advance(days)
        told[days] = subjects()[sum(map(len, told.values())) :]

    assert {days: len(said) for days, said in told.items() if said} == {0: 2, 23: 2, 29: 2, 30: 2, 53: 2, 59: 2}
    assert "16 octobre 2026" in told[23][0] and "15 novembre 2026" in told[53][0]


def test_who_was_not_told_in_time_is_told_of_the_nearest_day_alone(organisation: Organisation) -> None:
    a_staff_member(Role.OWNER)
    announce(organisation)
    subjects()

    advance(29)

    assert len(subjects()) == 2


def test_it_may_stay_until_erasure_begins(organisation: Organisation) -> None:
    announce(organisation)
    advance(31)

    departing.cancel(organisation_id=organisation.pk, at=NOON + timedelta(days=32))

    assert state_of(organisation) == (State.READY, "")
    advance(61)
    assert state_of(organisation) == (State.READY, "")


def test_not_after(organisation: Organisation) -> None:
    announce(organisation)
    with in_registry():
        Departure.objects.update(erasing_at=NOON)

    with pytest.raises(departing.NotLeaving):
        departing.cancel(organisation_id=organisation.pk, at=NOON)


def test_another_departure_may_follow_one_that_was_given_up(organisation: Organisation) -> None:
    announce(organisation)
    departing.cancel(organisation_id=organisation.pk, at=NOON)

    assert announce(organisation).cancelled_at is None


def test_the_twin_goes_on(organisation: Organisation, organisation_b: Organisation) -> None:
    announce(organisation)

    advance(31)

    assert state_of(organisation_b) == (State.READY, "")
    with in_organisation(organisation_b):
        assert Departure.objects.count() == 0
    with in_organisation(organisation):
        assert Departure.objects.count() == 1


def test_families_read_until_when(organisation: Organisation) -> None:
    announce(organisation)
    advance(31)

    page = HostClient("a.localhost").get("/activites").content.decode()

    assert "jusqu’au 15 novembre 2026" in page
