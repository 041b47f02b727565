"""A line of the basket that stands for a registration that was paid keeps doing so, whatever else the family does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Offering, Option, Selection
from tenant_apps.changes.models import Kind
from tenant_apps.changes.operations import deciding
from tenant_apps.families.identity import Answers, Identity
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.orders.models import Order
from tenant_apps.payments.models import Payment, Refund
from tenant_apps.payments.operations import settle
from tenant_apps.payments.operations.check_out import check_out
from tenant_apps.portal import lapsed, registering
from tenant_apps.registrations import operations
from tenant_apps.registrations.errors import AlreadyRegistered, NotAllowed, QuantityRefused
from tenant_apps.registrations.models import Registration, Status
from tenant_apps.registrations.queries import basket_lines
from tests.factories.catalog import an_offering, an_option
from tests.factories.changes import a_paid, a_paid_page, ask, pay, practice
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON
from tests.factories.registrations import a_basket, a_hold


@dataclass(frozen=True)
class Dearer:
    """July was paid 100 $; August, at 150 $, lies in the basket for the difference; September is 120 $."""

    guardian: Guardian
    child: Participant
    camp: Offering
    august: Option
    september: Option
    line: Registration


@pytest.fixture(params=[Selection.SEVERAL, Selection.ONE])
def dearer(request: pytest.FixtureRequest) -> Dearer:
    practice(swap={"allowed": True})
    guardian = a_guardian()
    child = a_child("Ada", of=guardian)
    camp = an_offering("Camp", selection=request.param)
    july, august, september = (an_option(price=cents, places=3, offering=camp) for cents in (10000, 15000, 12000))
    paid = a_paid(july, child=child, guardian=guardian)
    ask(paid, Kind.SWAP, (0, 0, 5000), option_id=august.id)
    [line] = basket_lines(a_basket(guardian).id)
    assert (line.amount_cents, line.replaces_id) == (5000, paid.id)
    return Dearer(guardian, child, camp, august, september, line)


def register(dearer: Dearer, option: Option) -> None:
    entry = registering.Entry(
        participant=dearer.child,
        identity=Identity(dearer.child.last_name, dearer.child.first_name),
        answers=Answers(),
        version=None,
        chosen=[registering.Chosen(option.id)],
        contact_email="anne@famille.example",
        signature=None,
    )
    registering.register(offering_id=dearer.camp.id, visitor=dearer.guardian, entry=entry, actor=SYSTEM, at=NOON)


def in_basket(dearer: Dearer) -> list[tuple[object, ...]]:
    lines = basket_lines(a_basket(dearer.guardian).id)
    return [(line.option_id, line.amount_cents, line.replaces_id) for line in lines]


def test_the_same_choice_sent_again_by_the_form_of_the_activity_leaves_it(dearer: Dearer) -> None:
    before = in_basket(dearer)

    with pytest.raises((AlreadyRegistered, NotAllowed)):
        register(dearer, dearer.august)

    assert in_basket(dearer) == before


def test_and_paid_it_gives_up_the_first_one(dearer: Dearer) -> None:
    with pytest.raises((AlreadyRegistered, NotAllowed)):
        register(dearer, dearer.august)

    pay(a_basket(dearer.guardian))

    states = dict(Registration.objects.filter(confirmed_at__isnull=False).values_list("option", "status"))
    assert states == {dearer.line.replaces.option_id: "withdrawn", dearer.august.id: "confirmed"}  # type: ignore[union-attr]


def test_let_lapse_it_is_not_offered_again_at_its_whole_price(dearer: Dearer) -> None:
    later = dearer.line.held_until + timedelta(minutes=1)
    operations.sweep(at=later)

    assert lapsed.of(dearer.guardian, at=later) == []
    assert lapsed.take_again(guardian=dearer.guardian, actor=SYSTEM, at=later).held == []


def paid_late(dearer: Dearer, change: Callable[[Registration], object]) -> Registration:
    """The line is being paid and let go; the first one then changes, and only then the money comes."""
    [order] = check_out(basket_id=dearer.line.basket_id, expected_cents=5000, actor=SYSTEM, language="fr", at=NOON)
    operations.release_unpaid(registration_ids=[dearer.line.id], at=NOON)
    Order.objects.filter(pk=order.pk).update(status="cancelled")
    first = dearer.line.replaces
    assert first is not None
    change(first)
    payment = Payment.objects.create(
        order=order, attempt=1, amount_cents=5000, currency=order.currency, started_at=NOON
    )
    settle.enter(payment=payment, answer=a_paid_page(payment), at=NOON)
    first.refresh_from_db()
    return first


def refunds() -> list[tuple[int, str]]:
    return sorted((each.amount_cents, each.reason.split(":")[0]) for each in Refund.objects.all())


def test_paid_late_it_takes_nothing_of_what_was_swapped_for_less_since(dearer: Dearer) -> None:
    cheap = an_option(price=2000, places=3, offering=dearer.camp)

    first = paid_late(dearer, lambda paid: ask(paid, Kind.SWAP, (0, 8000, 0), option_id=cheap.id))

    assert (first.option_id, first.status) == (cheap.id, Status.CONFIRMED)
    assert refunds() == [(5000, "places_gone"), (8000, "change")]


def test_paid_late_it_takes_nothing_from_the_child_to_whom_the_first_one_was_handed_over(dearer: Dearer) -> None:
    practice(transfer={"allowed": True})
    bo = a_child("Bo", of=dearer.guardian)

    first = paid_late(dearer, lambda paid: ask(paid, Kind.TRANSFER, (0, 0, 0), participant_id=bo.id))

    assert (first.participant_id, first.status) == (bo.id, Status.CONFIRMED)
    assert refunds() == [(5000, "places_gone")]


def test_paid_late_it_stands_for_the_first_one_as_long_as_that_is_what_it_was(dearer: Dearer) -> None:
    first = paid_late(dearer, lambda paid: None)

    assert (first.status, refunds()) == (Status.WITHDRAWN, [])


def test_another_choice_is_had_as_many_times_as_it_may_be() -> None:
    booth = an_offering(selection=Selection.QUANTITIES)
    many = an_option(price=1000, places=20, offering=booth, maximum_quantity=10)
    few = an_option(price=900, places=20, offering=booth, maximum_quantity=2)
    held = a_hold(many, quantity=8)
    pay(held.basket)

    with pytest.raises(QuantityRefused):
        deciding.make(kind=Kind.SWAP, registration_id=held.id, option_id=few.id, actor=SYSTEM, at=NOON)

    held.refresh_from_db()
    assert held.option_id == many.id
