"""What goes back: by what paid, never more than it paid, and always by some way in the end."""

from uuid import uuid4

import pytest

from billing.models import ConnectedAccount
from kernel import clock
from shared_apps.audit.models import Entry
from shared_apps.outbox import delivery
from shared_apps.outbox.models import Event, Message
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account
from tenant_apps.organisation import queries as organisation
from tenant_apps.payments import credit, events, queries, refunding
from tenant_apps.payments.errors import MoreThanPaid, NoCardPaid, ProofMissing, RefundMoved
from tenant_apps.payments.models import Means, Payment, Refund, RefundMeans, RefundStatus, Status
from tenant_apps.payments.operations import refund, refund_by_hand, settle
from tenant_apps.payments.operations.receive import conclude
from tenant_apps.registrations.models import Status as Registered
from tenants.context import in_registry
from tests.factories.catalog import an_offering, an_option
from tests.factories.moments import NOON
from tests.factories.orders import a_page, an_order, registrations_of
from tests.factories.organisation import a_payee, an_organisation_profile
from tests.factories.refunds import CLERK, a_payment_of, paid
from tests.payments.sandbox import REFUND_FAILS_LATER

pytestmark = pytest.mark.django_db

LATE = 10 * 24 * 3600
PENDING_CARD = "4000000000007726"


@pytest.fixture
def profile(organisation_a):
    return an_organisation_profile()


@pytest.fixture
def option(profile):
    return an_option(price=1000, places=5)


@pytest.fixture
def sold(account):
    """A place for 9,00 $ of a payee that takes cards at the sandbox."""
    offering = an_offering(payee=a_payee(processor_account=account.processor_id), hold_minutes=60)
    return an_option(price=900, places=5, offering=offering)


def paid_online(sandbox, order, **card):
    sandbox.pay(a_page(order), **card)
    return settle.settle(payment_id=queries.latest_payment(order).id, at=clock.now())


def owe(payment, cents, reason="places_gone", **more):
    return refund.owe_refund(payment=payment, cents=cents, reason=reason, at=NOON, **more)


def balances():
    return {account.value: cents for account, cents in ledger.totals().items() if cents}


def rows(*fields):
    return list(Refund.objects.order_by("requested_at", "id").values_list(*fields))


def earned(sandbox):
    """What the platform kept, by the processor's own books."""
    return sandbox.control("books")["totals"]["cad"]["application_fees_earned"]


def give_back(payment, cents, **more):
    return refund_by_hand.give_back(
        order_id=payment.order_id,
        cents=cents,
        words="Activité écourtée",
        key=more.pop("key", None) or uuid4(),
        actor=CLERK,
        at=NOON,
        **more,
    )


@pytest.mark.line("O-10")
@pytest.mark.parametrize(
    ("means", "by"),
    [
        (Means.ONLINE, RefundMeans.CARD),
        (Means.CASH, RefundMeans.CHEQUE),
        (Means.CHEQUE, RefundMeans.CHEQUE),
        (Means.TERMINAL, RefundMeans.CHEQUE),
        (Means.TRANSFER, RefundMeans.CHEQUE),
    ],
)
def test_money_goes_back_by_what_paid_or_by_cheque(option, means, by):
    owed = owe(a_payment_of(option, means=means), 400)

    assert (owed.means, owed.status) == (by, RefundStatus.DUE)
    assert balances()["refunds"] == -400


@pytest.mark.parametrize(
    ("cents", "reason", "means", "subject", "why"),
    [
        (1000, "asked", RefundMeans.CHEQUE, "Remboursement", "Nous vous rendons ce paiement en entier."),
        (200, "asked", RefundMeans.CHEQUE, "Remboursement", "Nous vous rendons une partie de ce paiement."),
        (200, "surplus", RefundMeans.CREDIT, "Crédit", "Vous avez remis plus que ce qui était dû"),
        (200, "surplus", RefundMeans.CHEQUE, "Remboursement", "Vous avez remis plus que ce qui était dû"),
    ],
)
def test_the_family_is_told_how_much_of_a_payment_comes_back(option, cents, reason, means, subject, why):
    payment = a_payment_of(option, means=Means.CASH)
    owe(payment, cents, reason=reason, means=means)

    delivery.handle_events(at=NOON)

    told = Message.objects.get(unique_key__startswith="refund:")
    assert told.subject == f"{subject} de {cents // 100},00\u00a0$"
    assert why in told.text


def test_an_organisation_may_rather_give_credit_for_what_the_counter_took(option):
    profile = organisation.profile()
    profile.rules["paying"] = {"refunds_by": "credit"}
    profile.save()
    payment = a_payment_of(option, means=Means.CASH)

    owed = owe(payment, 400)

    owed.refresh_from_db()
    assert (owed.means, owed.status) == (RefundMeans.CREDIT, RefundStatus.SUCCEEDED)
    assert credit.balance(payment.order.guardian_id, payment.order.payee_id) == 400
    assert "refunds" not in balances()


