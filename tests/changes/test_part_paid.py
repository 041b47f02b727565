"""What is given up before it is paid: off what is owed first, and only what was paid beyond it goes back."""

from uuid import uuid4

import pytest

from shared_apps.audit.actors import SYSTEM
from tenant_apps.changes import money
from tenant_apps.changes.models import Kind
from tenant_apps.changes.operations import deciding
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Order
from tenant_apps.organisation import queries as organisation
from tenant_apps.payments.models import Instalment, InstalmentStatus, Means, Refund, RefundMeans
from tenant_apps.payments.operations import refund_by_hand
from tenant_apps.payments.operations.check_out import Terms, check_out
from tenant_apps.payments.operations.receive import conclude
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.models import Status as Registered
from tests.factories.catalog import an_offering, an_option
from tests.factories.changes import ask, practice
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON
from tests.factories.refunds import CLERK, paid
from tests.factories.registrations import a_basket, a_hold

pytestmark = pytest.mark.django_db

HALVES = "deux-versements"
FIFTEEN = {"allowed": True, "fees": [{"percent": "15"}]}


@pytest.fixture(autouse=True)
def in_two(profile: None) -> None:
    shares = [{"percent": "50"}, {"percent": "50", "months": 1}]
    rules = organisation.profile()
    rules.rules["paying"] = {
        "later": "families",
        "plans": [{"key": HALVES, "label": "En deux", "shares": shares, "natures": ["outing"]}],
    }
    rules.save()


def bought(*prices: int, plan: str = HALVES) -> tuple[Order, list[Registration]]:
    """One child's options, in one order on these terms, of which nothing is paid yet."""
    guardian = a_guardian()
    child, basket, offering = a_child("Ada", of=guardian), a_basket(guardian), an_offering()
    for price in prices:
        a_hold(an_option(price=price, places=5, offering=offering), basket=basket, child=child)
    [order] = check_out(
        basket_id=basket.id,
        expected_cents=sum(prices),
        actor=SYSTEM,
        language="fr",
        at=NOON,
        terms=Terms(plan=plan),
    )
    return order, list(Registration.objects.filter(order_lines__order=order).order_by("order_lines__amount_cents"))


def half_paid(*prices: int) -> tuple[Order, list[Registration]]:
    order, registrations = bought(*prices)
    paid(order, order.first_cents)
    for each in registrations:
        each.refresh_from_db()
    return order, registrations


def refunds() -> list[int]:
    return list(Refund.objects.values_list("amount_cents", flat=True))


def dues(order: Order) -> list[tuple[str, int]]:
    return list(Instalment.objects.filter(order=order).order_by("position").values_list("status", "left_cents"))


def agrees(order: Order) -> None:
    left = sum(cents for status, cents in dues(order) if status in ("due", "charging", "failed"))
    assert left == max(ledger.balance_of_order(order.id), 0)


@pytest.mark.line("S2-16")
def test_what_is_given_up_between_two_instalments_is_never_charged_again() -> None:
    order, [one] = half_paid(10000)
    practice(withdrawal={"allowed": True})

    ask(one, Kind.WITHDRAWAL, (0, 5000, 0))

    assert refunds() == [5000]
    assert dues(order) == [(InstalmentStatus.PAID, 0), (InstalmentStatus.CANCELLED, 0)]
    assert ledger.balance_of_order(order.id) == 0


@pytest.mark.parametrize(("percent", "fee", "back"), [("15", 750, 4250), ("100", 5000, 0)])
def test_the_fee_is_of_what_was_paid_and_nothing_is_charged_for_it(percent: str, fee: int, back: int) -> None:
    order, [one] = half_paid(10000)
    practice(withdrawal={"allowed": True, "fees": [{"percent": percent}]})

    ask(one, Kind.WITHDRAWAL, (fee, back, 0))

    assert refunds() == [back] * bool(back)
    assert dues(order)[1] == (InstalmentStatus.CANCELLED, 0)
    assert ledger.balance_of_order(order.id) == 0


def test_of_two_the_one_that_stays_is_paid_by_what_was_paid_for_both() -> None:
    order, [one, other] = half_paid(10000, 10000)
    practice(withdrawal=FIFTEEN)

    ask(one, Kind.WITHDRAWAL, (1500, 0, 0))

    other.refresh_from_db()
    assert (other.status, refunds()) == (Registered.CONFIRMED, [])
    assert dues(order) == [(InstalmentStatus.PAID, 0), (InstalmentStatus.DUE, 1500)]
    assert ledger.balance_of_order(order.id) == 1500


def test_a_cheaper_choice_lowers_what_is_still_due_before_it_gives_back() -> None:
    order, [one] = half_paid(10000)
    cheap = an_option(price=7000, places=5, offering=one.option.offering)
    practice(swap={"allowed": True})

    ask(one, Kind.SWAP, (0, 0, 0), option_id=cheap.id)

    assert refunds() == []
    assert dues(order) == [(InstalmentStatus.PAID, 0), (InstalmentStatus.DUE, 2000)]
    agrees(order)


def test_what_was_to_be_paid_later_is_owed_no_more_and_costs_nothing() -> None:
    order, [one] = bought(10000, plan="later")
    conclude(order=order, at=NOON)
    one.refresh_from_db()
    practice(withdrawal=FIFTEEN)

    ask(one, Kind.WITHDRAWAL, (0, 0, 0))

    assert (refunds(), ledger.balance_of_order(order.id)) == ([], 0)
    assert dues(order) == [(InstalmentStatus.CANCELLED, 0)]


