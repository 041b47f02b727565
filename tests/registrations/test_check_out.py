"""From hold to confirmation, and what late money can still have."""

from datetime import timedelta

import pytest

from shared_apps.audit.actors import SYSTEM
from tenant_apps.registrations import baskets, errors, freeing, operations, queries
from tenant_apps.registrations.models import Status
from tests.factories.catalog import an_offering, an_option
from tests.factories.moments import NOON
from tests.factories.registrations import a_claim, a_hold


class Once:
    """The rival acts the first time; afterwards all is as it was."""

    def __init__(self, first, afterwards):
        self.calls = iter([first])
        self.afterwards = afterwards

    def __call__(self, *arguments):
        return next(self.calls, self.afterwards)(*arguments)


def test_starting_to_pay_leaves_an_hour_once():
    registration = a_hold(an_option(offering=an_offering(hold_minutes=10)))
    soon = NOON + timedelta(minutes=5)

    operations.begin_check_out(basket_id=registration.basket_id, at=soon)
    operations.return_to_basket(basket_id=registration.basket_id, at=soon)
    operations.begin_check_out(basket_id=registration.basket_id, at=soon + timedelta(minutes=30))

    registration.refresh_from_db()
    assert registration.status == Status.AWAITING_PAYMENT
    assert registration.held_until == soon + timedelta(minutes=60)


def test_a_long_hold_is_not_shortened_by_starting_to_pay():
    registration = a_hold(an_option(offering=an_offering(hold_minutes=4320)))

    operations.begin_check_out(basket_id=registration.basket_id, at=NOON)

    registration.refresh_from_db()
    assert registration.held_until == NOON + timedelta(days=3)


@pytest.mark.parametrize("how", ["released", "replaced"])
def test_what_is_being_paid_is_not_let_go(how):
    held = a_hold(an_option(places=1))
    operations.begin_check_out(basket_id=held.basket_id, at=NOON)

    with pytest.raises(errors.BeingPaid):
        if how == "released":
            operations.release(basket_id=held.basket_id, registration_ids=[held.id], actor=SYSTEM, at=NOON)
        else:
            operations.hold(
                basket_id=held.basket_id,
                claims=[a_claim(held.participant, held.option)],
                actor=SYSTEM,
                at=NOON,
                replacing=[held.id],
            )

    held.refresh_from_db()
    assert held.status == Status.AWAITING_PAYMENT


def test_what_is_being_paid_is_not_swept():
    option = an_option(places=1)
    registration = a_hold(option)
    operations.begin_check_out(basket_id=registration.basket_id, at=NOON)

    released = operations.sweep(at=NOON + timedelta(days=1))

    assert released == 0
    assert queries.places_left([option.id], at=NOON + timedelta(days=1)) == {option.id: 0}


def test_a_lapsed_place_given_away_while_its_family_starts_to_pay_is_not_taken_back(monkeypatch):
    option, other = an_option(places=1), an_option()
    late = a_hold(option)
    a_hold(other, basket=late.basket, child=late.participant)
    lock = baskets.locked

    def given_away_meanwhile(basket_id):
        basket = lock(basket_id)
        a_hold(option, at=late.held_until)
        return basket

    monkeypatch.setattr(baskets, "locked", Once(given_away_meanwhile, lock))

    kept = operations.begin_check_out(basket_id=late.basket_id, at=late.held_until)

    assert [registration.option for registration in kept] == [other]
    late.refresh_from_db()
    assert late.status == Status.RELEASED


def test_an_empty_basket_cannot_be_paid():
    registration = a_hold(an_option())
    operations.sweep(at=registration.held_until)

    with pytest.raises(errors.BasketEmpty):
        operations.begin_check_out(basket_id=registration.basket_id, at=registration.held_until)


def test_confirming_twice_is_confirming_once():
    option = an_option(places=2)
    registration = a_hold(option)

    for _ in range(2):
        confirmed = operations.confirm(registration_id=registration.id, at=NOON)

    assert confirmed.status == Status.CONFIRMED
    assert queries.places_left([option.id], at=NOON) == {option.id: 1}


def test_late_money_wins_the_place_back_if_it_is_free():
    option = an_option(places=1)
    registration = a_hold(option)
    operations.sweep(at=registration.held_until)

    confirmed = operations.confirm(registration_id=registration.id, at=registration.held_until)

    assert confirmed.status == Status.CONFIRMED
    assert queries.places_left([option.id], at=registration.held_until) == {option.id: 0}


def test_late_money_does_not_take_a_place_that_has_gone():
    option = an_option(places=1)
    late = a_hold(option)
    a_hold(option, at=late.held_until)

    with pytest.raises(errors.OptionFull):
        operations.confirm(registration_id=late.id, at=late.held_until)

    late.refresh_from_db()
    assert late.status == Status.RELEASED
    assert queries.places_left([option.id], at=NOON) == {option.id: 0}


def test_places_given_back_never_make_more_than_there_were():
    option = an_option(places=1)
    registration = a_hold(option)
    stale = [type(registration).objects.get(pk=registration.pk) for _ in range(2)]

    assert freeing.free(stale[:1], at=NOON) == 1
    assert freeing.free(stale[1:], at=NOON) == 0
    assert queries.places_left([option.id], at=NOON) == {option.id: 1}
