"""The platform's own subscriptions: an invoice each period, paid with the saved card."""

import pytest
import stripe
from stripe import Customer, Price, Subscription

from tests.sandbox.harness import Sandbox, card_form


def a_customer(sandbox: Sandbox, card: str = "pm_card_visa") -> Customer:
    v1 = sandbox.client.v1
    customer = v1.customers.create({"email": "ville@example.ca", "payment_method": card})
    saved = v1.customers.payment_methods.list(customer.id).data[0]
    return v1.customers.update(customer.id, {"invoice_settings": {"default_payment_method": saved.id}})


def a_price(sandbox: Sandbox, cents: int = 5000) -> Price:
    product = sandbox.client.v1.products.create({"name": "Préau"})
    return sandbox.client.v1.prices.create(
        {"product": product.id, "currency": "cad", "unit_amount": cents, "recurring": {"interval": "month"}}
    )


def invoices(sandbox: Sandbox, subscription: Subscription) -> list[tuple[int, str, str]]:
    found = sandbox.client.v1.invoices.list({"subscription": subscription.id}).data
    return [(invoice.amount_due, invoice.status, invoice.billing_reason) for invoice in reversed(found)]


def status(sandbox: Sandbox, subscription: Subscription) -> str:
    return sandbox.client.v1.subscriptions.retrieve(subscription.id).status


def test_each_month_has_its_invoice(sandbox: Sandbox) -> None:
    customer, price = a_customer(sandbox), a_price(sandbox)
    subscription = sandbox.client.v1.subscriptions.create({"customer": customer.id, "items": [{"price": price.id}]})
    assert subscription.status == "active"

    sandbox.advance(days=62)

    assert invoices(sandbox, subscription) == [
        (5000, "paid", "subscription_create"),
        (5000, "paid", "subscription_cycle"),
        (5000, "paid", "subscription_cycle"),
    ]


def test_what_was_used_is_on_the_next_invoice_once(sandbox: Sandbox) -> None:
    v1, customer = sandbox.client.v1, a_customer(sandbox)
    meter = v1.billing.meters.create(
        {"display_name": "Inscriptions", "event_name": f"reg_{customer.id}", "default_aggregation": {"formula": "sum"}}
    )
    product = v1.products.create({"name": "Inscriptions"})
    price = v1.prices.create(
        {
            "product": product.id,
            "currency": "cad",
            "unit_amount_decimal": "2.5",
            "recurring": {"interval": "month", "usage_type": "metered", "meter": meter.id},
        }
    )
    subscription = v1.subscriptions.create({"customer": customer.id, "items": [{"price": price.id}]})
    used = {"stripe_customer_id": customer.id, "value": "101"}
    event = {"event_name": meter.event_name, "identifier": f"u-{customer.id}", "payload": used}
    v1.billing.meter_events.create(event)
    with pytest.raises(stripe.InvalidRequestError, match="already exists"):
        v1.billing.meter_events.create(event)

    sandbox.advance(days=32)

    assert invoices(sandbox, subscription) == [
        (0, "paid", "subscription_create"),
        (253, "paid", "subscription_cycle"),
    ]


def test_a_card_that_fails_is_tried_again_then_the_subscription_ends(sandbox: Sandbox) -> None:
    v1, customer, price = sandbox.client.v1, a_customer(sandbox), a_price(sandbox)
    subscription = v1.subscriptions.create({"customer": customer.id, "items": [{"price": price.id}]})
    bad = v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer.id})
    v1.customers.update(customer.id, {"invoice_settings": {"default_payment_method": bad.id}})

    sandbox.advance(days=31)
    assert status(sandbox, subscription) == "past_due"
    sandbox.advance(days=10)

    assert status(sandbox, subscription) == "canceled"
    assert invoices(sandbox, subscription)[1] == (5000, "open", "subscription_cycle")


def test_a_better_card_saves_a_late_subscription(sandbox: Sandbox) -> None:
    v1, customer, price = sandbox.client.v1, a_customer(sandbox), a_price(sandbox)
    subscription = v1.subscriptions.create({"customer": customer.id, "items": [{"price": price.id}]})
    bad = v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer.id})
    v1.customers.update(customer.id, {"invoice_settings": {"default_payment_method": bad.id}})
    sandbox.advance(days=31)

    late = v1.invoices.list({"subscription": subscription.id, "status": "open"}).data[0]
    good = v1.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    assert v1.invoices.pay(late.id, {"payment_method": good.id}).status == "paid"

    assert status(sandbox, subscription) == "active"


