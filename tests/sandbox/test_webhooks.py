"""What happened is told, signed, once or as the faults want it."""

import time

import pytest
from stripe import RequestOptions
from stripe.checkout import Session

from tests.sandbox.harness import Sandbox, card_form

PAID = [
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.completed",
]


def pay(sandbox: Sandbox, school: RequestOptions) -> None:
    params = {"amount": 1000, "currency": "cad", "confirm": True, "payment_method": "pm_card_visa"}
    sandbox.client.v1.payment_intents.create(params, school)  # type: ignore[arg-type]


def of_payments(sandbox: Sandbox, account: str) -> list[str]:
    return [kind for kind in sandbox.receiver.of(account) if kind.startswith(("payment_intent", "charge"))]


def test_a_payment_is_told_with_its_account(sandbox: Sandbox, account: str, session: Session) -> None:
    sandbox.page(session.url, card_form())
    sandbox.flush()

    assert sorted(sandbox.receiver.of(account)) == sorted(["account.updated", *PAID])
    assert sandbox.receiver.forged == 0
    event = sandbox.receiver.told(account, "checkout.session.completed")[0]
    assert event["data"]["object"]["payment_status"] == "paid"
    assert event["data"]["object"]["metadata"] == {"commande": "A-1"}


def test_what_was_delivered_is_marked_and_can_be_read_again(
    sandbox: Sandbox, account: str, school: RequestOptions
) -> None:
    pay(sandbox, school)
    sandbox.flush()

    found = sandbox.client.v1.events.list({"type": "payment_intent.*"}, school).data
    assert [(event.type, event.pending_webhooks, event.account) for event in found] == [
        ("payment_intent.succeeded", 0, account),
        ("payment_intent.created", 0, account),
    ]
    assert found[0].data.object.id == found[1].data.object.id


def test_an_event_that_is_not_taken_comes_again(sandbox: Sandbox, account: str, school: RequestOptions) -> None:
    sandbox.receiver.refusals.append("payment_intent.succeeded")
    pay(sandbox, school)
    sandbox.flush()
    sandbox.advance(seconds=2)

    told = sandbox.receiver.told(account, "payment_intent.succeeded")
    assert [event["id"] for event in told] == [told[0]["id"]] * 2


def test_an_event_may_come_several_times(sandbox: Sandbox, account: str, school: RequestOptions) -> None:
    sandbox.control(
        "faults", {"rules": [{"kind": "duplicate", "copies": 3, "types": "succeeded$", "account": account}]}
    )
    pay(sandbox, school)
    sandbox.flush()

    assert sorted(of_payments(sandbox, account)) == sorted(
        ["payment_intent.created", *["charge.succeeded"] * 3, *["payment_intent.succeeded"] * 3]
    )


def test_an_event_may_never_come_though_it_can_be_read(sandbox: Sandbox, account: str, school: RequestOptions) -> None:
    rules = [{"kind": "never", "types": "^payment_intent.succeeded$", "account": account}]
    sandbox.control("faults", {"rules": rules})
    pay(sandbox, school)
    sandbox.advance(days=3)

    assert sorted(of_payments(sandbox, account)) == ["charge.succeeded", "payment_intent.created"]
    assert sandbox.client.v1.events.list({"type": "payment_intent.succeeded"}, school).data[0].pending_webhooks == 1


def test_an_event_may_come_days_late(sandbox: Sandbox, account: str, school: RequestOptions) -> None:
    rules = [{"kind": "webhook_delay", "seconds": 3 * 86400, "types": "intent.succeeded", "account": account}]
    sandbox.control("faults", {"rules": rules})
    pay(sandbox, school)
    sandbox.flush()
    assert "payment_intent.succeeded" not in sandbox.receiver.of(account)

    sandbox.advance(days=3, seconds=1)

    assert "payment_intent.succeeded" in sandbox.receiver.of(account)


def test_an_event_may_come_before_the_answer(sandbox: Sandbox, account: str, school: RequestOptions) -> None:
    sandbox.control("faults", {"rules": [{"kind": "before_reply", "types": "intent.succeeded", "account": account}]})

    pay(sandbox, school)

    assert "payment_intent.succeeded" in sandbox.receiver.of(account)


def test_events_may_come_in_disorder(sandbox: Sandbox, account: str, school: RequestOptions) -> None:
    sandbox.control("faults", {"rules": [{"kind": "shuffle", "seconds": 1000, "account": account}]})
    for _ in range(10):
        pay(sandbox, school)
    sandbox.advance(seconds=1000)

    intents = [kind for kind in of_payments(sandbox, account) if kind.startswith("payment_intent")]
    assert sorted(intents) == ["payment_intent.created"] * 10 + ["payment_intent.succeeded"] * 10
    assert intents != ["payment_intent.created", "payment_intent.succeeded"] * 10


def test_an_event_can_be_sent_again_by_hand(sandbox: Sandbox, account: str, school: RequestOptions) -> None:
    pay(sandbox, school)
    event = sandbox.client.v1.events.list({"type": "charge.succeeded"}, school).data[0]
    sandbox.control(f"webhooks/resend/{event.id}", {})
    sandbox.flush()

    assert of_payments(sandbox, account).count("charge.succeeded") == 2


@pytest.mark.parametrize("kind", ["delay", "drop_reply"])
def test_a_delayed_request_keeps_nobody_else_waiting(
    sandbox: Sandbox, account: str, school: RequestOptions, kind: str
) -> None:
    other: RequestOptions = {"stripe_account": sandbox.an_account()}
    sandbox.control("faults", {"rules": [{"kind": kind, "seconds": 5, "account": account}]})
    started = time.monotonic()

    pay(sandbox, other)

    assert time.monotonic() - started < 3
