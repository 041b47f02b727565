"""What is due later is taken from the card that was kept: each part once at most, none forgotten."""

import random
from datetime import date, timedelta

import pytest

from billing.gateway.client import client
from shared_apps.audit.actors import SYSTEM
from shared_apps.outbox.models import Event
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account
from tenant_apps.payments.errors import ChargeUnderWay, NothingToCharge, PaymentUnavailable
from tenant_apps.payments.models import Instalment, InstalmentStatus, Means, Payment, Receipt, Refund, Status
from tenant_apps.payments.operations import cancel, charging, settle, warning
from tenant_apps.payments.operations.begin import begin_payment
from tenant_apps.payments.operations.receive import receive
from tenant_apps.registrations.models import Status as Registered
from tests.factories.catalog import an_offering, an_option
from tests.factories.instalments import SIGNED, a_kept_card, an_order_in_parts, parts_of, practice_of_payment, states_of
from tests.factories.orders import CANCEL_URL, RETURN_URL, a_page, an_order, registrations_of
from tests.factories.organisation import a_payee

DAY = timedelta(days=1)
MINUTES = timedelta(minutes=6)
# Eight in the morning of the 16th of October in Québec, where the second part is due.
DUE = SIGNED + 30 * DAY
LOST_REPLY = {"kind": "drop_reply", "method": "POST", "path": "^/v1/payment_intents$", "times": 3}
PAID, FAILED = InstalmentStatus.PAID, InstalmentStatus.FAILED


@pytest.fixture
def payee(account):
    practice_of_payment(retry_days=[3, 5], grace_days=14)
    return a_payee(processor_account=account.processor_id)


def charged(sandbox, payee):
    return [row["amount"] for row in sandbox.books(payee.processor_account)["charges"] if row["status"] == "succeeded"]


def asked(sandbox, payee):
    return len(sandbox.books(payee.processor_account)["charges"])


def told(kind):
    return Event.objects.filter(kind=kind).count()


@pytest.mark.line("S2-16")
@pytest.mark.line("S2-19")
def test_the_second_half_is_taken_a_month_later_from_the_same_card_and_once(sandbox, payee):
    order = an_order_in_parts(payee)
    assert [(part.due_on, part.left_cents, part.status) for part in parts_of(order)] == [
        (date(2026, 9, 16), 0, PAID),
        (date(2026, 10, 16), 6300, InstalmentStatus.DUE),
    ]

    for at in (DUE - DAY, DUE, DUE, DUE + DAY):
        charging.charge_due(at=at)

    assert charged(sandbox, payee) == [6300]
    assert states_of(order) == [PAID, PAID]
    assert ledger.balance_of_order(order.id) == 0
    assert ledger.totals()[Account.PROCESSOR] == 12600
    assert [receipt.payment.amount_cents for receipt in Receipt.objects.order_by("number")] == [6300, 6300]
    assert Payment.objects.get(attempt=2).method == "Visa •••• 4242"


def test_nothing_is_asked_the_day_before(sandbox, payee):
    an_order_in_parts(payee)

    charging.charge_due(at=DUE - DAY)

    assert asked(sandbox, payee) == 0


def test_days_that_were_skipped_are_made_up_for(sandbox, payee):
    orders = [an_order_in_parts(payee) for _ in range(2)]

    charging.charge_due(at=DUE + 3 * DAY)

    assert charged(sandbox, payee) == [6300, 6300]
    assert [states_of(order) for order in orders] == [[PAID, PAID]] * 2


@pytest.mark.line("S2-19")
def test_a_card_that_is_refused_is_asked_again_then_the_family_has_time_and_keeps_its_place(sandbox, payee):
    order = an_order_in_parts(payee, card="chargeCustomerFail")
    moments = []

    for day in range(40):
        charging.charge_due(at=DUE + day * DAY)
        warning.tell_of_lapsed_grace(at=DUE + day * DAY)
        moments.append(asked(sandbox, payee))

    assert [day for day, count in enumerate(moments) if count and count != ([0, *moments])[day]] == [0, 3, 8]
    part = parts_of(order)[1]
    assert (part.status, part.attempts, part.failure, part.try_at) == (FAILED, 3, "generic_decline", None)
    assert part.grace_until == date(2026, 10, 16) + timedelta(days=8 + 14)
    assert (told("instalments.refused"), told("instalments.grace_over")) == (3, 1)
    assert [line.status for line in registrations_of(order)] == [Registered.CONFIRMED]
    assert ledger.balance_of_order(order.id) == 6300
    assert set(Payment.objects.filter(attempt__gt=1).values_list("status", flat=True)) == {Status.FAILED}


