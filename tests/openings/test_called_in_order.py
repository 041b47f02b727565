"""Whatever families do, they are called in the order of the draw, never more at once than may be, none forgotten."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Option
from tenant_apps.openings import operations, ordering, queries
from tenant_apps.openings.models import Channel, Opening, Ticket
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations.errors import NotAllowed
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON
from tests.factories.organisation import an_organisation_profile
from tests.factories.queues import a_queue, a_turn
from tests.factories.registrations import a_basket, a_claim

pytestmark = pytest.mark.usefixtures("organisation_a")

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)

_ACTS = st.lists(st.tuples(st.sampled_from(["enter", "finish", "come", "desk"]), st.integers(0, 30)), max_size=30)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    channels=st.lists(st.sampled_from(Channel.values), min_size=1, max_size=14),
    share=st.sampled_from([0, 10, 25, 50]),
    at_once=st.integers(1, 6),
    acts=_ACTS,
)
def test_whatever_happens_the_order_is_the_draws(
    channels: list[str], share: int, at_once: int, acts: list[tuple[str, int]]
) -> None:
    opening = a_queue(terms={"counter_share": share, "at_once": at_once, "most_per_second": 8, "pass_minutes": 2})
    tickets = [a_turn(opening, channel=Channel(channel)) for channel in channels]
    at = NOON
    for act, number in acts:
        at += SECOND
        operations.admit(opening_id=opening.id, at=at)
        _do(act, opening, tickets[number % len(tickets)], at)
        assert queries.in_use(opening, at=at, called_since=at - MINUTE) <= at_once
    for _ in range(40):
        at += 3 * MINUTE
        operations.admit(opening_id=opening.id, at=at)

    everybody = Ticket.objects.filter(opening=opening)
    assert not everybody.filter(called_at=None).exists()
    called = list(everybody.order_by("called_at", "position"))
    assert [each.position for each in called] == sorted(each.position or 0 for each in called)
    for channel in Channel:
        drawn = [each.id for each in called if each.channel == channel and each.joined_at < NOON]
        assert drawn == ordering.order(opening.seed, drawn)


def _do(act: str, opening: Opening, ticket: Ticket, at: datetime) -> None:
    ticket.opening.refresh_from_db()
    ticket.refresh_from_db()
    if act == "come":
        a_turn(opening, at=at)
    elif act == "desk":
        a_turn(opening, at=at, channel=Channel.COUNTER)
    elif queries.turn_of(ticket, at=at) in ("called", "inside"):
        operations.enter(opening_id=opening.id, guardian_id=ticket.guardian_id, at=at)
        if act == "finish":
            operations.finish(guardian_id=ticket.guardian_id, at=at)


@pytest.mark.line("O-03")
def test_each_hold_asks_for_the_pass_and_what_is_held_is_never_gated() -> None:
    an_organisation_profile()
    opening, guardian = a_queue(terms={"pass_minutes": 5}), a_guardian()
    offering = an_offering(opening=opening, hold_minutes=60)
    first, second = (an_option(places=3, price=0, offering=offering) for _ in range(2))
    child, basket = a_child(of=guardian), a_basket(guardian=guardian)

    def hold(option: Option, minutes: int) -> None:
        claim = a_claim(child, option)
        registrations.hold(basket_id=basket.id, claims=[claim], actor=SYSTEM, at=NOON + minutes * MINUTE)

    with pytest.raises(NotAllowed, match="prenez votre tour"):
        hold(first, 1)
    a_turn(opening, guardian, at=NOON + MINUTE)
    for second_after in range(60, 66):
        operations.admit(opening_id=opening.id, at=NOON + second_after * SECOND)
    with pytest.raises(NotAllowed, match="prenez votre tour"):
        hold(first, 2)
    operations.enter(opening_id=opening.id, guardian_id=guardian.id, at=NOON + 2 * MINUTE)

    hold(first, 3)

    with pytest.raises(NotAllowed, match="prenez votre tour"):
        hold(second, 7)
    kept = registrations.begin_check_out(basket_id=basket.id, at=NOON + 30 * MINUTE)
    confirmed = registrations.confirm(registration_id=kept[0].id, at=NOON + 31 * MINUTE)
    assert confirmed.status == "confirmed"
