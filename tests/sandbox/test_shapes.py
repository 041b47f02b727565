"""What the sandbox answers has the keys and the types of Stripe's own examples."""

import importlib
import json
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from stripe import RequestOptions, StripeObject
from stripe._object_classes import OBJECT_CLASSES
from stripe.checkout import Session

from tests.sandbox.harness import Json, Sandbox, card_form

EXAMPLES: dict[str, Json] = json.loads((Path(__file__).parent / "data" / "official_examples.json").read_text())[
    "resources"
]
# Written only when they apply, or when `expand[]` asks for them.
NOT_ALWAYS = {
    ("charge", "refunds"),
    ("invoice", "subscription"),
}
Found = dict[str, StripeObject]


@pytest.fixture(scope="module")
def answers(running: Sandbox) -> Json:
    """One object of each kind, as the sandbox answers it."""
    account = running.an_account()
    found = _of_payments(running, {"stripe_account": account}) | _of_billing(running)
    found["account"] = running.client.v1.accounts.retrieve(account)
    return {kind: json.loads(str(body)) for kind, body in found.items()}


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_an_answer_has_the_shape_of_the_official_example(answers: Json, kind: str) -> None:
    answer = answers[kind]
    wrong = []
    for name, value in EXAMPLES[kind].items():
        if (kind, name) in NOT_ALWAYS:
            continue
        if name not in answer:
            wrong.append(f"{name} is missing")
        elif not _same_type(answer[name], value, kind, name):
            wrong.append(f"{name} is {answer[name]!r}, the example has {value!r}")

    assert wrong == []


def test_every_example_is_looked_at(answers: Json) -> None:
    assert answers.keys() == EXAMPLES.keys()


def _same_type(ours: Any, theirs: Any, kind: str, name: str) -> bool:
    if ours is None:
        return theirs is None or _may_be_null(kind, name)
    # What the example leaves empty has no type to compare with.
    return theirs is None or _kind_of(ours) is _kind_of(theirs)


def _kind_of(value: Any) -> type:
    """JSON has one kind of number."""
    return float if isinstance(value, int) and not isinstance(value, bool) else type(value)


def _may_be_null(kind: str, name: str) -> bool:
    """Whether the client's own class says that a field can be null."""
    module, class_name = OBJECT_CLASSES[kind]
    annotation = getattr(importlib.import_module(module), class_name).__annotations__.get(name)
    return type(None) in typing.get_args(annotation)


def _of_payments(sandbox: Sandbox, school: RequestOptions) -> Found:
    v1 = sandbox.client.v1
    session: Session = v1.checkout.sessions.create(
        {
            "mode": "payment",
            "success_url": "http://parent.test/",
            "cancel_url": "http://parent.test/",
            "customer_creation": "always",
            "line_items": [
                {"quantity": 1, "price_data": {"currency": "cad", "unit_amount": 9000, "product_data": {"name": "A"}}}
            ],
            "payment_intent_data": {"application_fee_amount": 100, "setup_future_usage": "off_session"},
        },
        school,
    )
    sandbox.page(session.url, card_form("4000000000000259"))
    intent = v1.payment_intents.list({}, school).data[0]
    other = v1.payment_intents.create(
        {
            "amount": 50_000,
            "currency": "cad",
            "confirm": True,
            "payment_method": "pm_card_visa",
            "application_fee_amount": 100,
        },
        school,
    )
    refund = v1.refunds.create({"payment_intent": other.id, "amount": 20_000, "refund_application_fee": True}, school)
    charge = v1.charges.retrieve(other.latest_charge, {}, school)
    fee = v1.application_fees.retrieve(charge.application_fee)
    sandbox.advance(days=2)
    customer = v1.customers.create({}, school)
    return {
        "checkout.session": session,
        "item": v1.checkout.sessions.line_items.list(session.id, {}, school).data[0],
        "payment_intent": intent,
        "charge": charge,
        "refund": refund,
        "balance": v1.balance.retrieve({}, school),
        "balance_transaction": v1.balance_transactions.retrieve(charge.balance_transaction, {}, school),
        "event": v1.events.list({}, school).data[0],
        "payment_method": v1.payment_methods.retrieve(intent.payment_method, {}, school),
        "setup_intent": v1.setup_intents.create({}, school),
        "customer": v1.customers.retrieve(intent.customer, {}, school),
        "dispute": v1.disputes.list({}, school).data[0],
        "payout": v1.payouts.create({"amount": 10, "currency": "cad"}, school),
        "application_fee": fee,
        "fee_refund": fee.refunds.data[0],
        "deleted_customer": v1.customers.delete(customer.id, {}, school),
    }


def _of_billing(sandbox: Sandbox) -> Found:
    v1 = sandbox.client.v1
    customer = v1.customers.create({"payment_method": "pm_card_visa"})
    saved = v1.customers.payment_methods.list(customer.id).data[0].id
    product = v1.products.create({"name": "Préau"})
    price = v1.prices.create(
        {"product": product.id, "currency": "cad", "unit_amount": 5000, "recurring": {"interval": "month"}}
    )
    subscription = v1.subscriptions.create(
        {
            "customer": customer.id,
            "items": [{"price": price.id}],
            "default_payment_method": saved,
            "expand": ["latest_invoice.payments"],
        }
    )
    meter = v1.billing.meters.create(
        {"display_name": "A", "event_name": f"e_{customer.id}", "default_aggregation": {"formula": "sum"}}
    )
    payload = {"stripe_customer_id": customer.id, "value": "25"}
    read: Callable[..., Any] = v1.billing.meters.event_summaries.list
    summary = {"customer": customer.id, "start_time": 0, "end_time": 1}
    item = subscription["items"].data[0]
    return {
        "product": product,
        "price": price,
        "plan": item.plan,
        "subscription": v1.subscriptions.retrieve(subscription.id),
        "subscription_item": item,
        "invoice": v1.invoices.retrieve(subscription.latest_invoice.id),
        "line_item": subscription.latest_invoice.lines.data[0],
        "invoice_payment": subscription.latest_invoice.payments.data[0],
        "billing.meter": meter,
        "billing.meter_event": v1.billing.meter_events.create({"event_name": meter.event_name, "payload": payload}),
        "billing.meter_event_summary": read(meter.id, summary).data[0],
    }