def test_nothing_goes_back_beyond_what_was_paid(option):
    payment = a_payment_of(option)
    owe(payment, 700)

    with pytest.raises(MoreThanPaid):
        owe(payment, 301, reason="paid_twice")

    assert rows("amount_cents") == [(700,)]
    assert refunding.left_of(payment.id) == 300


def test_a_refund_that_failed_still_counts_until_another_replaces_it(option):
    payment = a_payment_of(option)
    failed = owe(payment, 1000)
    refund.enter(refund_id=failed.id, to=RefundStatus.FAILED, at=NOON)
    assert refunding.left_of(payment.id) == 0

    other = refund_by_hand.do_otherwise(refund_id=failed.id, means=RefundMeans.CHEQUE, actor=CLERK, at=NOON)

    assert (other.replaces_id, other.amount_cents, refunding.left_of(payment.id)) == (failed.id, 1000, 0)
    assert balances()["refunds"] == -1000


def test_a_failed_refund_is_replaced_once(option):
    failed = owe(a_payment_of(option), 1000)
    refund.enter(refund_id=failed.id, to=RefundStatus.FAILED, at=NOON)
    refund_by_hand.do_otherwise(refund_id=failed.id, means=RefundMeans.CREDIT, actor=CLERK, at=NOON)

    with pytest.raises(RefundMoved):
        refund_by_hand.do_otherwise(refund_id=failed.id, means=RefundMeans.CHEQUE, actor=CLERK, at=NOON)

    assert sorted(rows("means", "status")) == [("card", "failed"), ("credit", "succeeded")]
    assert balances() == {"processor": 1000, "revenue": -1000, "receivable": 1000, "credit": -1000}


def test_one_on_its_way_is_not_replaced(option):
    on_its_way = owe(a_payment_of(option), 1000)

    with pytest.raises(RefundMoved):
        refund_by_hand.do_otherwise(refund_id=on_its_way.id, means=RefundMeans.CREDIT, actor=CLERK, at=NOON)


def test_a_card_that_did_not_pay_is_given_nothing(option):
    cheque = owe(a_payment_of(option, means=Means.CHEQUE), 1000)

    with pytest.raises(NoCardPaid):
        refund_by_hand.do_otherwise(refund_id=cheque.id, means=RefundMeans.CARD, actor=CLERK, at=NOON)


@pytest.mark.parametrize(("by", "held"), [("cheque", "bank"), ("transfer", "bank"), ("cash", "cash")])
def test_what_staff_made_leaves_the_bank_or_the_drawer_once(option, by, held):
    owed = owe(a_payment_of(option), 400, means=RefundMeans(by))

    refund_by_hand.mark_done(refund_id=owed.id, proof="1047", actor=CLERK, at=NOON)
    with pytest.raises(RefundMoved):
        refund_by_hand.mark_done(refund_id=owed.id, proof="1048", actor=CLERK, at=NOON)

    owed.refresh_from_db()
    assert (owed.status, owed.proof) == (RefundStatus.SUCCEEDED, "1047")
    assert (balances()[held], balances().get("refunds")) == (-400, None)


def test_a_cheque_has_a_number(option):
    owed = owe(a_payment_of(option, means=Means.CASH), 400)

    with pytest.raises(ProofMissing):
        refund_by_hand.mark_done(refund_id=owed.id, proof=" ", actor=CLERK, at=NOON)


def test_a_cheque_that_comes_back_is_owed_again(option):
    owed = owe(a_payment_of(option, means=Means.CASH), 400)
    refund_by_hand.mark_done(refund_id=owed.id, proof="1047", actor=CLERK, at=NOON)

    refund_by_hand.mark_returned(refund_id=owed.id, actor=CLERK, at=NOON)

    assert balances()["refunds"] == -400
    assert Refund.objects.filter(refunding.AGAIN).get() == owed


def test_staff_give_back_what_was_overpaid_before_they_lower_the_sale(option):
    payment = a_payment_of(option)
    second = Payment.objects.create(
        order=payment.order, attempt=9, amount_cents=1000, currency="cad", status=Status.SUCCEEDED, started_at=NOON
    )
    ledger.enter(
        debit=Account.PROCESSOR,
        credit=Account.RECEIVABLE,
        cents=300,
        order=payment.order,
        source=f"payment:{second.id}:received",
        at=NOON,
    )

    give_back(payment, 500)

    assert balances()["revenue"] == -800
    assert ledger.balance_of_order(payment.order_id) == 0
    assert balances()["refunds"] == -500


def test_a_button_pressed_twice_gives_back_once(option):
    payment, key = a_payment_of(option), uuid4()

    give_back(payment, 500, key=key)
    give_back(payment, 500, key=key)

    assert rows("amount_cents", "means", "status") == [(500, "card", "due")]
    assert balances() == {"processor": 1000, "revenue": -500, "refunds": -500}


