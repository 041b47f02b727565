"""A choice that the organisation cancels: nobody has it, waits for it or has it kept any more."""

import pytest
from django.test.utils import CaptureQueriesContext

from kernel.database import connection
from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from shared_apps.outbox.models import Event, Message
from tenant_apps.catalog.models import Option
from tenant_apps.changes.operations import closing
from tenant_apps.entitlements.models import Entitlement
from tenant_apps.entitlements.models import Status as Answer
from tenant_apps.notifications import changes
from tenant_apps.registrations import operations, support
from tenant_apps.registrations.models import Basket, Places, Registration, RequestStatus, Status
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian, a_guest
from tests.factories.moments import NOON
from tests.factories.registrations import a_hold
from tests.registrations.test_waiting import a_camp, a_full, asks, let_go, status_of

SUPPORTED = {"from_on": None, "until_on": None, "keep_days": 14}


def close(option: Option) -> None:
    closing.close(option_ids=[option.id], answer="La piscine est fermée.", actor=SYSTEM, at=NOON)


def hear() -> None:
    event = Event.objects.filter(kind=closing.EVENT).latest("id")
    closing.next_ones(event.payload)


def told() -> dict[str, str]:
    """The mails of those who had paid nothing, by recipient."""
    for event in Event.objects.filter(kind="changes.closed_for"):
        changes.closed_for(event.payload)
    return dict(Message.objects.filter(unique_key__startswith="closed:").values_list("recipient", "text"))


def waiting_for(count: int) -> Option:
    option, _held = a_full()
    for _number in range(count):
        asks(option)
    return option


def queries_of(option: Option) -> int:
    with CaptureQueriesContext(connection) as queries:
        close(option)
    return len(queries)


def test_a_place_that_is_kept_for_a_request_is_let_go_like_one_in_a_basket() -> None:
    option = an_option(places=2, offering=an_offering(support=SUPPORTED))
    guardian = a_guardian()
    support.ask(
        guardian_id=guardian.id,
        participant_id=a_child(of=guardian).id,
        option_ids=[option.id],
        words="Il faut quelqu’un avec lui.",
        actor=SYSTEM,
        at=NOON,
    )
    a_hold(option)
    close(option)

    hear()

    assert set(Registration.objects.values_list("status", flat=True)) == {Status.RELEASED}
    assert Places.objects.get(option_id=option.id).taken == 0
    assert Entitlement.objects.get().status == Answer.REFUSED
    assert Event.objects.filter(kind="entitlements.decided").count() == 1


def test_who_is_paying_for_it_stops_nobody_else() -> None:
    option = an_option(places=2)
    paying, held = a_hold(option), a_hold(option)
    operations.begin_check_out(basket_id=paying.basket_id, at=NOON)
    close(option)

    hear()

    assert [Registration.objects.get(pk=each.pk).status for each in (paying, held)] == [
        Status.AWAITING_PAYMENT,
        Status.RELEASED,
    ]


@pytest.mark.parametrize("on_refusal", ["keep", "lose", "leave"])
@pytest.mark.parametrize("is_closed", [False, True], ids=["in the basket", "in a basket that has just been closed"])
def test_who_was_offered_a_place_of_it_goes_back_to_no_list(on_refusal: str, is_closed: bool) -> None:
    option, [held] = a_full(offering=a_camp(on_refusal=on_refusal))
    request = asks(option)
    let_go(held)
    assert status_of(request) == [RequestStatus.OFFERED]
    if is_closed:
        Basket.objects.filter(guardian=request.guardian).update(closed_at=NOON)
    close(option)

    hear()

    assert status_of(request) == [RequestStatus.REFUSED]
    assert set(request.registrations.values_list("status", flat=True)) == {Status.RELEASED}
    assert Places.objects.get(option_id=option.id).taken == 0


def test_who_waits_for_it_waits_no_more_and_the_trail_says_so() -> None:
    option, _held = a_full()
    requests = [asks(option), asks(option)]

    close(option)

    assert status_of(*requests) == [RequestStatus.LEFT] * 2
    told = Entry.objects.filter(action="registrations.left", subject="request")
    assert set(told.values_list("subject_id", flat=True)) == {request.id for request in requests}


def test_who_waited_for_it_or_had_it_in_the_basket_is_told_why() -> None:
    option, [held] = a_full()
    guardians = [a_guest(f"{name}@example.org") for name in ("attend", "garde")]
    asks(option, guardian=guardians[0])
    Basket.objects.filter(pk=held.basket_id).update(guardian=guardians[1])
    close(option)
    hear()
    hear()

    mails = told()

    assert set(mails) == {"attend@example.org", "garde@example.org"}
    for text in mails.values():
        assert "La piscine est fermée." in text
        assert "Elle ne vous coûte rien." in text


def test_each_who_waits_for_it_costs_one_statement_more() -> None:
    assert queries_of(waiting_for(6)) - queries_of(waiting_for(2)) == 4