def test_a_bank_that_wants_the_payer_is_not_asked_again_without_them(sandbox, payee):
    order = an_order_in_parts(payee, card="authenticationRequired")

    for day in range(5):
        charging.charge_due(at=DUE + day * DAY)

    part = parts_of(order)[1]
    assert (asked(sandbox, payee), part.failure, part.try_at) == (1, "authentication_required", None)
    assert part.grace_until == date(2026, 10, 30)
    [event] = Event.objects.filter(kind="instalments.refused")
    assert event.payload == {
        "instalment": str(part.id),
        "payment": str(part.payment_id),
        "failure": "authentication_required",
    }


def test_what_the_family_pays_on_the_page_after_a_refusal_is_not_asked_of_the_card(sandbox, payee):
    order = an_order_in_parts(payee, card="chargeCustomerFail")
    charging.charge_due(at=DUE)

    sandbox.pay(a_page(order))
    settle.settle(payment_id=Payment.objects.latest("started_at").id, at=DUE + DAY)
    charging.charge_due(at=DUE + 5 * DAY)

    assert charged(sandbox, payee) == [6300]
    assert states_of(order) == [PAID, PAID]


def test_an_answer_that_was_lost_is_looked_for_and_never_asked_for_again(sandbox, payee):
    order = an_order_in_parts(payee)
    sandbox.control("faults", {"rules": [LOST_REPLY]})

    charging.charge_due(at=DUE)
    assert states_of(order)[1] == InstalmentStatus.CHARGING
    charging.charge_due(at=DUE + MINUTES)

    assert charged(sandbox, payee) == [6300]
    assert states_of(order) == [PAID, PAID]


def test_who_died_after_claiming_leaves_a_part_that_the_next_run_asks_for(sandbox, payee):
    order = an_order_in_parts(payee)
    part = parts_of(order)[1]
    charging._claim(instalment_id=part.id, may=charging.WAITING, actor=SYSTEM, at=DUE)

    charging.charge_due(at=DUE)
    assert asked(sandbox, payee) == 0
    charging.charge_due(at=DUE + MINUTES)

    assert (charged(sandbox, payee), states_of(order)) == ([6300], [PAID, PAID])
    assert Payment.objects.filter(attempt__gt=1).count() == 1


def test_a_processor_that_fails_for_a_day_is_asked_by_another_payment_once_its_key_is_forgotten(sandbox, payee):
    order = an_order_in_parts(payee)
    sandbox.control(
        "faults", {"rules": [{"kind": "status", "status": 500, "path": "^/v1/payment_intents$", "times": 3}]}
    )

    for hours in (0, 1, 12, 24, 25):
        charging.charge_due(at=DUE + timedelta(hours=hours))

    assert (charged(sandbox, payee), states_of(order)) == ([6300], [PAID, PAID])
    tried = Payment.objects.filter(attempt__gt=1).order_by("attempt").values_list("status", flat=True)
    assert list(tried) == [Status.CANCELLED, Status.SUCCEEDED]


def hide(sandbox, payee, payment_id):
    """From the search alone, which may be late: the charge is made."""
    account = {"stripe_account": payee.processor_account}
    [intent] = client().v1.payment_intents.list({}, account).data
    sandbox.control(f"objects/{intent.id}", {"metadata": {"payment": payment_id}})


@pytest.mark.parametrize("card", ["the same", "another"])
def test_a_search_that_is_late_does_not_make_the_card_be_charged_again(sandbox, payee, card):
    order = an_order_in_parts(payee)
    sandbox.control("faults", {"rules": [LOST_REPLY]})
    charging.charge_due(at=DUE)
    hide(sandbox, payee, "")
    if card == "another":
        order.card = a_kept_card(payee, "mastercard")
        order.save()

    charging.charge_due(at=DUE + MINUTES)
    charging.charge_due(at=DUE + 2 * MINUTES)
    # The key alone knows: with another card the question is another one, and waits for the search.
    assert states_of(order)[1] == (InstalmentStatus.CHARGING if card == "another" else PAID)
    hide(sandbox, payee, str(Payment.objects.latest("attempt").id))
    charging.charge_due(at=DUE + 3 * MINUTES)

    assert (charged(sandbox, payee), states_of(order)) == ([6300], [PAID, PAID])


def test_a_page_that_is_open_goes_first_and_the_card_waits(sandbox, payee):
    order = an_order_in_parts(payee)
    page = a_page(order)

    charging.charge_due(at=DUE)
    assert (asked(sandbox, payee), states_of(order)[1]) == (0, InstalmentStatus.DUE)
    sandbox.pay(page)
    settle.settle(payment_id=Payment.objects.get(session_id__isnull=False, attempt=2).id, at=DUE)
    charging.charge_due(at=DUE + DAY)

    assert (charged(sandbox, payee), states_of(order)) == ([6300], [PAID, PAID])


