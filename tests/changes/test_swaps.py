"""Another choice, or another child, without losing the place on the way; the money follows to the cent."""

from datetime import timedelta

import pytest

from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Selection
from tenant_apps.changes import errors
from tenant_apps.changes.models import Kind, Status
from tenant_apps.changes.operations import deciding
from tenant_apps.orders import ledger
from tenant_apps.organisation import queries as organisation
from tenant_apps.payments.models import Refund
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations import repricing
from tenant_apps.registrations.errors import NotAllowed, OptionFull
from tenant_apps.registrations.models import Places, Registration
from tenant_apps.registrations.models import Status as Registered
from tenant_apps.registrations.queries import basket_lines, open_basket_of
from tests.factories.catalog import an_offering, an_option
from tests.factories.changes import a_paid, ask, pay, practice
from tests.factories.families import a_child, a_guardian
from tests.factories.forms import a_form
from tests.factories.moments import NOON

pytestmark = pytest.mark.django_db

ALLOWED = {"allowed": True}


@pytest.fixture
def guardian(profile):
    practice(swap=ALLOWED, transfer=ALLOWED, withdrawal=ALLOWED)
    return a_guardian()


@pytest.fixture
def ada(guardian):
    return a_child("Ada", of=guardian)


@pytest.fixture
def bo(guardian):
    return a_child("Bo", of=guardian)


@pytest.fixture
def camp(profile):
    """One week at a time."""
    return an_offering("Camp", selection=Selection.ONE)


def a_week(camp, price=10000, places=3):
    return an_option(price=price, places=places, offering=camp)


def taken(*options):
    rows = {row.option_id: row.taken for row in Places.objects.all()}
    return [rows[option.id] for option in options]


def refunds():
    return list(Refund.objects.order_by("requested_at", "id").values_list("amount_cents", flat=True))


def balances():
    return {account.value: cents for account, cents in ledger.totals().items() if cents}


def state(registration):
    registration.refresh_from_db()
    return registration.status


class TestSamePriceOrLess:
    def test_the_registration_takes_the_other_week_at_once(self, guardian, ada, camp):
        july, august = a_week(camp), a_week(camp)
        paid = a_paid(july, child=ada, guardian=guardian)

        change = ask(paid, Kind.SWAP, (0, 0, 0), option_id=august.id)

        paid.refresh_from_db()
        assert (paid.option_id, paid.status, change.status) == (august.id, Registered.CONFIRMED, Status.ACCEPTED)
        assert (taken(july, august), refunds()) == ([0, 1], [])

    def test_what_costs_less_gives_the_difference_back(self, guardian, ada, camp):
        practice(swap={**ALLOWED, "fees": [{"cents": 500}]})
        july, august = a_week(camp), a_week(camp, price=7000)
        paid = a_paid(july, child=ada, guardian=guardian)

        ask(paid, Kind.SWAP, (500, 2500, 0), option_id=august.id)

        paid.refresh_from_db()
        assert (paid.amount_cents, refunds()) == (7000, [2500])
        assert balances() == {"revenue": -7500, "processor": 10000, "refunds": -2500}

    def test_and_given_up_afterwards_it_gives_back_what_is_left(self, guardian, ada, camp):
        july, august = a_week(camp), a_week(camp, price=7000)
        paid = a_paid(july, child=ada, guardian=guardian)
        ask(paid, Kind.SWAP, (0, 3000, 0), option_id=august.id)

        ask(paid, Kind.WITHDRAWAL, (0, 7000, 0))

        assert (refunds(), taken(july, august)) == ([3000, 7000], [0, 0])
        assert balances() == {"processor": 10000, "refunds": -10000}

    def test_a_full_week_leaves_everything_as_it_was(self, guardian, ada, camp):
        july, august = a_week(camp), a_week(camp, price=7000, places=0)
        paid = a_paid(july, child=ada, guardian=guardian)

        with pytest.raises(OptionFull):
            ask(paid, Kind.SWAP, (0, 3000, 0), option_id=august.id)

        paid.refresh_from_db()
        assert (paid.option_id, paid.amount_cents) == (july.id, 10000)
        assert (taken(july, august), refunds()) == ([1, 0], [])

    def test_another_offering_is_no_swap(self, guardian, ada, camp):
        paid = a_paid(a_week(camp), child=ada, guardian=guardian)

        with pytest.raises(errors.NotSwappable):
            ask(paid, Kind.SWAP, (0, 0, 0), option_id=an_option(price=10000).id)


