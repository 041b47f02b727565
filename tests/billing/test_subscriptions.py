"""From a trial to an invoice each month: at its moment, with its taxes, once."""

from datetime import UTC, datetime, timedelta

import pytest

from billing import changing, details, invoicing, overview
from billing.gateway.client import client as processor_client
from billing.models import ConnectedAccount, Invoice, Plan, SubscriptionState
from kernel import clock
from tenants.context import in_registry
from tests.billing.conftest import (
    BEGINNING,
    DETAILS,
    GATINEAU,
    TRIAL_END,
    invoices_of,
    state_of,
    steps_told,
    subscription_of,
)

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def test_a_trial_says_nothing_to_the_processor(on_trial, platform):
    platform.strike(BEGINNING + DAY)

    assert processor_client().v1.customers.list().data == []
    assert subscription_of(on_trial).customer_id == ""


def test_owners_are_told_seven_days_and_one_day_before_the_end_once(on_trial, platform):
    for moment in (TRIAL_END - 8 * DAY, TRIAL_END - 7 * DAY, TRIAL_END - 6 * DAY, TRIAL_END - DAY, TRIAL_END - HOUR):
        platform.strike(moment)

    assert steps_told(on_trial) == ["trial:-7", "trial:-1"]


def test_a_worker_that_was_away_tells_the_last_step_alone(on_trial, platform):
    platform.strike(TRIAL_END - HOUR)
    platform.strike(TRIAL_END - HOUR + timedelta(minutes=1))

    assert steps_told(on_trial) == ["trial:-1"]


def test_the_end_of_the_trial_makes_the_first_invoice_with_its_taxes_to_the_cent(on_trial, platform):
    changing.write_details(organisation_id=on_trial.id, billing=DETAILS, at=BEGINNING)

    platform.strike(TRIAL_END - timedelta(seconds=1))
    assert invoices_of(on_trial) == []
    platform.strike(TRIAL_END)

    (invoice,) = invoices_of(on_trial)
    # 49.00, TPS 5 % 2.45, TVQ 9.975 % 4.89.
    assert (invoice.net_cents, invoice.tax_cents, invoice.total_cents, invoice.due_cents) == (4900, 734, 5634, 5634)
    assert invoice.lines == [
        {"label": "1 × Préau Essentiel", "amount": 4900},
        {"label": "TPS", "percent": 5.0, "amount": 245},
        {"label": "TVQ", "percent": 9.975, "amount": 489},
    ]
    assert (invoice.state, invoice.issued_at.date(), invoice.due_at) == (
        "open",
        TRIAL_END.date(),
        invoice.issued_at + 30 * DAY,
    )
    assert subscription_of(on_trial).state == SubscriptionState.ACTIVE
    assert state_of(on_trial) == ("ready", "")


def test_two_hours_that_strike_at_once_make_one_contract(on_trial, platform):
    changing.write_details(organisation_id=on_trial.id, billing=DETAILS, at=BEGINNING)
    platform.go_to(TRIAL_END)
    subscription = subscription_of(on_trial)
    before = invoicing.contracts.running
    # Both have seen that there is no contract yet.
    invoicing.contracts.running = lambda customer: None
    try:
        invoicing.begin(organisation_id=on_trial.id, at=TRIAL_END)
        with in_registry():
            type(subscription).objects.update(processor_id="", state=SubscriptionState.TRIAL)
        invoicing.begin(organisation_id=on_trial.id, at=TRIAL_END)
    finally:
        invoicing.contracts.running = before

    assert len(processor_client().v1.subscriptions.list().data) == 1
    assert len(invoices_of(on_trial)) == 1


def test_who_says_nothing_is_reminded_then_can_only_be_read_after_fourteen_days(on_trial, platform):
    for days in range(15):
        platform.strike(TRIAL_END + days * DAY - timedelta(seconds=1))
    assert state_of(on_trial) == ("ready", "")

    platform.strike(TRIAL_END + 14 * DAY)

    assert state_of(on_trial) == ("suspended", "unpaid")
    assert steps_told(on_trial) == ["trial:-1", "details:0", "details:7", "details:13"]


def test_details_that_come_late_bring_the_organisation_back(on_trial, platform):
    platform.strike(TRIAL_END + 14 * DAY)
    at = TRIAL_END + 15 * DAY
    platform.go_to(at)

    changing.write_details(organisation_id=on_trial.id, billing=DETAILS, at=at)

    assert state_of(on_trial) == ("ready", "")
    assert [invoice.state for invoice in invoices_of(on_trial)] == ["open"]


def test_the_processor_away_at_the_end_of_the_trial_is_asked_again(on_trial, platform):
    changing.write_details(organisation_id=on_trial.id, billing=DETAILS, at=BEGINNING)
    platform.sandbox.control(
        "faults", {"rules": [{"kind": "status", "status": 503, "path": "^/v1/subscriptions$", "method": "POST"}]}
    )
    platform.strike(TRIAL_END)
    assert subscription_of(on_trial).state == SubscriptionState.TRIAL
    platform.sandbox.control("faults", {"rules": []})

    platform.strike(TRIAL_END + HOUR)

    assert subscription_of(on_trial).state == SubscriptionState.ACTIVE
    assert len(processor_client().v1.customers.list().data) == 1