def test_a_card_that_is_being_asked_goes_first_and_no_page_opens(sandbox, payee):
    order = an_order_in_parts(payee)
    sandbox.control("faults", {"rules": [LOST_REPLY]})
    charging.charge_due(at=DUE)
    [payment] = cancel.live_of([order])

    with pytest.raises(ChargeUnderWay):
        begin_payment(order_id=order.id, return_url=RETURN_URL, cancel_url=CANCEL_URL, at=DUE)
    with pytest.raises(ChargeUnderWay):
        cancel.close(payment, at=DUE)
    charging.charge_due(at=DUE + MINUTES)

    assert (charged(sandbox, payee), states_of(order)) == ([6300], [PAID, PAID])


def give_up_sale(order, cents):
    source = f"given up {order.id}"
    ledger.enter(debit=Account.REVENUE, credit=Account.RECEIVABLE, cents=cents, order=order, source=source, at=DUE)


def test_what_was_withdrawn_meanwhile_is_never_charged(sandbox, payee):
    order = an_order_in_parts(payee)
    give_up_sale(order, 6300)

    charging.charge_due(at=DUE)

    assert asked(sandbox, payee) == 0
    assert states_of(order) == [PAID, InstalmentStatus.CANCELLED]


def test_of_what_was_withdrawn_in_part_only_the_rest_is_charged(sandbox, payee):
    order = an_order_in_parts(payee)
    give_up_sale(order, 1000)

    charging.charge_due(at=DUE)

    assert (charged(sandbox, payee), states_of(order)) == ([5300], [PAID, PAID])


def test_what_staff_received_is_not_charged(sandbox, payee):
    order = an_order_in_parts(payee)
    cash = Payment.objects.create(
        order=order, attempt=2, means=Means.CASH, amount_cents=6300, currency=order.currency, started_at=DUE
    )
    receive(payment=cash, at=DUE)
    charging.charge_due(at=DUE)

    assert (asked(sandbox, payee), states_of(order)) == (0, [PAID, PAID])


@pytest.mark.parametrize("end", ["won", "lost", "warning_closed"])
def test_while_the_bank_contests_a_payment_of_the_order_its_parts_wait(sandbox, payee, end):
    order, other = an_order_in_parts(payee), an_order_in_parts(payee)
    first = Payment.objects.filter(order=order)

    for status in ("needs_response", "under_review", "warning_needs_response", "warning_under_review"):
        first.update(dispute={"id": "dp_1", "status": status, "cents": 6300, "due_on": ""})
        charging.charge_due(at=DUE)
        assert (charged(sandbox, payee), states_of(order)) == ([6300], [PAID, InstalmentStatus.DUE])
    first.update(dispute={"id": "dp_1", "status": end, "cents": 6300, "due_on": ""})
    charging.charge_due(at=DUE + DAY)

    assert (charged(sandbox, payee), states_of(order), states_of(other)) == ([6300, 6300], [PAID] * 2, [PAID] * 2)


def test_a_payment_that_is_contested_as_its_order_is_being_claimed_is_seen_in_time(sandbox, payee, monkeypatch):
    order, fit = an_order_in_parts(payee), charging.instalments.fit

    def contested_meanwhile(**asked):
        Payment.objects.filter(order=order).update(dispute={"id": "dp_1", "status": "needs_response", "cents": 6300})
        fit(**asked)

    monkeypatch.setattr(charging.instalments, "fit", contested_meanwhile)
    charging.charge_due(at=DUE)

    assert (asked(sandbox, payee), states_of(order)) == (0, [PAID, InstalmentStatus.DUE])


def test_money_pays_the_part_that_it_was_asked_for(sandbox, payee):
    """The second part failed for good; the third one is taken a month later, and the second is still owed."""
    thirds = [{"percent": "40"}, {"percent": "30", "months": 1}, {"percent": "30", "months": 2}]
    plans = [{"key": "trois", "label": {"fr": "Trois"}, "shares": thirds, "natures": ["outing"]}]
    practice_of_payment(plans=plans, retry_days=[])
    order = an_order_in_parts(payee, card="chargeCustomerFail", plan="trois", price=10000)
    charging.charge_due(at=DUE)
    order.card = a_kept_card(payee)
    order.save()

    charging.charge_due(at=DUE + 40 * DAY)

    assert (charged(sandbox, payee), states_of(order)) == ([3000], [PAID, FAILED, PAID])
    assert [part.left_cents for part in parts_of(order)] == [0, 3000, 0]


def test_without_a_card_the_family_is_told_and_has_time(sandbox, payee):
    order = an_order_in_parts(payee, card={})

    charging.charge_due(at=DUE)
    charging.charge_due(at=DUE + DAY)

    part = parts_of(order)[1]
    assert (part.status, part.failure, part.grace_until) == (FAILED, "no_card", date(2026, 10, 30))
    assert (told("instalments.refused"), Payment.objects.count()) == (1, 1)


