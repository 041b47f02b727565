"""A choice that the organisation cancels: nobody has it, waits for it or has it kept any more."""

from django.test.utils import CaptureQueriesContext

from kernel.database import connection
from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from shared_apps.outbox.models import Event
from tenant_apps.catalog.models import Option
from tenant_apps.changes.operations import closing
from tenant_apps.registrations import support
from tenant_apps.registrations.models import Places, Registration, RequestStatus, Status
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON
from tests.factories.registrations import a_hold
from tests.registrations.test_waiting import a_full, asks, status_of

SUPPORTED = {"from_on": None, "until_on": None, "keep_days": 14}


def close(option: Option) -> None:
    closing.close(option_ids=[option.id], answer="La piscine est fermée.", actor=SYSTEM, at=NOON)


def hear() -> None:
    event = Event.objects.filter(kind=closing.EVENT).latest("id")
    closing.next_ones(event.payload)


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


def test_who_waits_for_it_waits_no_more_and_the_trail_says_so() -> None:
    option, _held = a_full()
    requests = [asks(option), asks(option)]

    close(option)

    assert status_of(*requests) == [RequestStatus.LEFT] * 2
    told = Entry.objects.filter(action="registrations.left", subject="request")
    assert set(told.values_list("subject_id", flat=True)) == {request.id for request in requests}


def test_each_who_waits_for_it_costs_one_statement_more() -> None:
    assert queries_of(waiting_for(6)) - queries_of(waiting_for(2)) == 4
