"""The same key does a thing once, and says the same each time."""

import pytest
import stripe
from stripe import RequestOptions

from tests.sandbox.harness import Sandbox, at_once

PAYMENT = {"amount": 1000, "currency": "cad", "confirm": True, "payment_method": "pm_card_visa"}


def keyed(account: str, key: str) -> RequestOptions:
    return {"stripe_account": account, "idempotency_key": key}


def count(sandbox: Sandbox, account: str) -> int:
    return len(sandbox.client.v1.charges.list({}, {"stripe_account": account}).data)


def test_the_same_key_gives_the_same_payment(sandbox: Sandbox, account: str) -> None:
    first = sandbox.client.v1.payment_intents.create(PAYMENT, keyed(account, "a"))
    again = sandbox.client.v1.payment_intents.create(PAYMENT, keyed(account, "a"))

    assert again.to_dict() == first.to_dict()
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert count(sandbox, account) == 1


def test_the_same_key_for_another_request_is_refused(sandbox: Sandbox, account: str) -> None:
    sandbox.client.v1.payment_intents.create(PAYMENT, keyed(account, "b"))

    with pytest.raises(stripe.IdempotencyError) as refused:
        sandbox.client.v1.payment_intents.create(PAYMENT | {"amount": 1001}, keyed(account, "b"))

    assert (refused.value.http_status, refused.value.error.type) == (400, "idempotency_error")


def test_a_key_belongs_to_its_account(sandbox: Sandbox, account: str) -> None:
    other = sandbox.an_account()
    first = sandbox.client.v1.payment_intents.create(PAYMENT, keyed(account, "c"))
    second = sandbox.client.v1.payment_intents.create(PAYMENT | {"amount": 2000}, keyed(other, "c"))

    assert first.id != second.id


def test_a_refused_card_is_refused_again_without_a_second_try(sandbox: Sandbox, account: str) -> None:
    declined = PAYMENT | {"payment_method": "pm_card_chargeDeclined"}
    for _ in range(2):
        with pytest.raises(stripe.CardError):
            sandbox.client.v1.payment_intents.create(declined, keyed(account, "d"))

    assert count(sandbox, account) == 1


def test_a_request_that_failed_the_check_leaves_its_key_free(sandbox: Sandbox, account: str) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        sandbox.client.v1.payment_intents.create(PAYMENT | {"amout": 1}, keyed(account, "e"))

    assert sandbox.client.v1.payment_intents.create(PAYMENT, keyed(account, "e")).status == "succeeded"


def test_a_500_is_kept_for_its_key(sandbox: Sandbox, account: str) -> None:
    rule = {"kind": "status", "status": 500, "path": "payment_intents", "account": account, "times": 1}
    sandbox.control("faults", {"rules": [rule]})
    for _ in range(2):
        with pytest.raises(stripe.APIError) as failed:
            sandbox.client.v1.payment_intents.create(PAYMENT, keyed(account, "f"))
        assert failed.value.http_status == 500
    assert count(sandbox, account) == 0

    assert sandbox.client.v1.payment_intents.create(PAYMENT, keyed(account, "f2")).status == "succeeded"


def test_a_429_is_not_kept(sandbox: Sandbox, account: str) -> None:
    rule = {"kind": "status", "status": 429, "path": "payment_intents", "account": account, "times": 1}
    sandbox.control("faults", {"rules": [rule]})
    with pytest.raises(stripe.RateLimitError):
        sandbox.client.v1.payment_intents.create(PAYMENT, keyed(account, "g"))

    assert sandbox.client.v1.payment_intents.create(PAYMENT, keyed(account, "g")).status == "succeeded"


def test_a_key_in_use_is_a_conflict(sandbox: Sandbox, account: str) -> None:
    rule = {"kind": "delay", "seconds": 0.5, "path": "payment_intents", "account": account, "times": 1}
    sandbox.control("faults", {"rules": [rule]})

    results = at_once([lambda: sandbox.client.v1.payment_intents.create(PAYMENT, keyed(account, "h"))] * 4)

    conflicts = [result for result in results if isinstance(result, stripe.APIError)]
    paid = {result.id for result in results if not isinstance(result, stripe.APIError)}
    assert {(error.http_status, error.error.code) for error in conflicts} == {(409, "idempotency_key_in_use")}
    assert len(paid) == 1
    assert count(sandbox, account) == 1


def test_a_client_that_tries_again_by_itself_pays_once(sandbox: Sandbox, account: str) -> None:
    rule = {"kind": "drop_reply", "path": "payment_intents", "account": account, "times": 2}
    sandbox.control("faults", {"rules": [rule]})
    patient = sandbox.client_with(sandbox.client._requestor.api_key, max_network_retries=3)

    paid = patient.v1.payment_intents.create(PAYMENT, {"stripe_account": account})

    assert paid.status == "succeeded"
    assert count(sandbox, account) == 1