class TestWhatCostsMore:
    @pytest.fixture
    def weeks(self, camp):
        return a_week(camp), a_week(camp, price=12000)

    @pytest.fixture
    def paid(self, guardian, ada, weeks):
        practice(swap={**ALLOWED, "fees": [{"cents": 300}]}, withdrawal=ALLOWED)
        return a_paid(weeks[0], child=ada, guardian=guardian)

    @pytest.fixture
    def line(self, paid, guardian, weeks):
        """What the basket holds then: the difference and the fee."""
        ask(paid, Kind.SWAP, (300, 0, 2300), option_id=weeks[1].id)
        [line] = basket_lines(open_basket_of(guardian.id).id)
        return line

    def test_the_difference_and_the_fee_wait_in_the_basket(self, line, paid, weeks):
        assert (line.amount_cents, line.replaces_id, state(paid)) == (2300, paid.id, Registered.CONFIRMED)
        assert taken(*weeks) == [1, 1]

    def test_a_new_price_of_the_basket_keeps_both(self, line):
        registrations.begin_check_out(basket_id=line.basket_id, at=NOON)
        registrations.return_to_basket(basket_id=line.basket_id, at=NOON)

        line.refresh_from_db()
        assert line.amount_cents == 2300

    def test_once_paid_the_old_week_is_given_up_in_the_same_transaction(self, line, paid, weeks):
        pay(line.basket)

        assert (state(paid), state(line)) == (Registered.WITHDRAWN, Registered.CONFIRMED)
        assert (taken(*weeks), refunds()) == ([0, 1], [])
        assert balances() == {"revenue": -12300, "processor": 12300}

    def test_and_given_up_it_gives_back_from_both_payments(self, line):
        pay(line.basket)
        line.refresh_from_db()

        ask(line, Kind.WITHDRAWAL, (0, 12000, 0))

        assert sorted(refunds()) == [2300, 9700]
        assert balances() == {"revenue": -300, "processor": 12300, "refunds": -12000}

    def test_let_go_unpaid_it_leaves_the_old_week(self, line, paid, weeks):
        registrations.release(basket_id=line.basket_id, registration_ids=[line.id], actor=SYSTEM, at=NOON)

        assert (state(paid), taken(*weeks)) == (Registered.CONFIRMED, [1, 0])

    def test_meanwhile_the_old_week_cannot_be_given_up(self, line, paid):
        with pytest.raises(errors.InBasket):
            ask(paid, Kind.WITHDRAWAL, (0, 10000, 0))

    def test_money_for_what_stands_for_nothing_any_more_goes_back(self, line, paid, weeks):
        basket = line.basket
        registrations.begin_check_out(basket_id=basket.id, at=NOON)
        deciding.cancel_registration(registration_id=paid.id, answer="Fermé.", actor=SYSTEM, at=NOON)

        pay(basket)

        assert (state(paid), state(line)) == (Registered.CANCELLED, Registered.RELEASED)
        assert (sorted(refunds()), taken(*weeks)) == ([2300, 10000], [0, 0])
        assert balances() == {"processor": 12300, "refunds": -12300}

    def test_a_price_that_falls_meanwhile_gives_the_rest_back(self, line, weeks):
        weeks[1].price_cents = 4000
        weeks[1].save()
        repricing.reprice_basket(basket_id=line.basket_id, at=NOON)

        pay(line.basket)

        assert refunds() == [5700]
        assert balances() == {"revenue": -4300, "processor": 10000, "refunds": -5700}


class TestToASibling:
    @pytest.fixture
    def paid(self, guardian, ada, camp):
        return a_paid(a_week(camp, places=1), child=ada, guardian=guardian)

    def test_the_place_and_what_was_paid_go_along(self, paid, bo):
        ask(paid, Kind.TRANSFER, (0, 0, 0), participant_id=bo.id)

        paid.refresh_from_db()
        assert (paid.participant_id, paid.status, paid.amount_cents) == (bo.id, Registered.CONFIRMED, 10000)
        assert (taken(paid.option), refunds()) == ([1], [])

    def test_what_the_sibling_may_not_take_is_refused_with_its_reason(self, paid, bo):
        paid.option.requirements = [{"kind": "age", "minimum": 99}]
        paid.option.save()

        with pytest.raises(NotAllowed):
            ask(paid, Kind.TRANSFER, (0, 0, 0), participant_id=bo.id)

    def test_a_child_of_others_is_nobody_s_sibling(self, paid):
        with pytest.raises(errors.MayNotChange):
            ask(paid, Kind.TRANSFER, (0, 0, 0), participant_id=a_child("Cleo").id)

    def test_the_form_of_the_offering_is_filled_in_first(self, paid, bo):
        paid.option.offering.registration_form = a_form({"key": "classe"}).form
        paid.option.offering.save()

        with pytest.raises(errors.FormsMissing):
            ask(paid, Kind.TRANSFER, (0, 0, 0), participant_id=bo.id)

    def test_a_fee_waits_in_the_basket_as_long_as_a_place_is_left(self, guardian, ada, bo, camp):
        practice(transfer={**ALLOWED, "fees": [{"cents": 700}]})
        week = a_week(camp, places=2)
        paid = a_paid(week, child=ada, guardian=guardian)

        ask(paid, Kind.TRANSFER, (700, 0, 700), participant_id=bo.id)
        [line] = basket_lines(open_basket_of(guardian.id).id)
        pay(line.basket)

        assert (line.amount_cents, line.participant_id) == (700, bo.id)
        assert (state(paid), taken(week)) == (Registered.WITHDRAWN, [1])
        assert balances() == {"revenue": -10700, "processor": 10700}


def test_staff_do_the_same_at_the_counter_whatever_the_policy_says(profile, camp):
    guardian = a_guardian()
    ada = a_child("Ada", of=guardian)
    july, august = a_week(camp), a_week(camp, price=12000)
    paid = a_paid(july, child=ada, guardian=guardian)

    deciding.make(kind=Kind.SWAP, registration_id=paid.id, option_id=august.id, actor=SYSTEM, at=NOON)

    [line] = basket_lines(open_basket_of(guardian.id).id)
    assert (line.amount_cents, line.held_until) == (2000, NOON + timedelta(days=5))
    assert organisation.profile().rules.get("changes") is None
    assert Registration.objects.count() == 2
