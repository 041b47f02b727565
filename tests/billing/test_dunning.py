"""A debt: told at its days, each day once, suspended at the thirtieth, and lifted by the payment itself."""

from datetime import timedelta
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from billing import changing, dunning, plans, subscriptions
from billing.gateway.client import client as processor_client
from billing.models import Subscription, SubscriptionState
from billing.tasks import look_at_all
from kernel import clock
from tenants.context import in_registry
from tenants.models import Fault, Organisation, SuspendedFor
from tenants.operations import suspend as moves
from tests.billing.conftest import (
    BEGINNING,
    DETAILS,
    TRIAL_END,
    invoices_of,
    state_of,
    steps_told,
    subscription_of,
)
from tests.billing.test_invoices import give_card, paid_on_its_page

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def due(invoiced):
    """When the first invoice should have been paid."""
    return invoices_of(invoiced)[0].due_at


def test_the_debt_is_told_at_its_days_once_each(invoiced, platform, due):
    for days in (-1, 0, 1, 6, 7, 8, 14, 15, 21, 22):
        platform.strike(due + days * DAY + SECOND)
        platform.strike(due + days * DAY + 2 * SECOND)

    # The next month's invoice is not late yet when the last of these is told.
    assert steps_told(invoiced)[-4:] == ["debt:0", "debt:7", "debt:14", "debt:21"]
    assert [step for step in steps_told(invoiced) if step.startswith("debt")] == steps_told(invoiced)[-4:]


def test_it_is_suspended_at_the_thirtieth_day_and_not_a_second_before(invoiced, platform, due):
    platform.strike(due + SECOND)
    platform.strike(due + 30 * DAY - SECOND)
    assert (subscription_of(invoiced).state, state_of(invoiced)) == (SubscriptionState.PAST_DUE, ("ready", ""))

    platform.strike(due + 30 * DAY)

    assert state_of(invoiced) == ("suspended", "unpaid")


@pytest.fixture
def suspended(invoiced, platform, due):
    platform.strike(due + SECOND)
    platform.strike(due + 30 * DAY)
    return invoiced


def settle_all(platform, organisation):
    for invoice in invoices_of(organisation):
        if invoice.state == "open":
            paid_on_its_page(platform, invoice)


def test_the_payment_brings_it_back_as_the_processor_tells_of_it(suspended, platform):
    settle_all(platform, suspended)

    platform.deliver(platform.told())

    assert state_of(suspended) == ("ready", "")
    found = subscription_of(suspended)
    assert (found.state, found.past_due_since, found.reminders) == (SubscriptionState.ACTIVE, None, [])


@pytest.fixture
def twice_late(suspended, platform, due):
    """The first invoice is 32 days late, the second one day: the invoices, in this order."""
    platform.strike(due + 32 * DAY)
    first, second = [invoice for invoice in invoices_of(suspended) if invoice.due_at <= due + 32 * DAY]
    return first, second


def test_a_payment_of_the_later_of_two_late_invoices_is_not_enough(suspended, platform, twice_late):
    paid_on_its_page(platform, twice_late[1])

    platform.deliver(platform.told())

    assert state_of(suspended) == ("suspended", "unpaid")


def test_who_paid_what_suspended_it_has_thirty_days_for_the_next_invoice_and_each_of_its_reminders(
    suspended, platform, twice_late
):
    first, second = twice_late
    paid_on_its_page(platform, first)
    told = len(steps_told(suspended))

    platform.deliver(platform.told())

    assert (state_of(suspended), subscription_of(suspended).state) == (("ready", ""), SubscriptionState.PAST_DUE)
    assert subscription_of(suspended).past_due_since == second.due_at
    platform.strike(second.due_at + 7 * DAY + SECOND)
    platform.strike(second.due_at + 30 * DAY - SECOND)
    assert (steps_told(suspended)[told:], state_of(suspended)) == (["debt:7", "debt:21"], ("ready", ""))
    platform.strike(second.due_at + 30 * DAY)
    assert state_of(suspended) == ("suspended", "unpaid")


def test_a_payment_does_not_lift_an_operators_decision(invoiced, platform, due):
    moves.suspend(organisation_id=invoiced.id, reason=SuspendedFor.DECISION, at=due)
    platform.strike(due + SECOND)
    platform.strike(due + 30 * DAY)
    settle_all(platform, invoiced)

    platform.deliver(platform.told())

    assert state_of(invoiced) == ("suspended", "decision")


def test_more_time_puts_the_suspension_off(invoiced, platform, due):
    platform.strike(due + SECOND)
    changing.give_time(organisation_id=invoiced.id, until=due + 45 * DAY)

    platform.strike(due + 45 * DAY - SECOND)
    assert state_of(invoiced) == ("ready", "")
    platform.strike(due + 45 * DAY)
    assert state_of(invoiced) == ("suspended", "unpaid")


def test_more_time_brings_back_what_was_suspended(suspended, platform, due):
    changing.give_time(organisation_id=suspended.id, until=due + 45 * DAY)
    platform.strike(due + 31 * DAY)

    assert state_of(suspended) == ("ready", "")


