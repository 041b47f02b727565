"""Whatever is paid, given up, refunded, refused, contested and credited, in any order: the books agree to the cent."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.gateway.disputes import Dispute
from kernel.errors import Refusal
from shared_apps.audit.actors import SYSTEM
from tenant_apps.changes.models import Kind
from tenant_apps.changes.operations import deciding
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.organisation import queries as organisation
from tenant_apps.payments import credit, refunding
from tenant_apps.payments.models import Instalment, Means, Payment, Refund, RefundMeans, RefundStatus, Status
from tenant_apps.payments.operations import crediting, disputes, refund, refund_by_hand
from tenant_apps.payments.operations.check_out import Terms, check_out
from tenant_apps.payments.operations.instalments import OPEN
from tenant_apps.payments.operations.receive import conclude
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.models import Status as Registered
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON
from tests.factories.organisation import a_payee, an_organisation_profile
from tests.factories.refunds import CLERK, paid
from tests.factories.registrations import a_basket, a_hold

pytestmark = pytest.mark.django_db

HALVES = "deux-versements"
PRICES = (4999, 10000, 12345)
TAKEN = (Means.ONLINE, Means.CASH, Means.CHEQUE, Means.TRANSFER)
WAYS = (*RefundMeans,)
STEPS = ("pay", "withdraw", "swap", "cancel", "give", "answer", "otherwise", "make", "dispute", "grant", "pay_out")

steps = st.tuples(st.sampled_from(STEPS), st.integers(0, 5), st.integers(0, 9999))
beginnings = st.tuples(st.sampled_from(["", HALVES, "later"]), st.lists(st.integers(0, 2), min_size=1, max_size=3))


class _Undone(Exception):
    pass


class World:
    """One family, one order on some terms, and a clock."""

    def __init__(self, plan: str, chosen: list[int]) -> None:
        shares = [{"percent": "50"}, {"percent": "50", "months": 1}]
        profile = organisation.profile()
        profile.rules["paying"] = {
            "later": "families",
            "plans": [{"key": HALVES, "label": "En deux", "shares": shares, "natures": ["outing"]}],
        }
        profile.rules["prices"] = {"taxes": [{"code": "tps", "label": "TPS", "rate": "5", "classes": ["goods"]}]}
        profile.save()
        self.at, self.guardian, self.payee = NOON, a_guardian(), a_payee()
        self.offering = an_offering(payee=self.payee, pricing={"tax": "goods"})
        self.options = [an_option(price=price, places=9, offering=self.offering) for price in PRICES]
        basket = a_basket(self.guardian)
        for name, number in zip(("Ada", "Bo", "Cleo"), chosen, strict=False):
            a_hold(self.options[number], basket=basket, child=a_child(name, of=self.guardian))
        total = sum(Registration.objects.values_list("amount_cents", flat=True))
        [self.order] = check_out(
            basket_id=basket.id,
            expected_cents=total,
            actor=SYSTEM,
            language="fr",
            at=NOON,
            terms=Terms(plan=plan),
        )
        if self.order.first_cents:
            paid(self.order, self.order.first_cents)
        else:
            conclude(order=self.order, at=NOON)

    def step(self, what: str, one: int, cents: int) -> None:
        self.at += timedelta(minutes=1)
        act: Callable[[int, int], object] = getattr(self, what)
        with suppress(Refusal), transaction.atomic():
            act(one, cents)

    def pay(self, one: int, cents: int) -> None:
        """Also more than what is owed: the rest goes back."""
        paid(Order.objects.get(), cents + 1, means=TAKEN[one % len(TAKEN)], at=self.at)

    def withdraw(self, one: int, cents: int) -> None:
        if had := self._standing(one):
            deciding.make(kind=Kind.WITHDRAWAL, registration_id=had.id, fee_cents=cents % 700, actor=SYSTEM, at=self.at)

    def swap(self, one: int, cents: int) -> None:
        """Only to what costs less: what costs more is bought as anything else is."""
        had, option = self._standing(one), self.options[cents % 3]
        if had and option.id != had.option_id and option.price_cents < had.amount_cents:
            deciding.make(kind=Kind.SWAP, registration_id=had.id, option_id=option.id, actor=SYSTEM, at=self.at)

    def cancel(self, one: int, cents: int) -> None:
        if had := self._standing(one):
            deciding.cancel_registration(registration_id=had.id, answer="Fermé.", actor=SYSTEM, at=self.at)

    def give(self, one: int, cents: int) -> None:
        refund_by_hand.give_back(
            order_id=self.order.id,
            cents=cents + 1,
            means=WAYS[one] if one < len(WAYS) else None,
            words="",
            key=UUID(int=cents),
            actor=CLERK,
            at=self.at,
        )

    def answer(self, one: int, cents: int) -> None:
        """The processor's, to one refund that it has or had."""
        asked = Refund.objects.filter(means=RefundMeans.CARD).order_by("id")
        if asked:
            to = (RefundStatus.PENDING, RefundStatus.SUCCEEDED, RefundStatus.FAILED)[cents % 3]
            refund.enter(refund_id=asked[one % len(asked)].id, to=to, at=self.at)

    def otherwise(self, one: int, cents: int) -> None:
        known = Refund.objects.order_by("id")
        if known:
            refund_by_hand.do_otherwise(
                refund_id=known[one % len(known)].id, means=WAYS[cents % 5], actor=CLERK, at=self.at
            )

    def make(self, one: int, cents: int) -> None:
        known = Refund.objects.exclude(means=RefundMeans.CARD).order_by("id")
        if known:
            made = known[one % len(known)].id
            if cents % 3:
                refund_by_hand.mark_done(refund_id=made, proof="1047", actor=CLERK, at=self.at)
            else:
                refund_by_hand.mark_returned(refund_id=made, actor=CLERK, at=self.at)

    def dispute(self, one: int, cents: int) -> None:
        cards = Payment.objects.filter(means=Means.ONLINE, status=Status.SUCCEEDED).order_by("id")
        # Nothing went back of it: the processor has no dispute of what it does not hold.
        whole = [each for each in cards if not each.refunds.exists()]
        if whole:
            payment = whole[one % len(whole)]
            status = ("needs_response", "won", "lost")[cents % 3]
            back = payment.amount_cents if status == "won" else 0
            told = Dispute(f"dp_{payment.id.hex}", status, payment.amount_cents, "", payment.amount_cents, back, None)
            if payment.dispute.get("status") not in ("won", "lost"):
                disputes.enter(payment=payment, dispute=told, at=self.at)

    def grant(self, one: int, cents: int) -> None:
        told = {"guardian_id": self.guardian.id, "payee_id": self.payee.id}
        crediting.grant(**told, cents=cents + 1, words="", key=UUID(int=cents), actor=CLERK, at=self.at)

    def pay_out(self, one: int, cents: int) -> None:
        told = {"guardian_id": self.guardian.id, "payee_id": self.payee.id, "means": RefundMeans.CASH, "proof": ""}
        crediting.pay_out(**told, cents=cents + 1, key=UUID(int=cents), actor=CLERK, at=self.at)

    def check(self) -> None:
        order = Order.objects.get()
        assert order.status == OrderStatus.SETTLED
        totals, balance = ledger.totals(), ledger.balance_of_order(order.id)
        assert sum(totals.values()) == 0
        left = sum(Instalment.objects.filter(status__in=OPEN).values_list("left_cents", flat=True))
        assert left <= max(balance, 0)
        standing = Refund.objects.filter(replaced_by=None)
        for payment in Payment.objects.all():
            given = sum(standing.filter(payment=payment).values_list("amount_cents", flat=True))
            assert given <= payment.amount_cents
            assert refunding.left_of(payment.id) >= 0
        waiting = standing.exclude(status=RefundStatus.SUCCEEDED)
        assert -totals[Account.REFUNDS] == sum(waiting.values_list("amount_cents", flat=True))
        assert -totals[Account.CREDIT] == credit.balance(self.guardian.id, self.payee.id) >= 0
        # What is owed back and not on its way is only what a bank contests.
        contested = sum(refunding.contested_cents(payment) for payment in Payment.objects.all())
        assert balance >= -contested
        if not Registration.objects.filter(status=Registered.CONFIRMED).exists() and not contested:
            assert balance == 0

    def _standing(self, one: int) -> Registration | None:
        had = list(Registration.objects.filter(status=Registered.CONFIRMED).order_by("id"))
        return had[one % len(had)] if had else None


@pytest.fixture
def profile(organisation_a: object) -> None:
    an_organisation_profile()


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(beginnings, st.lists(steps, max_size=9))
def test_the_books_agree_whatever_happens(profile: None, begun: tuple[str, list[int]], then: list) -> None:  # type: ignore[type-arg]
    with suppress(_Undone), transaction.atomic():
        world = World(*begun)
        world.check()
        for step in then:
            world.step(*step)
            world.check()
        raise _Undone
