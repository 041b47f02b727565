"""A sandbox that is killed comes back as it was."""

from pathlib import Path

from tests.sandbox.harness import Sandbox, card_form


def test_what_happened_survives_a_kill(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path)
    sandbox.start()
    account = sandbox.an_account()
    v1, school = sandbox.client.v1, {"stripe_account": account}
    line = {"quantity": 1, "price_data": {"currency": "cad", "unit_amount": 550, "product_data": {"name": "A"}}}
    session = v1.checkout.sessions.create(
        {"mode": "payment", "success_url": "http://parent.test/", "line_items": [line]},  # type: ignore[list-item]
        school,  # type: ignore[arg-type]
    )
    keyed = school | {"idempotency_key": "once"}
    payment = {"amount": 700, "currency": "cad", "confirm": True, "payment_method": "pm_card_visa"}
    first = v1.payment_intents.create(payment, keyed)  # type: ignore[arg-type]
    sandbox.control("clock", {"advance_seconds": 3600})
    before = sandbox.control("clock")["now"]

    sandbox.kill()
    sandbox.start()

    try:
        assert v1.payment_intents.create(payment, keyed).id == first.id  # type: ignore[arg-type]
        assert sandbox.page(session.url, card_form()).location == "http://parent.test/"
        books = sandbox.control(f"books?account={account}")
        assert [charge["amount"] for charge in books["charges"]] == [700, 550]
        assert before <= sandbox.control("clock")["now"] <= before + 60
        sandbox.flush()
        # Killed between sending and noting it, the sandbox sends again: at least once, as the processor promises.
        told = {event["id"] for event in sandbox.receiver.told(account, "payment_intent.succeeded")}
        assert len(told) == 2
    finally:
        sandbox.kill()


def test_a_reset_forgets_all(sandbox: Sandbox, account: str) -> None:
    sandbox.control("clock", {"advance_seconds": 3600})
    assert account in sandbox.control("state")["objects"]

    sandbox.control("reset", {})

    state = sandbox.control("state")
    assert (state["objects"], state["jobs"]["waiting"], state["deliveries"]) == ({}, 0, {})
    assert sandbox.client.v2.core.accounts.list().data == []