def test_staff_give_no_more_than_was_paid_nor_to_a_card_that_did_not_pay(option):
    payment = a_payment_of(option, means=Means.CASH)

    with pytest.raises(MoreThanPaid):
        give_back(payment, 1001)
    with pytest.raises(NoCardPaid):
        give_back(payment, 500, means=RefundMeans.CARD)

    assert (rows("id"), balances()) == ([], {"cash": 1000, "revenue": -1000})


def test_what_is_owed_is_forgiven_once_and_never_below_zero(option):
    order = an_order(option, at=NOON)
    paid(order, 400)
    key = uuid4()

    for _ in range(2):
        refund_by_hand.forgive(order_id=order.id, cents=900, words="Perdu", key=key, actor=CLERK, at=NOON)

    assert ledger.balance_of_order(order.id) == 0
    assert balances() == {"processor": 400, "revenue": -400}


def test_the_refund_of_a_double_payment_leaves_the_registration(option):
    order = an_order(option, at=NOON)
    paid(order)

    second = paid(order)

    assert rows("payment", "amount_cents", "reason") == [(second.id, 1000, "paid_twice")]
    assert [each.status for each in registrations_of(order)] == [Registered.CONFIRMED]
    assert ledger.balance_of_order(order.id) == 0


@pytest.mark.line("S3-24")
def test_a_dead_card_opens_a_task_and_credit_or_a_cheque_takes_its_place(sandbox, sold):
    payment = paid_online(sandbox, an_order(sold), card=REFUND_FAILS_LATER)
    owe(payment, 900)
    refund.send_refunds(at=clock.now())
    assert list(Refund.objects.filter(refunding.AGAIN)) == []

    sandbox.control("clock", {"advance_seconds": LATE})
    events.refund_changed({"id": Refund.objects.get().processor_id})

    failed = Refund.objects.get(refunding.AGAIN)
    assert Event.objects.filter(kind="payments.refund_failed").count() == 1
    refund_by_hand.do_otherwise(refund_id=failed.id, means=RefundMeans.CREDIT, actor=CLERK, at=NOON)
    assert balances() == {"processor": 900, "revenue": -900, "receivable": 900, "credit": -900}
    assert credit.balance(payment.order.guardian_id, payment.order.payee_id) == 900
    assert list(Refund.objects.filter(refunding.AGAIN)) == []


def test_what_the_processor_has_no_money_for_waits_and_is_found_when_it_leaves(sandbox, sold):
    payment = paid_online(sandbox, an_order(sold), card=PENDING_CARD)
    owe(payment, 900)
    refund.send_refunds(at=clock.now())
    assert rows("status") == [(RefundStatus.PENDING,)]
    refund.refresh_pending(at=clock.now())
    assert rows("status") == [(RefundStatus.PENDING,)]

    sandbox.control("clock", {"advance_seconds": LATE})
    refund.refresh_pending(at=clock.now())

    assert rows("status") == [(RefundStatus.SUCCEEDED,)]
    assert "refunds" not in balances()


def test_what_the_platform_kept_goes_back_in_proportion(sandbox, account, sold):
    with in_registry():
        ConnectedAccount.objects.filter(pk=account.pk).update(fee_basis_points=200)
    payment = paid_online(sandbox, an_order(sold))
    assert earned(sandbox) == 18
    owe(payment, 450)

    refund.send_refunds(at=clock.now())

    assert rows("status") == [(RefundStatus.SUCCEEDED,)]
    assert earned(sandbox) == 9


def test_a_key_that_two_orders_were_given_lowers_the_sale_of_each(option):
    key = uuid4()

    for payment in (a_payment_of(option), a_payment_of(option)):
        for _ in range(2):
            give_back(payment, 600, key=key)
        assert (ledger.balance_of_order(payment.order_id), ledger.sold_of_order(payment.order_id)) == (0, 400)


def test_what_is_forgiven_twice_with_one_key_is_forgiven_and_told_once(option):
    order = an_order(option, at=NOON)
    conclude(order=order, at=NOON)
    told = {"words": "Geste", "key": uuid4(), "actor": CLERK, "at": NOON}

    said = [refund_by_hand.forgive(order_id=order.id, cents=300, **told) for _ in range(2)]

    assert (said, ledger.balance_of_order(order.id)) == ([300, 300], 700)
    assert Entry.objects.filter(action="payments.forgiven").count() == 1


def test_a_refund_that_the_processor_does_not_show_keeps_no_other_waiting(sandbox, sold):
    payment = paid_online(sandbox, an_order(sold), card=PENDING_CARD)
    first, second = owe(payment, 300), owe(payment, 400, reason="paid_twice")
    refund.send_refunds(at=clock.now())
    Refund.objects.filter(pk=first.pk).update(processor_id="re_of_an_account_that_was_closed")
    sandbox.control("clock", {"advance_seconds": LATE})

    refund.refresh_pending(at=clock.now())

    assert dict(Refund.objects.values_list("id", "status")) == {first.id: "pending", second.id: "succeeded"}
