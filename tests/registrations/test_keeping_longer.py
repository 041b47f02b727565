"""What a family holds: kept longer as often as the rule says, reminded of once, chosen among what is left."""

from datetime import timedelta

import pytest

from shared_apps.audit.actors import SYSTEM
from shared_apps.outbox.models import Event
from tenant_apps.organisation import queries as organisation
from tenant_apps.registrations import choosing, errors, holding, operations, queries, renewing
from tenant_apps.registrations.models import Registration, Status
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child
from tests.factories.moments import NOON
from tests.factories.registrations import a_basket, a_claim, a_hold
from tests.registrations.test_waiting import a_full, asks, let_go

LATER = NOON + timedelta(hours=1)


def three_days(renewals=1, **columns):
    return an_offering(hold_minutes=3 * 24 * 60, holding={"renewals": renewals, "remind_hours": 24}, **columns)


def renew(held, at=LATER):
    return renewing.renew(basket_id=held.basket_id, actor=SYSTEM, at=at)


@pytest.mark.line("S4-34")
def test_a_hold_begins_again_as_often_as_the_rule_allows():
    held = a_hold(an_option(offering=three_days(renewals=2)))

    for day in (2, 4):
        at = NOON + timedelta(days=day)
        assert renew(held, at) == at + timedelta(days=3)
    with pytest.raises(errors.CannotRenew):
        renew(held, NOON + timedelta(days=6))

    held.refresh_from_db()
    assert (held.renewals, held.held_until) == (2, NOON + timedelta(days=7))


def test_no_renewal_is_spent_while_more_than_half_of_the_time_is_left():
    held = a_hold(an_option(offering=three_days()))
    half = NOON + timedelta(days=1, hours=12)

    assert renewing.renewable([held], at=half) == []
    with pytest.raises(errors.CannotRenew):
        renew(held, half)

    held.refresh_from_db()
    assert (held.renewals, held.held_until) == (0, NOON + timedelta(days=3))
    assert renewing.renewable([held], at=half + timedelta(seconds=1)) == [held]


def test_what_an_offering_does_not_say_is_as_its_organisation_has_it():
    profile = organisation.profile()
    profile.rules["holding"] = {"renewals": 0, "remind_hours": 5}
    profile.save()

    assert holding.terms_of(an_offering()) == holding.Terms(renewals=0, remind_hours=5)
    assert holding.terms_of(three_days()) == holding.Terms(renewals=1, remind_hours=24)
    with pytest.raises(errors.CannotRenew):
        renew(a_hold(an_option()))


def test_what_may_be_kept_longer_is_though_another_line_may_not():
    first = a_hold(an_option(offering=three_days()))
    soon = NOON + timedelta(days=2)
    renew(first, soon)
    second = a_hold(an_option(offering=three_days()), basket=first.basket, child=first.participant)

    renew(first, soon + timedelta(hours=1))

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.renewals, second.renewals) == (1, 1)
    assert first.held_until == soon + timedelta(days=3)


def test_a_hold_that_ran_out_is_not_kept_longer():
    held = a_hold(an_option(offering=three_days()))

    with pytest.raises(errors.CannotRenew):
        renew(held, held.held_until)


def test_what_others_wait_for_is_not_kept_longer_than_it_was_offered_for():
    option, [held] = a_full()
    request = asks(option)
    let_go(held)

    with pytest.raises(errors.CannotRenew):
        renew(request.registrations.get())


@pytest.mark.line("S4-34")
def test_each_family_is_reminded_once_of_all_that_ends():
    offering = three_days()
    first = a_hold(an_option(offering=offering))
    a_hold(an_option(offering=offering), basket=first.basket, child=first.participant)
    soon = first.held_until - timedelta(hours=24)

    assert holding.remind(at=soon - timedelta(seconds=1)) == 0
    assert holding.remind(at=soon) == 1
    assert holding.remind(at=soon) == 0

    [told] = Event.objects.filter(kind="registrations.ending")
    assert told.payload == {"basket": str(first.basket_id), "until": first.held_until.isoformat()}


def test_who_keeps_it_longer_is_reminded_again():
    held = a_hold(an_option(offering=three_days()))
    holding.remind(at=held.held_until - timedelta(hours=1))
    until = renew(held, held.held_until - timedelta(minutes=1))

    assert holding.remind(at=until - timedelta(hours=24)) == 1


def test_a_hold_of_an_hour_and_what_is_being_paid_are_not_reminded_of():
    a_hold(an_option(offering=an_offering(hold_minutes=60)))
    paid = a_hold(an_option(offering=three_days()))
    operations.begin_check_out(basket_id=paid.basket_id, at=NOON)

    assert holding.remind(at=LATER - timedelta(minutes=1)) == 0
    assert holding.remind(at=NOON + timedelta(days=2, hours=12)) == 0


def test_at_night_only_what_ends_before_the_morning_is_reminded_of():
    held = a_hold(an_option(offering=three_days()))
    night = held.held_until - timedelta(hours=10)

    assert holding.remind(at=night, ending_before=held.held_until - timedelta(seconds=1)) == 0
    assert holding.remind(at=night, ending_before=held.held_until) == 1


def test_what_can_be_had_is_held_and_the_rest_is_named():
    free, full = an_option(places=2), an_option(places=0)
    basket = a_basket()
    ada, bo = (a_child(name, of=basket.guardian) for name in ("Ada", "Bo"))
    claims = [a_claim(ada, full), a_claim(ada, free), a_claim(bo, free)]

    had = choosing.hold_available(basket_id=basket.id, claims=claims, actor=SYSTEM, at=NOON)

    assert {(line.participant, line.option) for line in had.held} == {(ada, free), (bo, free)}
    assert had.full == [claims[0]]


def test_of_two_children_one_has_the_last_place():
    last = an_option(places=1)
    basket = a_basket()
    claims = [a_claim(a_child(name, of=basket.guardian), last) for name in ("Ada", "Bo")]

    had = choosing.hold_available(basket_id=basket.id, claims=claims, actor=SYSTEM, at=NOON)

    assert [len(had.held), had.full] == [1, claims[1:]]


def test_what_is_replaced_keeps_its_place_or_is_given_up():
    kept, dropped, full = an_option(places=1), an_option(places=1), an_option(places=0)
    basket = a_basket()
    child = a_child(of=basket.guardian)
    before = [a_hold(option, basket=basket, child=child) for option in (kept, dropped)]

    had = choosing.hold_available(
        basket_id=basket.id,
        claims=[a_claim(child, kept), a_claim(child, full)],
        actor=SYSTEM,
        at=NOON,
        replacing=[line.id for line in before],
    )

    assert [line.option for line in had.held] == [kept]
    assert queries.places_left([kept.id, dropped.id], at=NOON) == {kept.id: 0, dropped.id: 1}
    assert Registration.objects.filter(status=Status.HELD).count() == 1


def test_what_is_refused_for_another_reason_is_refused_altogether():
    free, full = an_option(), an_option(places=0)
    late = an_option(offering=an_offering(deadline_on=(NOON - timedelta(days=1)).date()))
    basket = a_basket()
    child = a_child(of=basket.guardian)

    with pytest.raises(errors.NotAllowed):
        choosing.hold_available(
            basket_id=basket.id,
            claims=[a_claim(child, option) for option in (free, full, late)],
            actor=SYSTEM,
            at=NOON,
        )

    assert not Registration.objects.exists()