def test_an_account_that_is_closed_is_nothing_that_a_family_is_told_of_and_stops_nobody_else(sandbox, payee):
    card = a_kept_card(payee)
    closed = a_payee(processor_account="acct_1Unknown")
    order, other = an_order_in_parts(closed, card=card), an_order_in_parts(payee)

    charging.charge_due(at=DUE)

    part = parts_of(order)[1]
    assert (part.status, part.attempts, told("instalments.refused")) == (InstalmentStatus.DUE, 0, 0)
    assert states_of(other) == [PAID, PAID]


def test_staff_or_the_family_may_have_a_part_taken_before_its_day(sandbox, payee):
    order = an_order_in_parts(payee)
    part = parts_of(order)[1]

    after = charging.charge_now(instalment_id=part.id, actor=SYSTEM, at=SIGNED + DAY)

    assert (after.status, charged(sandbox, payee)) == (PAID, [6300])
    with pytest.raises(NothingToCharge):
        charging.charge_now(instalment_id=part.id, actor=SYSTEM, at=SIGNED + DAY)


def test_a_refusal_before_the_day_leaves_the_part_as_it_was(sandbox, payee):
    part = parts_of(an_order_in_parts(payee, card="chargeCustomerFail"))[1]

    after = charging.charge_now(instalment_id=part.id, actor=SYSTEM, at=SIGNED + DAY)

    assert (after.status, after.attempts, after.failure) == (InstalmentStatus.DUE, 0, "generic_decline")
    assert (after.grace_until, told("instalments.refused")) == (None, 0)


def test_nothing_is_charged_now_without_a_card_nor_while_a_page_is_open(sandbox, payee):
    bare, open_one = an_order_in_parts(payee, card={}), an_order_in_parts(payee)
    a_page(open_one)

    with pytest.raises(NothingToCharge):
        charging.charge_now(instalment_id=parts_of(bare)[1].id, actor=SYSTEM, at=DUE)
    with pytest.raises(ChargeUnderWay):
        charging.charge_now(instalment_id=parts_of(open_one)[1].id, actor=SYSTEM, at=DUE)
    assert asked(sandbox, payee) == 0


def test_no_answer_to_who_asks_now_is_said_as_such(sandbox, payee):
    part = parts_of(an_order_in_parts(payee))[1]
    sandbox.control("faults", {"rules": [LOST_REPLY]})

    with pytest.raises(PaymentUnavailable):
        charging.charge_now(instalment_id=part.id, actor=SYSTEM, at=DUE)


CARDS = ["visa"] * 7 + ["chargeCustomerFail", "authenticationRequired", "mastercard"]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_over_two_months_of_troubles_each_part_is_charged_once_at_most_and_none_is_lost(sandbox, payee, seed):
    """Declines, banks that want the payer, withdrawals, runs that come twice or not at all, answers that are lost."""
    chance = random.Random(seed)  # noqa: S311
    orders = [an_order_in_parts(payee, card=chance.choice(CARDS)) for _ in range(12)]
    withdrawn = set(chance.sample(orders, 2))
    for order in withdrawn:
        give_up_sale(order, 6300)
    lost = {**LOST_REPLY, "share": 0.3, "times": 12}
    sandbox.control("faults", {"rules": [lost]})

    for day in range(35):
        for hours in chance.choice([(), (), (0,), (0, 0), (0, 1, 2)]):
            charging.charge_due(at=DUE + day * DAY + timedelta(hours=hours))
    sandbox.control("faults", {"rules": []})
    for day in (35, 36, 40, 60):
        charging.charge_due(at=DUE + day * DAY)

    good = [order for order in orders if order not in withdrawn and order.card["label"][-4:] not in ("0341", "3184")]
    bad = [order for order in orders if order not in withdrawn and order not in good]
    assert charged(sandbox, payee) == [6300] * len(good)
    assert [states_of(order)[1] for order in good] == [PAID] * len(good)
    assert [states_of(order)[1] for order in bad] == [FAILED] * len(bad)
    assert [states_of(order)[1] for order in withdrawn] == [InstalmentStatus.CANCELLED] * 2
    assert ledger.totals()[Account.PROCESSOR] == 6300 * (len(orders) + len(good))
    assert sum(ledger.totals().values()) == 0
    assert Refund.objects.count() == 0
    assert not Instalment.objects.filter(status=InstalmentStatus.CHARGING).exists()


def test_an_order_that_is_let_go_is_never_charged(sandbox, payee):
    order = an_order(an_option(price=12600, offering=an_offering(payee=payee)))
    Instalment.objects.create(
        order=order, position=1, amount_cents=6300, left_cents=6300, due_on=DUE.date(), is_automatic=True
    )
    cancel.let_go([order], at=SIGNED)

    charging.charge_due(at=DUE)

    assert (asked(sandbox, payee), states_of(order)) == (0, [InstalmentStatus.CANCELLED])
