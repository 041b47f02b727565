"""The controls: the clock, the books, the faults that make no sense, what a reset forgets."""

import json
import urllib.error
import urllib.request
from typing import Any

import pytest
import stripe
from stripe import RequestOptions

from tests.sandbox.harness import Sandbox


def pay(sandbox: Sandbox, school: RequestOptions, amount: int, method: str = "pm_card_visa") -> str:
    return sandbox.client.v1.payment_intents.create(
        {
            "amount": amount,
            "currency": "cad",
            "confirm": True,
            "payment_method": method,
            "application_fee_amount": 100,
        },
        school,
    ).id


def test_the_books_add_up_to_the_cent(sandbox: Sandbox, school: RequestOptions, account: str) -> None:
    pay(sandbox, school, 10_000)
    given_back = pay(sandbox, school, 2_000)
    sandbox.client.v1.refunds.create({"payment_intent": given_back, "amount": 500}, school)
    with pytest.raises(stripe.CardError):
        pay(sandbox, school, 3_000, "pm_card_chargeDeclined")

    books = sandbox.control(f"books?account={account}")

    fees = (290 + 30) + (58 + 30)
    assert books["totals"] == {
        "cad": {
            "charged": 12_000,
            "refunded": -500,
            "disputed": 0,
            "paid_out": 0,
            "application_fees_earned": 0,
            "application_fees": 200,
            "processing_fees": fees,
            "net": 12_000 - 500 - 200 - fees,
        }
    }
    assert [(c["status"], c["amount"], c["amount_refunded"]) for c in books["charges"]] == [
        ("succeeded", 10_000, 0),
        ("succeeded", 2_000, 500),
        ("failed", 3_000, 0),
    ]
    assert [(r["status"], r["amount"]) for r in books["refunds"]] == [("succeeded", 500)]


def test_money_becomes_available_and_is_paid_out(sandbox: Sandbox, school: RequestOptions, account: str) -> None:
    v1 = sandbox.client.v1
    pay(sandbox, school, 10_000)
    net = 10_000 - 320 - 100
    before = v1.balance.retrieve({}, school)
    assert (before.pending[0].amount, before.available[0].amount) == (net, 0)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        v1.payouts.create({"amount": net, "currency": "cad"}, school)
    assert refused.value.code == "balance_insufficient"

    sandbox.advance(days=2)
    assert v1.balance.retrieve({}, school).available[0].amount == net
    payout = sandbox.control(f"accounts/{account}/payout", {})["payouts"][0]
    sandbox.advance(days=2)

    assert v1.payouts.retrieve(payout["id"], {}, school).status == "paid"
    moved = v1.balance_transactions.list({"payout": payout["id"]}, school).data
    assert [(transaction.type, transaction.net) for transaction in moved] == [("payout", -net), ("charge", net)]
    assert v1.balance.retrieve({}, school).available[0].amount == 0


def test_the_clock_goes_on_from_where_it_is_put(sandbox: Sandbox, school: RequestOptions) -> None:
    before = sandbox.control("clock")["now"]
    sandbox.control("clock", {"now": before + 100})

    created = sandbox.client.v1.customers.create({}, school).created

    assert before + 99 <= created <= before + 130


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("clock", {}),
        ("clock", {"now": 1, "advance_seconds": 1}),
        ("faults", {"rules": [{"kind": "earthquake"}]}),
        ("faults", {"rules": [{"kind": "delay", "path": "("}]}),
        ("faults", {"rules": [{"kind": "delay", "second": 1}]}),
        ("faults", {"rule": []}),
    ],
)
def test_a_control_that_makes_no_sense_is_refused(sandbox: Sandbox, path: str, body: Any) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        sandbox.control(path, body)

    assert refused.value.code == 400
    assert json.load(refused.value)["error"]


def test_a_page_in_a_browser_reaches_no_control(sandbox: Sandbox) -> None:
    request = urllib.request.Request(f"{sandbox.url}/_control/reset", data=b"", headers={"Origin": "http://evil.test"})

    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)

    assert refused.value.code == 403


def test_a_rule_is_used_up(sandbox: Sandbox, school: RequestOptions, account: str) -> None:
    sandbox.control("faults", {"rules": [{"kind": "status", "status": 503, "account": account, "times": 2}]})
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            sandbox.client.v1.balance.retrieve({}, school)

    assert sandbox.client.v1.balance.retrieve({}, school).object == "balance"
    assert sandbox.control("faults")["rules"] == []


def test_a_failure_after_the_work_leaves_the_work_done(sandbox: Sandbox, school: RequestOptions, account: str) -> None:
    rule = {"kind": "status", "status": 500, "after_work": True, "account": account, "method": "POST", "times": 1}
    sandbox.control("faults", {"rules": [rule]})
    with pytest.raises(stripe.APIError):
        pay(sandbox, school, 1_000)

    assert [c.status for c in sandbox.client.v1.charges.list({}, school).data] == ["succeeded"]


def test_the_books_can_be_tampered_with(sandbox: Sandbox, school: RequestOptions, account: str) -> None:
    pay(sandbox, school, 1_000)
    charge = sandbox.client.v1.charges.list({}, school).data[0].id
    sandbox.control(f"objects/{charge}", {"amount_captured": 980})

    assert sandbox.control(f"books?account={account}")["charges"][0]["amount_captured"] == 980
