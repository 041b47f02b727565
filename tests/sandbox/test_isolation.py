"""One connected account can neither see nor touch what is another's."""

import pytest
import stripe
from stripe import RequestOptions
from stripe.checkout import Session

from tests.sandbox.harness import Sandbox, card_form


def test_nothing_of_one_account_is_found_by_another(sandbox: Sandbox, session: Session, school: RequestOptions) -> None:
    sandbox.page(session.url, card_form())
    v1 = sandbox.client.v1
    intent = v1.payment_intents.list({}, school).data[0]
    refund = v1.refunds.create({"payment_intent": intent.id, "amount": 100}, school)
    customer = v1.customers.create({"email": "a@example.ca"}, school)
    event = v1.events.list({}, school).data[0]
    other: RequestOptions = {"stripe_account": sandbox.an_account()}
    reads = [
        lambda: v1.checkout.sessions.retrieve(session.id, {}, other),
        lambda: v1.checkout.sessions.expire(session.id, {}, other),
        lambda: v1.payment_intents.retrieve(intent.id, {}, other),
        lambda: v1.payment_intents.cancel(intent.id, {}, other),
        lambda: v1.charges.retrieve(intent.latest_charge, {}, other),
        lambda: v1.refunds.retrieve(refund.id, {}, other),
        lambda: v1.refunds.create({"payment_intent": intent.id}, other),
        lambda: v1.balance_transactions.retrieve(refund.balance_transaction, {}, other),
        lambda: v1.customers.retrieve(customer.id, {}, other),
        lambda: v1.payment_methods.retrieve(intent.payment_method, {}, other),
        lambda: v1.events.retrieve(event.id, {}, other),
        lambda: v1.charges.list({"starting_after": intent.latest_charge}, other),
    ]

    for read in reads:
        with pytest.raises(stripe.InvalidRequestError) as refused:
            read()
        assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")


def test_the_lists_of_a_new_account_are_empty(sandbox: Sandbox, session: Session, school: RequestOptions) -> None:
    sandbox.page(session.url, card_form())
    other: RequestOptions = {"stripe_account": sandbox.an_account()}
    v1 = sandbox.client.v1

    assert v1.payment_intents.list({}, other).data == []
    assert v1.charges.list({}, other).data == []
    assert v1.checkout.sessions.list({}, other).data == []
    assert v1.balance.retrieve({}, other).available == []
    assert [event.type for event in v1.events.list({}, other).data] == ["account.updated"]


def test_an_account_that_does_not_exist_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(stripe.PermissionError) as refused:
        sandbox.client.v1.balance.retrieve({}, {"stripe_account": "acct_none"})

    assert (refused.value.http_status, refused.value.error.code) == (403, "account_invalid")


def test_an_account_sees_itself_and_no_other_one(sandbox: Sandbox, account: str, school: RequestOptions) -> None:
    other = sandbox.an_account()

    assert sandbox.client.v2.core.accounts.retrieve(account, {}, school).id == account
    with pytest.raises(stripe.InvalidRequestError):
        sandbox.client.v2.core.accounts.retrieve(other, {}, school)