def test_a_debt_paid_since_it_was_read_suspends_nobody(invoiced, platform, due):
    platform.strike(due + SECOND)
    stale = subscription_of(invoiced)
    with in_registry():
        stale = dunning.to_look_at().get(pk=stale.pk)
    settle_all(platform, invoiced)
    platform.deliver(platform.told())

    dunning._in_debt(stale, stale.past_due_since, due + 40 * DAY)

    assert state_of(invoiced) == ("ready", "")


def test_two_hours_that_strike_at_once_tell_once(invoiced, platform, due):
    platform.strike(due + SECOND)
    with in_registry():
        stale = dunning.to_look_at().get(organisation=invoiced)
    dunning._in_debt(stale, stale.past_due_since, due + 7 * DAY)
    dunning._in_debt(stale, stale.past_due_since, due + 7 * DAY)

    assert [step for step in steps_told(invoiced) if step.startswith("debt")] == ["debt:0", "debt:7"]


def test_a_card_that_fails_is_a_debt_from_that_day_and_a_better_one_ends_it(invoiced, platform):
    changing.take_card(organisation_id=invoiced.id, given=give_card(platform, invoiced), at=clock.now())
    customer = subscription_of(invoiced).customer_id
    bad = processor_client().v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer})
    processor_client().v1.customers.update(customer, {"invoice_settings": {"default_payment_method": bad.id}})
    failed = TRIAL_END + 31 * DAY + timedelta(hours=1)
    platform.strike(failed)
    assert (subscription_of(invoiced).state, steps_told(invoiced)[-1]) == (SubscriptionState.PAST_DUE, "debt:0")

    changing.take_card(organisation_id=invoiced.id, given=give_card(platform, invoiced), at=clock.now())

    assert subscription_of(invoiced).state == SubscriptionState.ACTIVE
    assert [invoice.state for invoice in invoices_of(invoiced)] == ["paid", "paid"]


def test_the_processor_away_is_no_debt_and_no_excuse(suspended, platform, due):
    platform.sandbox.control("faults", {"rules": [{"kind": "status", "status": 503}]})

    platform.strike(due + 40 * DAY)

    assert state_of(suspended) == ("suspended", "unpaid")
    platform.sandbox.control("faults", {"rules": []})


@pytest.fixture
def ended(invoiced, platform):
    """Its subscription ended with the month that was paid, and it can only be read since."""
    settle_all(platform, invoiced)
    changing.end(organisation_id=invoiced.id, at=clock.now())
    over = subscription_of(invoiced).ends_at
    platform.strike(over + DAY)
    assert (subscription_of(invoiced).state, state_of(invoiced)) == (SubscriptionState.ENDED, ("suspended", "unpaid"))
    return invoiced


def test_more_time_after_the_end_lasts_until_its_day(ended, platform):
    until = clock.now() + 20 * DAY
    changing.give_time(organisation_id=ended.id, until=until)

    for days in (1, 2, 19):
        platform.strike(until - 20 * DAY + days * DAY)
        assert state_of(ended) == ("ready", "")
    platform.strike(until + SECOND)
    assert state_of(ended) == ("suspended", "unpaid")


def test_an_error_about_one_keeps_no_other_from_being_looked_at_and_is_counted(invoiced, platform, due):
    with in_registry():
        first = dunning.to_look_at().order_by("pk").first()
        other = Organisation.objects.exclude(pk=invoiced.pk).filter(state="ready").first()
        Subscription.objects.create(
            pk=UUID(int=1), organisation=other, plan=first.plan, currency="zzz", trial_until=due, billing=DETAILS
        )

    platform.strike(due + SECOND)

    assert steps_told(invoiced)[-1:] == ["debt:0"]
    with in_registry():
        assert list(Fault.objects.values_list("organisation__slug", "kind")) == [(other.slug, "KeyError")]


def test_a_processor_that_says_nothing_is_not_asked_after_each_organisation(invoiced, platform, due, monkeypatch):
    with in_registry():
        plan = subscription_of(invoiced).plan
        others = [
            Organisation.objects.create(schema_name=f"org_{n:0>20}", slug=f"silent{n}", name=f"S {n}", state="ready")
            for n in range(5)
        ]
        for each in others:
            Subscription.objects.create(
                organisation=each, plan=plan, currency="cad", state="active", processor_id=f"sub_{each.slug}"
            )
    monkeypatch.setattr("stripe._http_client.RequestsClient._sleep_time_seconds", lambda *_args: 0)
    platform.go_to(due)
    platform.sandbox.control("faults", {"rules": [{"kind": "status", "status": 503}]})
    with in_registry(), capture_logs() as logs:
        look_at_all(at=due)
    platform.sandbox.control("faults", {"rules": []})

    assert [log["event"] for log in logs].count("billing.not_looked_at") == 3


def test_nothing_is_sold_in_a_currency_that_no_plan_has(organisation_a, platform):
    plans.sync()
    with in_registry():
        Organisation.objects.filter(pk=organisation_a.pk).update(currency="zzz")

    assert subscriptions.begin_trial(organisation_id=organisation_a.id, at=BEGINNING) is None
    with in_registry():
        assert not Subscription.objects.exists()
