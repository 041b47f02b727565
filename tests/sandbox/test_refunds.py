"""Refunds: never more than was paid; some are not what they seemed."""

import pytest
import stripe
from stripe import Refund, RequestOptions

from tests.sandbox.harness import Sandbox, at_once


def a_payment(sandbox: Sandbox, school: RequestOptions, method: str = "pm_card_visa", fee: int = 100) -> str:
    return sandbox.client.v1.payment_intents.create(
        {
            "amount": 1000,
            "currency": "cad",
            "confirm": True,
            "payment_method": method,
            "application_fee_amount": fee,
        },
        school,
    ).id


def refunded(sandbox: Sandbox, school: RequestOptions, intent: str) -> tuple[int, bool]:
    charge = sandbox.client.v1.charges.list({"payment_intent": intent}, school).data[0]
    return charge.amount_refunded, charge.refunded


def test_parts_are_given_back_until_nothing_is_left(sandbox: Sandbox, school: RequestOptions) -> None:
    intent = a_payment(sandbox, school)
    create = sandbox.client.v1.refunds.create

    assert create({"payment_intent": intent, "amount": 300}, school).status == "succeeded"
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount") as refused:
        create({"payment_intent": intent, "amount": 701}, school)
    assert refused.value.param == "amount"
    assert create({"payment_intent": intent}, school).amount == 700
    with pytest.raises(stripe.InvalidRequestError) as refused:
        create({"payment_intent": intent}, school)

    assert refused.value.code == "charge_already_refunded"
    assert refunded(sandbox, school, intent) == (1000, True)


def test_refunds_at_once_never_pass_what_was_paid(sandbox: Sandbox, school: RequestOptions) -> None:
    intent = a_payment(sandbox, school)

    results = at_once([lambda: sandbox.client.v1.refunds.create({"payment_intent": intent, "amount": 400}, school)] * 5)

    assert len([result for result in results if isinstance(result, Refund)]) == 2
    assert refunded(sandbox, school, intent) == (800, False)


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_and_less_cannot_be_given_back(sandbox: Sandbox, school: RequestOptions, amount: int) -> None:
    intent = a_payment(sandbox, school)

    with pytest.raises(stripe.InvalidRequestError) as refused:
        sandbox.client.v1.refunds.create({"payment_intent": intent, "amount": amount}, school)

    assert refused.value.param == "amount"


def test_an_unpaid_intent_has_nothing_to_give_back(sandbox: Sandbox, school: RequestOptions) -> None:
    intent = sandbox.client.v1.payment_intents.create({"amount": 1000, "currency": "cad"}, school).id

    with pytest.raises(stripe.InvalidRequestError):
        sandbox.client.v1.refunds.create({"payment_intent": intent}, school)


def test_a_refund_that_fails_later_puts_the_money_back(sandbox: Sandbox, school: RequestOptions, account: str) -> None:
    intent = a_payment(sandbox, school, "pm_card_refundFail")
    refund = sandbox.client.v1.refunds.create({"payment_intent": intent}, school)
    assert refund.status == "succeeded"

    sandbox.advance(seconds=600)

    after = sandbox.client.v1.refunds.retrieve(refund.id, {"expand": ["failure_balance_transaction"]}, school)
    assert (after.status, after.failure_reason) == ("failed", "lost_or_stolen_card")
    assert after.failure_balance_transaction.net == 1000
    assert refunded(sandbox, school, intent) == (0, False)
    assert "refund.failed" in sandbox.receiver.of(account)


def test_a_refund_waits_for_money_and_can_be_taken_back_until_then(
    sandbox: Sandbox, school: RequestOptions, account: str
) -> None:
    sandbox.control("faults", {"rules": [{"kind": "refunds_pending", "account": account, "times": 2}]})
    create = sandbox.client.v1.refunds.create
    waiting = create({"payment_intent": a_payment(sandbox, school)}, school)
    taken_back = create({"payment_intent": a_payment(sandbox, school)}, school)
    assert (waiting.status, waiting.pending_reason) == ("pending", "insufficient_funds")

    assert sandbox.client.v1.refunds.cancel(taken_back.id, {}, school).status == "canceled"
    sandbox.advance(days=3)

    assert sandbox.client.v1.refunds.retrieve(waiting.id, {}, school).status == "succeeded"
    assert sandbox.client.v1.refunds.retrieve(taken_back.id, {}, school).status == "canceled"


def test_the_platform_s_fee_is_given_back_in_proportion_when_asked(
    sandbox: Sandbox, school: RequestOptions, account: str
) -> None:
    kept = a_payment(sandbox, school, fee=99)
    given = a_payment(sandbox, school, fee=99)
    create = sandbox.client.v1.refunds.create

    create({"payment_intent": kept, "amount": 500}, school)
    create({"payment_intent": given, "amount": 333, "refund_application_fee": True}, school)
    create({"payment_intent": given, "amount": 667, "refund_application_fee": True}, school)

    charge = sandbox.client.v1.charges.list({"payment_intent": given}, school).data[0]
    fee = sandbox.client.v1.application_fees.retrieve(charge.application_fee)
    assert (fee.amount, fee.amount_refunded, fee.refunded, fee.account) == (99, 99, True, account)
    books = sandbox.control(f"books?account={account}")["totals"]["cad"]
    assert (books["charged"], books["refunded"], books["application_fees"]) == (2000, -1500, 99)