def test_what_several_payments_paid_goes_back_onto_each_the_card_first() -> None:
    order, [one] = half_paid(10000)
    paid(order, 3000, means=Means.CASH)
    paid(order, 2000)

    deciding.cancel_registration(registration_id=one.id, answer="Fermé.", actor=SYSTEM, at=NOON)

    given = Refund.objects.values_list("payment__means", "means", "amount_cents")
    assert sorted(given) == [
        (Means.CASH, RefundMeans.CHEQUE, 3000),
        (Means.ONLINE, RefundMeans.CARD, 2000),
        (Means.ONLINE, RefundMeans.CARD, 5000),
    ]
    assert ledger.balance_of_order(order.id) == 0
    assert ledger.totals()["revenue"] == 0


def test_what_the_bank_contests_is_not_given_back_by_a_withdrawal() -> None:
    order, [one] = half_paid(10000)
    payment = order.payments.get()
    payment.dispute = {"id": "dp_1", "status": "under_review", "cents": 5000, "due_on": ""}
    payment.save()

    assert money.refundable_cents(one) == 0
    deciding.cancel_registration(registration_id=one.id, answer="Fermé.", actor=SYSTEM, at=NOON)

    # The organisation owes it only if the bank gives it the money back.
    assert (refunds(), ledger.balance_of_order(order.id)) == ([], -5000)


def test_what_staff_had_taken_off_the_price_does_not_come_back_a_second_time() -> None:
    order, [one, _other] = half_paid(10000, 10000)
    paid(order, 10000)
    refund_by_hand.give_back(order_id=order.id, cents=3000, words="Pluie", key=uuid4(), actor=CLERK, at=NOON)

    deciding.cancel_registration(registration_id=one.id, answer="Fermé.", actor=SYSTEM, at=NOON)

    # Of the rest of the second payment first, then of the first one.
    assert sorted(refunds()) == [1500, 3000, 7000]
    assert (ledger.sold_of_order(order.id), ledger.balance_of_order(order.id)) == (8500, 0)


def give(order: Order, cents: int) -> None:
    refund_by_hand.give_back(order_id=order.id, cents=cents, words="Pluie", key=uuid4(), actor=CLERK, at=NOON)


def cancel(registration: Registration) -> None:
    deciding.cancel_registration(registration_id=registration.id, answer="Fermé.", actor=SYSTEM, at=NOON)


def all_paid(*prices: int) -> tuple[Order, list[Registration]]:
    order, registrations = bought(*prices, plan="")
    paid(order)
    for each in registrations:
        each.refresh_from_db()
    return order, registrations


def test_what_was_given_up_before_bears_nothing_of_what_staff_take_off() -> None:
    order, [one, other, last] = all_paid(10000, 10000, 10000)
    practice(withdrawal={"allowed": True})
    ask(one, Kind.WITHDRAWAL, (0, 10000, 0))
    give(order, 10000)

    cancel(other)

    assert sorted(refunds()) == [5000, 10000, 10000]
    cancel(last)
    assert sorted(refunds()) == [5000, 5000, 10000, 10000]
    assert (ledger.sold_of_order(order.id), ledger.balance_of_order(order.id)) == (0, 0)


def test_what_was_exchanged_for_less_before_bears_its_part_of_what_it_costs_now() -> None:
    order, [one, other] = all_paid(4000, 10000)
    practice(swap={"allowed": True})
    cheap = an_option(price=2000, places=5, offering=other.option.offering)
    ask(other, Kind.SWAP, (0, 8000, 0), option_id=cheap.id)
    give(order, 3000)

    cancel(one)

    assert sorted(refunds()) == [2000, 3000, 8000]
    assert ledger.sold_of_order(order.id) == 1000
    other.refresh_from_db()
    cancel(other)
    assert sorted(refunds()) == [1000, 2000, 3000, 8000]
    assert (ledger.sold_of_order(order.id), ledger.balance_of_order(order.id)) == (0, 0)


def test_two_that_staff_take_off_are_each_of_what_was_there_on_its_day() -> None:
    order, [one, other] = all_paid(10000, 10000)
    give(order, 2000)
    cancel(one)
    give(order, 4000)

    cancel(other)

    assert sorted(refunds()) == [2000, 4000, 5000, 9000]
    assert (ledger.sold_of_order(order.id), ledger.balance_of_order(order.id)) == (0, 0)


def test_what_was_lowered_cent_by_cent_leaves_no_cent_of_tax_once_it_is_given_up() -> None:
    rules = organisation.profile()
    rates = (("tps", "5"), ("tvq", "9.975"))
    taxes = [{"code": code, "label": code, "rate": rate, "classes": ["goods"]} for code, rate in rates]
    rules.rules["prices"] = {"taxes": taxes}
    rules.save()
    held = a_hold(an_option(price=9999, places=5, offering=an_offering(pricing={"tax": "goods"})))
    [order] = check_out(
        basket_id=held.basket_id,
        expected_cents=held.amount_cents,
        actor=SYSTEM,
        language="fr",
        at=NOON,
        terms=Terms(plan="later"),
    )
    conclude(order=order, at=NOON)
    for _ in range(10):
        refund_by_hand.forgive(order_id=order.id, cents=3, words="", key=uuid4(), actor=CLERK, at=NOON)

    cancel(Registration.objects.get(pk=held.pk))

    assert {account.value: cents for account, cents in ledger.totals().items() if cents} == {}


def test_no_fee_is_of_what_staff_took_off_the_one_that_stays() -> None:
    order, [one, _other] = bought(10000, 10000, plan="later")
    conclude(order=order, at=NOON)
    refund_by_hand.forgive(order_id=order.id, cents=5000, words="Pluie", key=uuid4(), actor=CLERK, at=NOON)
    one.refresh_from_db()

    assert money.most_kept(one, 10000) == 0
