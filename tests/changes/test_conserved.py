"""Whatever a family buys, gives up, moves and hands over, in any order: not a cent is made, and not a cent is lost."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Selection
from tenant_apps.changes.models import ChangeRequest, Kind, Status
from tenant_apps.changes.operations import deciding
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Order
from tenant_apps.organisation import queries as organisation
from tenant_apps.payments.models import Payment, Refund
from tenant_apps.payments.models import Status as Paid
from tenant_apps.registrations.errors import AlreadyRegistered, NotAllowed, OptionFull
from tenant_apps.registrations.models import Places, Registration
from tenant_apps.registrations.models import Status as Registered
from tenant_apps.registrations.states import TAKING
from tests.factories.catalog import an_offering, an_option
from tests.factories.changes import a_paid, pay
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON
from tests.factories.organisation import a_payee

pytestmark = pytest.mark.django_db

PRICES = (0, 4999, 10000, 12345)
REFUSALS = (AlreadyRegistered, NotAllowed, OptionFull)

buys = st.tuples(st.just("buy"), st.integers(0, 3), st.integers(0, 2), st.just(0))
changes = st.tuples(
    st.sampled_from(["withdraw", "swap", "transfer", "cancel"]),
    st.integers(0, 5),
    st.integers(0, 3),
    st.integers(0, 700),
)
schemes = st.sampled_from([{}, {"tax": "goods"}, {"family": "fratrie"}, {"family": "fratrie", "tax": "goods"}])


class _Undone(Exception):
    pass


class World:
    """A household of three children, four weeks of one camp with few places, and a clock."""

    def __init__(self, pricing: dict[str, str]) -> None:
        profile = organisation.profile()
        profile.rules["prices"] = {
            "families": [{"key": "fratrie", "label": "Fratrie", "discounts": ["0", "25", "50"], "cap": 25000}],
            "taxes": [
                {"code": "tps", "label": "TPS", "rate": "5", "classes": ["goods"]},
                {"code": "tvq", "label": "TVQ", "rate": "9.975", "classes": ["goods"]},
            ],
        }
        profile.save()
        self.at = NOON
        self.guardian = a_guardian()
        self.children = [a_child(name, of=self.guardian) for name in ("Ada", "Bo", "Cleo")]
        camp = an_offering(selection=Selection.SEVERAL, pricing=pricing, payee=a_payee())
        self.weeks = [an_option(price=price, places=2, offering=camp) for price in PRICES]

    def step(self, what: str, one: int, other: int, fee: int) -> None:
        self.at += timedelta(minutes=1)
        try:
            if what == "buy":
                a_paid(self.weeks[one], child=self.children[other], guardian=self.guardian, at=self.at)
            else:
                self.change(what, one, other, fee)
        except REFUSALS:
            pass

    def change(self, what: str, one: int, other: int, fee: int) -> None:
        had = list(Registration.objects.filter(status=Registered.CONFIRMED).order_by("id"))
        if not had:
            return
        chosen = had[one % len(had)]
        told = {"registration_id": chosen.id, "actor": SYSTEM, "at": self.at}
        if what == "cancel":
            deciding.cancel_registration(answer="Fermé.", **told)
        elif what == "withdraw":
            with transaction.atomic():
                deciding.make(kind=Kind.WITHDRAWAL, fee_cents=min(fee, chosen.amount_cents), **told)
        elif what == "swap":
            option = self.weeks[other % len(self.weeks)]
            if option.id == chosen.option_id:
                return
            deciding.make(kind=Kind.SWAP, option_id=option.id, **told)
        else:
            child = self.children[other % len(self.children)]
            if child.id == chosen.participant_id:
                return
            deciding.make(kind=Kind.TRANSFER, participant_id=child.id, **told)
        for line in Registration.objects.filter(status=Registered.HELD):
            pay(line.basket, at=self.at)

    def check(self) -> None:
        paid = sum(Payment.objects.filter(status=Paid.SUCCEEDED).values_list("amount_cents", flat=True))
        given = sum(Refund.objects.values_list("amount_cents", flat=True))
        totals = ledger.totals()
        assert sum(totals.values()) == 0
        assert totals[Account.RECEIVABLE] == 0
        assert all(ledger.balance_of_order(order.id) == 0 for order in Order.objects.all())
        assert (totals[Account.PROCESSOR], totals[Account.REFUNDS]) == (paid, -given)
        for payment in Payment.objects.all():
            assert sum(refund.amount_cents for refund in payment.refunds.all()) <= payment.amount_cents
        # What stays is what is kept of what ended, and what remains: their fees and prices, taxes included.
        assert -totals[Account.REVENUE] - totals[Account.TAXES] == paid - given
        assert totals[Account.TAXES] <= 0
        for row in Places.objects.all():
            taken = Registration.objects.filter(option_id=row.option_id, status__in=TAKING).count()
            assert row.taken == taken

    def end(self) -> None:
        """The organisation cancels all that is left: what it keeps is the fees, to the cent."""
        for registration in Registration.objects.filter(status=Registered.CONFIRMED).order_by("id"):
            deciding.cancel_registration(registration_id=registration.id, answer="Fermé.", actor=SYSTEM, at=self.at)
        kept = sum(ChangeRequest.objects.filter(status=Status.ACCEPTED).values_list("fee_cents", flat=True))
        totals = ledger.totals()
        assert -totals[Account.REVENUE] - totals[Account.TAXES] == kept
        assert {row.taken for row in Places.objects.all()} == {0}


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(schemes, st.lists(buys, min_size=1, max_size=4), st.lists(buys | changes, max_size=7))
def test_money_is_conserved(profile, pricing, bought, then):
    try:
        with transaction.atomic():
            world = World(pricing)
            for step in [*bought, *then]:
                world.step(*step)
                world.check()
            world.end()
            world.check()
            raise _Undone
    except _Undone:
        pass
