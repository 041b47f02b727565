"""The platform's own subscriptions: an invoice each period, paid with the saved card."""

import urllib.request

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


def test_a_card_that_fails_is_tried_four_times_again_then_the_subscription_is_unpaid(sandbox: Sandbox) -> None:
    v1, customer, price = sandbox.client.v1, a_customer(sandbox), a_price(sandbox)
    subscription = v1.subscriptions.create({"customer": customer.id, "items": [{"price": price.id}]})
    bad = v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer.id})
    v1.customers.update(customer.id, {"invoice_settings": {"default_payment_method": bad.id}})

    sandbox.advance(days=31)
    assert status(sandbox, subscription) == "past_due"
    sandbox.advance(days=10)

    assert status(sandbox, subscription) == "unpaid"
    assert v1.invoices.list({"subscription": subscription.id, "status": "open"}).data[0].attempt_count == 5
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


def an_invoiced(sandbox: Sandbox, address: dict[str, str]) -> Subscription:
    v1 = sandbox.client.v1
    customer = v1.customers.create({"email": "ville@example.ca", "name": "Ville", "address": address})
    return v1.subscriptions.create(
        {
            "customer": customer.id,
            "items": [{"price": a_price(sandbox, 4999).id}],
            "collection_method": "send_invoice",
            "days_until_due": 30,
            "automatic_tax": {"enabled": True},
        }
    )


@pytest.mark.parametrize(
    ("address", "taxes"),
    [
        ({"country": "CA", "state": "QC"}, [("TPS", 250), ("TVQ", 499)]),
        ({"country": "CA", "state": "ON"}, [("HST", 650)]),
        ({"country": "BE"}, [("TVA", 1050)]),
        ({"country": "FR"}, []),
    ],
    ids=["Québec", "Ontario", "Belgium", "elsewhere"],
)
def test_taxes_are_those_of_the_address(
    sandbox: Sandbox, address: dict[str, str], taxes: list[tuple[str, int]]
) -> None:
    subscription = an_invoiced(sandbox, address)

    expand = ["total_taxes.tax_rate_details.tax_rate"]
    invoice = sandbox.client.v1.invoices.retrieve(subscription.latest_invoice, {"expand": expand})

    owed = [(tax.tax_rate_details.tax_rate.display_name, tax.amount) for tax in invoice.total_taxes]
    assert owed == taxes
    assert invoice.total == 4999 + sum(amount for _, amount in taxes)


def test_an_invoice_that_was_sent_falls_overdue_and_is_paid_on_its_page(sandbox: Sandbox) -> None:
    subscription = an_invoiced(sandbox, {"country": "CA", "state": "QC"})
    sandbox.advance(days=30, seconds=60)
    assert status(sandbox, subscription) == "past_due"

    invoice = sandbox.client.v1.invoices.retrieve(subscription.latest_invoice)
    shown = sandbox.page(invoice.hosted_invoice_url)
    assert (shown.status, "57,48" in shown.body, "TVQ" in shown.body) == (200, True, True)
    asked = sandbox.page(invoice.hosted_invoice_url, {})
    assert sandbox.page(asked.location, card_form()).status == 303

    assert sandbox.client.v1.invoices.retrieve(invoice.id).status == "paid"
    assert status(sandbox, subscription) == "active"
    assert "57,48" not in sandbox.page(asked.location).body


def test_an_invoice_paid_by_cheque_is_not_paid_twice(sandbox: Sandbox) -> None:
    v1, subscription = sandbox.client.v1, an_invoiced(sandbox, {"country": "BE"})
    invoice = v1.invoices.retrieve(subscription.latest_invoice)

    assert v1.invoices.pay(invoice.id, {"paid_out_of_band": True}).status == "paid"
    with pytest.raises(stripe.InvalidRequestError):
        v1.invoices.pay(invoice.id, {"paid_out_of_band": True})
    assert v1.payment_intents.list({"customer": invoice.customer}).data[0].status == "canceled"


def test_an_invoice_has_a_pdf(sandbox: Sandbox) -> None:
    subscription = an_invoiced(sandbox, {"country": "BE"})
    invoice = sandbox.client.v1.invoices.retrieve(subscription.latest_invoice)

    with urllib.request.urlopen(invoice.invoice_pdf) as answer:
        assert (answer.headers["Content-Type"], answer.read(5)) == ("application/pdf", b"%PDF-")


def test_only_what_passes_what_is_included_costs(sandbox: Sandbox) -> None:
    v1, customer = sandbox.client.v1, a_customer(sandbox)
    meter = v1.billing.meters.create(
        {"display_name": "P", "event_name": f"p_{customer.id}", "default_aggregation": {"formula": "sum"}}
    )
    price = v1.prices.create(
        {
            "product_data": {"name": "Participants"},
            "currency": "cad",
            "billing_scheme": "tiered",
            "tiers_mode": "graduated",
            "tiers": [{"up_to": 150, "unit_amount": 0}, {"up_to": "inf", "unit_amount": 60}],
            "recurring": {"interval": "month", "usage_type": "metered", "meter": meter.id},
        }
    )
    subscription = v1.subscriptions.create({"customer": customer.id, "items": [{"price": price.id}]})
    for number, used in enumerate((149, 4)):
        payload = {"stripe_customer_id": customer.id, "value": str(used)}
        v1.billing.meter_events.create(
            {"event_name": meter.event_name, "identifier": f"{customer.id}{number}", "payload": payload}
        )

    sandbox.advance(days=32)

    assert invoices(sandbox, subscription)[1] == (180, "paid", "subscription_cycle")