def test_another_plan_changes_limits_and_fee_at_once_and_the_price_at_the_next_invoice(invoiced, platform):
    with in_registry():
        ConnectedAccount.objects.create(organisation=invoiced, processor_id="acct_a", name="A", fee_basis_points=80)

    changing.choose_plan(organisation_id=invoiced.id, code="grand", at=TRIAL_END)

    with in_registry():
        assert ConnectedAccount.objects.get().fee_basis_points == 0
    assert subscription_of(invoiced).plan_id == "grand"
    platform.strike(datetime(2027, 2, 1, 12, 0, tzinfo=UTC))
    assert [invoice.net_cents for invoice in invoices_of(invoiced)] == [4900, 59900]


def test_a_change_of_plan_whose_answer_was_lost_is_found_again(invoiced, platform):
    subscription = subscription_of(invoiced)
    changing.choose_plan(organisation_id=invoiced.id, code="standard", at=TRIAL_END)
    with in_registry():
        type(subscription).objects.update(plan_id="essentiel")

    platform.strike(TRIAL_END + DAY)

    assert subscription_of(invoiced).plan_id == "standard"


def test_a_plan_that_is_not_sold_there_is_refused(invoiced):
    with pytest.raises(changing.PlanNotSold):
        changing.choose_plan(organisation_id=invoiced.id, code="no-such", at=TRIAL_END)


def test_a_subscription_that_is_ended_runs_to_the_end_of_its_month_and_can_begin_again(invoiced, platform):
    changing.end(organisation_id=invoiced.id, at=TRIAL_END)
    assert subscription_of(invoiced).ends_at == datetime(2027, 2, 1, 11, 0, tzinfo=UTC)
    platform.strike(datetime(2027, 1, 31, 12, 0, tzinfo=UTC))
    assert (subscription_of(invoiced).state, state_of(invoiced)[0]) == (SubscriptionState.PAST_DUE, "ready")
    with in_registry():
        bill = Invoice.objects.get()
    changing.paid_elsewhere(organisation_id=invoiced.id, invoice_id=bill.pk, at=clock.now())

    platform.strike(datetime(2027, 2, 2, 12, 0, tzinfo=UTC))
    assert (subscription_of(invoiced).state, state_of(invoiced)) == ("ended", ("suspended", "unpaid"))

    changing.go_on_after_all(organisation_id=invoiced.id, at=clock.now())
    assert (subscription_of(invoiced).state, state_of(invoiced)) == ("active", ("ready", ""))
    assert len(invoices_of(invoiced)) == 2


def test_an_end_is_taken_back(invoiced, platform):
    changing.end(organisation_id=invoiced.id, at=TRIAL_END)
    changing.go_on_after_all(organisation_id=invoiced.id, at=TRIAL_END)

    platform.strike(datetime(2027, 2, 1, 12, 0, tzinfo=UTC))

    assert subscription_of(invoiced).ends_at is None
    assert len(invoices_of(invoiced)) == 2


def test_the_processor_knows_the_tax_number_and_the_purchase_order(invoiced):
    said = {**DETAILS, "tax_number": details.tax_number("BE 0403.019.261", "BE"), "purchase_order": "BC-2027-14"}

    changing.write_details(organisation_id=invoiced.id, billing=said, at=TRIAL_END)
    changing.write_details(organisation_id=invoiced.id, billing=said, at=TRIAL_END)

    customer = processor_client().v1.customers.list().data[0]
    numbers = processor_client().v1.customers.tax_ids.list(customer.id).data
    assert [(number.type, number.value) for number in numbers] == [("eu_vat", "BE0403019261")]
    fields = customer.invoice_settings.custom_fields
    assert [(field.name, field.value) for field in fields] == [("Bon de commande", "BC-2027-14")]


@pytest.mark.parametrize(("written", "country"), [("BE0403019262", "BE"), ("123456789", "CA")])
def test_a_tax_number_that_cannot_be_is_refused(written, country):
    with pytest.raises(details.TaxNumberWrong):
        details.tax_number(written, country)


def test_a_province_is_needed_for_taxes_in_canada():
    without = {**DETAILS, "address": {**GATINEAU, "state": ""}}

    assert (details.are_complete(DETAILS), details.are_complete(without)) == (True, False)
    assert details.are_complete({**without, "address": {**without["address"], "country": "BE"}})


def shown(organisation):
    with in_registry():
        return overview.of(organisation, at=clock.now())


def test_who_has_a_plan_keeps_its_price_and_reads_it_when_the_plan_s_changes(invoiced, platform):
    with in_registry():
        plan = Plan.objects.get(code="essentiel")
        dearer = {**plan.prices, "cad": {"month": 14900, "participant": 90}}
        Plan.objects.filter(pk="essentiel").update(prices=dearer, participants=10)

    platform.strike(TRIAL_END + 32 * DAY)

    assert [invoice.net_cents for invoice in invoices_of(invoiced)] == [4900, 4900]
    kept = shown(invoiced)
    assert (kept.next_cents, kept.terms) == (4900, {"month": 4900, "participant": 60, "included": 150})
    changing.choose_plan(organisation_id=invoiced.id, code="standard", at=clock.now())
    assert shown(invoiced).next_cents == 19900


def test_on_trial_the_price_is_the_one_that_would_be_invoiced(on_trial, platform):
    with in_registry():
        plan = Plan.objects.get(code="essentiel")
        Plan.objects.filter(pk="essentiel").update(prices={**plan.prices, "cad": {"month": 14900, "participant": 90}})

    assert shown(on_trial).next_cents == 14900