def test_a_first_payment_that_fails_begins_nothing(sandbox: Sandbox) -> None:
    v1, customer, price = sandbox.client.v1, a_customer(sandbox, "pm_card_chargeCustomerFail"), a_price(sandbox)
    params = {"customer": customer.id, "items": [{"price": price.id}]}

    assert v1.subscriptions.create(params).status == "incomplete"
    with pytest.raises(stripe.CardError):
        v1.subscriptions.create(params | {"payment_behavior": "error_if_incomplete"})
    assert len(v1.subscriptions.list({"customer": customer.id, "status": "all"}).data) == 1


def test_a_trial_is_paid_for_when_it_ends(sandbox: Sandbox) -> None:
    v1, customer, price = sandbox.client.v1, a_customer(sandbox), a_price(sandbox)
    subscription = v1.subscriptions.create(
        {"customer": customer.id, "items": [{"price": price.id}], "trial_period_days": 30}
    )
    assert (subscription.status, subscription.latest_invoice) == ("trialing", None)

    sandbox.advance(days=30)

    assert invoices(sandbox, subscription) == [(5000, "paid", "subscription_cycle")]
    assert status(sandbox, subscription) == "active"


def test_a_subscription_ends_with_its_period_or_at_once(sandbox: Sandbox) -> None:
    v1, customer, price = sandbox.client.v1, a_customer(sandbox), a_price(sandbox)
    params = {"customer": customer.id, "items": [{"price": price.id}]}
    later, at_once_ = v1.subscriptions.create(params), v1.subscriptions.create(params)

    v1.subscriptions.update(later.id, {"cancel_at_period_end": True})
    assert v1.subscriptions.cancel(at_once_.id).status == "canceled"
    assert status(sandbox, later) == "active"
    sandbox.advance(days=31)

    assert status(sandbox, later) == "canceled"
    assert invoices(sandbox, later) == [(5000, "paid", "subscription_create")]


def test_another_plan_holds_from_the_next_period(sandbox: Sandbox) -> None:
    v1, customer = sandbox.client.v1, a_customer(sandbox)
    subscription = v1.subscriptions.create({"customer": customer.id, "items": [{"price": a_price(sandbox).id}]})
    item = subscription["items"].data[0].id
    v1.subscriptions.update(subscription.id, {"items": [{"id": item, "price": a_price(sandbox, 9000).id}]})

    sandbox.advance(days=31)

    assert [due for due, _, _ in invoices(sandbox, subscription)] == [5000, 9000]


def test_a_page_begins_a_subscription(sandbox: Sandbox) -> None:
    v1, price = sandbox.client.v1, a_price(sandbox)
    session = v1.checkout.sessions.create(
        {
            "mode": "subscription",
            "success_url": "http://ville.test/",
            "line_items": [{"price": price.id, "quantity": 1}],
        }
    )
    assert sandbox.page(session.url, card_form("4000000000000002")).status == 402
    assert sandbox.page(session.url, card_form()).status == 303

    done = v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription", "invoice"]})
    assert (done.status, done.payment_status) == ("complete", "paid")
    assert (done.subscription.status, done.invoice.status) == ("active", "paid")
    sandbox.advance(days=31)
    assert len(invoices(sandbox, done.subscription)) == 2


def test_a_page_saves_a_card(sandbox: Sandbox) -> None:
    v1, customer = sandbox.client.v1, sandbox.client.v1.customers.create({"email": "ville@example.ca"})
    session = v1.checkout.sessions.create(
        {"mode": "setup", "currency": "cad", "customer": customer.id, "success_url": "http://ville.test/"}
    )
    assert sandbox.page(session.url, card_form()).status == 303

    done = v1.checkout.sessions.retrieve(session.id, {"expand": ["setup_intent"]})
    assert (done.status, done.payment_status, done.setup_intent.status) == (
        "complete",
        "no_payment_required",
        "succeeded",
    )
    assert len(v1.customers.payment_methods.list(customer.id).data) == 1


def test_an_invoice_is_made_by_hand(sandbox: Sandbox) -> None:
    v1, customer = sandbox.client.v1, a_customer(sandbox)
    invoice = v1.invoices.create({"customer": customer.id, "currency": "cad"})
    v1.invoice_items.create(
        {"customer": customer.id, "invoice": invoice.id, "amount": 1500, "currency": "cad", "description": "Formation"}
    )

    final = v1.invoices.finalize_invoice(invoice.id)
    assert (final.status, final.amount_due, final.number is None) == ("open", 1500, False)
    assert v1.invoices.pay(invoice.id).status == "paid"
