"""Each test card does what Stripe's does."""

import pytest
import stripe
from stripe import PaymentIntent, RequestOptions

from tests.sandbox.harness import Sandbox


def pay(sandbox: Sandbox, school: RequestOptions, method: str, **more: object) -> PaymentIntent:
    params = {"amount": 1000, "currency": "cad", "confirm": True, "payment_method": method}
    return sandbox.client.v1.payment_intents.create(params | more, school)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("method", "brand", "funding", "last4"),
    [
        ("pm_card_visa", "visa", "credit", "4242"),
        ("tok_visa", "visa", "credit", "4242"),
        ("pm_card_mastercard", "mastercard", "credit", "4444"),
        ("pm_card_visa_debit", "visa", "debit", "5556"),
        ("pm_card_amex", "amex", "credit", "0005"),
        ("pm_card_createDispute", "visa", "credit", "0259"),
        ("pm_card_refundFail", "visa", "credit", "5126"),
    ],
)
def test_a_good_card_is_charged(
    sandbox: Sandbox, school: RequestOptions, method: str, brand: str, funding: str, last4: str
) -> None:
    paid = pay(sandbox, school, method, expand=["latest_charge"])

    card = paid.latest_charge.payment_method_details.card
    assert (paid.status, paid.amount_received) == ("succeeded", 1000)
    assert (card.brand, card.funding, card.last4) == (brand, funding, last4)


@pytest.mark.parametrize(
    ("method", "code", "reason"),
    [
        ("pm_card_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card"),
        ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc"),
        ("pm_card_chargeCustomerFail", "card_declined", "generic_decline"),
    ],
)
def test_a_bad_card_is_declined_and_the_intent_waits_for_another(
    sandbox: Sandbox, school: RequestOptions, method: str, code: str, reason: str
) -> None:
    with pytest.raises(stripe.CardError) as declined:
        pay(sandbox, school, method)

    error = declined.value.error
    assert (declined.value.http_status, error.type, error.code, error.decline_code) == (402, "card_error", code, reason)
    intent = sandbox.client.v1.payment_intents.retrieve(error.payment_intent.id, {}, school)
    assert (intent.status, intent.payment_method) == ("requires_payment_method", None)
    assert intent.last_payment_error.charge == error.charge
    again = sandbox.client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"}, school)
    assert (again.status, again.last_payment_error) == ("succeeded", None)


def test_a_typed_number_is_the_same_card(sandbox: Sandbox, school: RequestOptions) -> None:
    card = {"number": "5555555555554444", "exp_month": 4, "exp_year": 2049, "cvc": "123"}

    paid = pay(sandbox, school, sandbox.client.v1.payment_methods.create({"type": "card", "card": card}, school).id)

    assert paid.status == "succeeded"


def test_a_customer_saves_a_card_and_lets_it_go(sandbox: Sandbox, school: RequestOptions) -> None:
    v1 = sandbox.client.v1
    customer = v1.customers.create({"email": "a@example.ca", "payment_method": "pm_card_visa"}, school)
    saved = v1.customers.payment_methods.list(customer.id, {}, school).data

    assert [method.card.last4 for method in saved] == ["4242"]
    v1.payment_methods.detach(saved[0].id, {}, school)
    assert v1.customers.payment_methods.list(customer.id, {}, school).data == []


def test_a_declined_card_cannot_be_saved_but_one_that_fails_later_can(sandbox: Sandbox, school: RequestOptions) -> None:
    v1 = sandbox.client.v1
    customer = v1.customers.create({}, school).id
    with pytest.raises(stripe.CardError):
        v1.payment_methods.attach("pm_card_chargeDeclined", {"customer": customer}, school)

    saved = v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer}, school)

    with pytest.raises(stripe.CardError):
        pay(sandbox, school, saved.id, customer=customer, off_session=True)


def test_a_disputed_card_takes_the_money_back_with_a_fee(sandbox: Sandbox, school: RequestOptions) -> None:
    paid = pay(sandbox, school, "pm_card_createDispute")

    dispute = sandbox.client.v1.disputes.list({"payment_intent": paid.id}, school).data[0]
    charge = sandbox.client.v1.charges.retrieve(paid.latest_charge, {}, school)
    assert (dispute.status, dispute.reason, dispute.amount) == ("needs_response", "fraudulent", 1000)
    assert [(moved.net, moved.type) for moved in dispute.balance_transactions] == [(-2500, "adjustment")]
    assert charge.disputed is True
    with pytest.raises(stripe.InvalidRequestError, match="charged back"):
        sandbox.client.v1.refunds.create({"charge": charge.id}, school)


@pytest.mark.parametrize(
    ("evidence", "status", "back"), [("winning_evidence", "won", 1000), ("losing_evidence", "lost", 0)]
)
def test_the_evidence_decides_a_dispute(
    sandbox: Sandbox, school: RequestOptions, evidence: str, status: str, back: int
) -> None:
    paid = pay(sandbox, school, "pm_card_createDispute")
    dispute = sandbox.client.v1.disputes.list({"payment_intent": paid.id}, school).data[0]

    decided = sandbox.client.v1.disputes.update(
        dispute.id, {"evidence": {"uncategorized_text": evidence}, "submit": True}, school
    )

    assert decided.status == status
    assert sum(moved.amount for moved in decided.balance_transactions) == back - 1000


def test_money_held_is_captured_in_part_or_let_go(sandbox: Sandbox, school: RequestOptions) -> None:
    v1 = sandbox.client.v1
    held = pay(sandbox, school, "pm_card_visa", capture_method="manual")
    assert (held.status, held.amount_capturable, held.amount_received) == ("requires_capture", 1000, 0)

    with pytest.raises(stripe.InvalidRequestError):
        v1.payment_intents.capture(held.id, {"amount_to_capture": 1001}, school)
    taken = v1.payment_intents.capture(held.id, {"amount_to_capture": 600}, school)
    let_go = v1.payment_intents.cancel(pay(sandbox, school, "pm_card_visa", capture_method="manual").id, {}, school)

    assert (taken.status, taken.amount_received) == ("succeeded", 600)
    assert let_go.status == "canceled"


def test_what_is_paid_is_not_paid_or_cancelled_again(sandbox: Sandbox, school: RequestOptions) -> None:
    paid = pay(sandbox, school, "pm_card_visa")

    for action in (sandbox.client.v1.payment_intents.confirm, sandbox.client.v1.payment_intents.cancel):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            action(paid.id, {}, school)
        assert refused.value.code == "payment_intent_unexpected_state"
