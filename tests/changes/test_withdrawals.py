"""Giving a registration up: the place, the fee, the money, each once."""

from datetime import date, timedelta

import pytest

from shared_apps.audit.actors import SYSTEM
from shared_apps.outbox.models import Event
from tenant_apps.changes import errors
from tenant_apps.changes.models import ChangeRequest, Kind, Status
from tenant_apps.changes.operations import asking, deciding
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account
from tenant_apps.organisation import queries as organisation
from tenant_apps.payments.models import Refund
from tenant_apps.payments.operations.check_out import check_out
from tenant_apps.registrations.errors import NotConfirmed
from tenant_apps.registrations.models import Places, Registration
from tenant_apps.registrations.models import Status as Registered
from tests.factories.catalog import an_offering, an_option
from tests.factories.changes import a_paid, ask, practice
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON
from tests.factories.registrations import a_basket, a_hold

pytestmark = pytest.mark.django_db

ALLOWED = {"allowed": True}
STUDIED = {"allowed": True, "decision": "staff"}


@pytest.fixture
def guardian(profile):
    return a_guardian()


@pytest.fixture
def child(guardian):
    return a_child("Ada", of=guardian)


@pytest.fixture
def paid(guardian, child):
    return a_paid(an_option(price=10000, places=5), child=child, guardian=guardian)


def state(registration):
    registration.refresh_from_db()
    return registration.status


def refunds():
    return list(Refund.objects.order_by("requested_at", "id").values_list("amount_cents", flat=True))


def balances():
    return {account.value: cents for account, cents in ledger.totals().items() if cents}


@pytest.mark.line("S4-42")
def test_a_withdrawal_frees_the_place_and_gives_back_all_but_the_fee(paid):
    practice(withdrawal={**ALLOWED, "fees": [{"percent": "15"}]})

    change = ask(paid, Kind.WITHDRAWAL, (1500, 8500, 0))

    assert (change.status, change.fee_cents, change.refund_cents) == (Status.ACCEPTED, 1500, 8500)
    assert state(paid) == Registered.WITHDRAWN
    assert Places.objects.get(option_id=paid.option_id).taken == 0
    assert refunds() == [8500]
    assert balances() == {"revenue": -1500, "processor": 10000, "refunds": -8500}
    assert list(Event.objects.filter(kind="changes.decided").values_list("payload", flat=True)) == [
        {"change": str(change.id)}
    ]


def test_the_fee_bears_the_taxes_of_what_it_is_kept_of(guardian, child):
    profile = organisation.profile()
    profile.rules["prices"] = {"taxes": [{"code": "tps", "label": "TPS", "rate": "5", "classes": ["goods"]}]}
    profile.save()
    practice(withdrawal={**ALLOWED, "fees": [{"percent": "20"}]})
    option = an_option(price=10000, offering=an_offering(pricing={"tax": "goods"}))
    paid = a_paid(option, child=child, guardian=guardian)

    ask(paid, Kind.WITHDRAWAL, (2100, 8400, 0))

    assert balances() == {"revenue": -2000, "taxes": -100, "processor": 10500, "refunds": -8400}


def test_where_nothing_is_refunded_the_place_is_free_all_the_same(paid):
    practice(withdrawal={**ALLOWED, "fees": [{"percent": "100"}]})

    ask(paid, Kind.WITHDRAWAL, (10000, 0, 0))

    assert (state(paid), refunds()) == (Registered.WITHDRAWN, [])
    assert balances() == {"revenue": -10000, "processor": 10000}


def test_what_cost_nothing_gives_nothing_back(guardian, child):
    practice(withdrawal={**ALLOWED, "fees": [{"cents": 500}]})
    free = a_paid(an_option(price=0), child=child, guardian=guardian)

    ask(free, Kind.WITHDRAWAL, (0, 0, 0))

    assert (state(free), refunds(), balances()) == (Registered.WITHDRAWN, [], {})


def test_another_amount_than_the_page_showed_is_shown_again(paid):
    practice(withdrawal={**ALLOWED, "fees": [{"percent": "15"}]})

    with pytest.raises(errors.QuoteChanged):
        ask(paid, Kind.WITHDRAWAL, (0, 10000, 0))

    assert (state(paid), ChangeRequest.objects.count()) == (Registered.CONFIRMED, 0)


def test_a_second_click_finds_nothing_to_give_up(paid):
    practice(withdrawal=ALLOWED)
    ask(paid, Kind.WITHDRAWAL, (0, 10000, 0))

    with pytest.raises(NotConfirmed):
        ask(paid, Kind.WITHDRAWAL, (0, 10000, 0))

    assert refunds() == [10000]


def test_what_the_organisation_leaves_to_staff_is_not_done_online(paid):
    with pytest.raises(errors.NotOffered):
        ask(paid, Kind.WITHDRAWAL, (0, 10000, 0))


def test_an_offering_says_otherwise_than_the_organisation(paid):
    practice(withdrawal=ALLOWED)
    paid.option.offering.changes = {"withdrawal": {"allowed": False}}
    paid.option.offering.save()

    with pytest.raises(errors.NotOffered):
        ask(paid, Kind.WITHDRAWAL, (0, 10000, 0))


def test_nobody_gives_up_what_is_another_family_s(paid):
    practice(withdrawal=ALLOWED)

    with pytest.raises(Registration.DoesNotExist):
        asking.ask(
            guardian_id=a_guardian().id,
            kind=Kind.WITHDRAWAL,
            registration_id=paid.id,
            expected=(0, 10000, 0),
            actor=SYSTEM,
            at=NOON,
        )


class TestAStudiedRequest:
    @pytest.fixture(autouse=True)
    def studied(self, profile):
        practice(withdrawal={**STUDIED, "fees": [{"cents": 2000}]})

    @pytest.fixture
    def asked(self, paid):
        return ask(paid, Kind.WITHDRAWAL, (2000, 8000, 0), words="Nous déménageons.")

    def test_nothing_moves_until_it_is_answered(self, asked, paid):
        assert (asked.status, state(paid), refunds()) == (Status.ASKED, Registered.CONFIRMED, [])

    def test_accepted_the_fee_is_that_of_the_day_it_was_asked(self, asked, paid):
        practice(withdrawal={**STUDIED, "fees": [{"percent": "100"}]})

        deciding.accept(change_id=asked.id, actor=SYSTEM, at=NOON + timedelta(days=9))

        assert (state(paid), refunds()) == (Registered.WITHDRAWN, [8000])

    def test_a_fee_that_was_shown_is_never_more_than_what_is_left(self, asked):
        ChangeRequest.objects.filter(pk=asked.pk).update(fee_cents=12000)

        accepted = deciding.accept(change_id=asked.id, actor=SYSTEM, at=NOON)

        assert (accepted.fee_cents, accepted.refund_cents) == (10000, 0)

    def test_staff_may_keep_less(self, asked):
        accepted = deciding.accept(change_id=asked.id, fee_cents=500, actor=SYSTEM, at=NOON)

        assert (accepted.fee_cents, accepted.refund_cents, refunds()) == (500, 9500, [9500])

    def test_and_never_more_than_was_paid(self, asked, paid):
        with pytest.raises(errors.TooMuch):
            deciding.accept(change_id=asked.id, fee_cents=10001, actor=SYSTEM, at=NOON)

        assert state(paid) == Registered.CONFIRMED

    def test_accepted_twice_it_is_done_once(self, asked):
        deciding.accept(change_id=asked.id, actor=SYSTEM, at=NOON)

        with pytest.raises(errors.AlreadyDecided):
            deciding.accept(change_id=asked.id, actor=SYSTEM, at=NOON)

        assert refunds() == [8000]

    def test_refused_it_says_why_and_nothing_moves(self, asked, paid):
        with pytest.raises(errors.ReasonMissing):
            deciding.refuse(change_id=asked.id, answer=" ", actor=SYSTEM, at=NOON)
        refused = deciding.refuse(change_id=asked.id, answer="C’est dans deux jours.", actor=SYSTEM, at=NOON)

        refused.refresh_from_db()
        assert (refused.status, state(paid), refunds()) == (Status.REFUSED, Registered.CONFIRMED, [])

    def test_the_family_takes_it_back_and_may_ask_again(self, asked, paid, guardian):
        with pytest.raises(errors.AlreadyAsked):
            ask(paid, Kind.WITHDRAWAL, (2000, 8000, 0))
        asking.cancel(change_id=asked.id, guardian_id=guardian.id, actor=SYSTEM, at=NOON)

        assert ask(paid, Kind.WITHDRAWAL, (2000, 8000, 0)).status == Status.ASKED


class TestTheOrganisationCancels:
    def test_all_of_it_goes_back_whatever_the_policy_says(self, paid):
        practice(withdrawal={**ALLOWED, "fees": [{"percent": "100"}]})

        for _ in range(2):
            deciding.cancel_registration(
                registration_id=paid.id, answer="La piscine est fermée.", actor=SYSTEM, at=NOON
            )

        assert (state(paid), refunds()) == (Registered.CANCELLED, [10000])
        assert balances() == {"processor": 10000, "refunds": -10000}

    def test_what_the_family_had_asked_is_answered_by_it(self, paid):
        practice(withdrawal=STUDIED)
        asked = ask(paid, Kind.WITHDRAWAL, (0, 10000, 0))

        deciding.cancel_registration(registration_id=paid.id, answer="Fermé.", actor=SYSTEM, at=NOON)

        asked.refresh_from_db()
        assert (asked.status, refunds()) == (Status.CANCELLED, [10000])


class TestAFamilyPrice:
    @pytest.fixture
    def siblings(self, profile, guardian, child):
        """Two camps at 100 $, the second child's at half price: 150 $ paid in two orders."""
        data = organisation.profile()
        data.rules["prices"] = {"families": [{"key": "fratrie", "label": "Fratrie", "discounts": ["0", "50"]}]}
        data.save()
        practice(withdrawal=ALLOWED)
        option = an_option(price=10000, offering=an_offering(pricing={"family": "fratrie"}))
        bo = a_child("Bo", of=guardian)
        return [a_paid(option, child=each, guardian=guardian) for each in (child, bo)]

    def test_giving_up_gives_back_what_it_added_to_the_whole(self, siblings):
        first, second = siblings
        ask(first, Kind.WITHDRAWAL, (0, 5000, 0))
        ask(second, Kind.WITHDRAWAL, (0, 10000, 0))

        assert sorted(refunds()) == [5000, 5000, 5000]
        assert balances() == {"processor": 15000, "refunds": -15000}

    def test_a_fee_that_was_kept_is_not_taken_off_what_is_taken_next(self, siblings, guardian):
        practice(withdrawal={**ALLOWED, "fees": [{"cents": 2000}]})
        ask(siblings[1], Kind.WITHDRAWAL, (2000, 3000, 0))
        cleo = a_child("Cleo", of=guardian)

        again = a_paid(siblings[0].option, child=cleo, guardian=guardian)

        assert again.amount_cents == 5000

    @pytest.mark.parametrize("how", ["family", "staff"])
    def test_a_sibling_being_paid_at_its_price_keeps_the_other_until_then(self, siblings, guardian, how):
        cleo = a_hold(siblings[0].option, basket=a_basket(guardian), child=a_child("Cleo", of=guardian))
        check_out(basket_id=cleo.basket_id, expected_cents=5000, actor=SYSTEM, language="fr", at=NOON)

        with pytest.raises(errors.FamilyPays):
            if how == "family":
                ask(siblings[0], Kind.WITHDRAWAL, (0, 5000, 0))
            else:
                deciding.make(kind=Kind.WITHDRAWAL, registration_id=siblings[0].id, actor=SYSTEM, at=NOON)

        assert (state(siblings[0]), refunds()) == (Registered.CONFIRMED, [])

    def test_what_the_organisation_cancels_waits_for_no_payment(self, siblings, guardian):
        cleo = a_hold(siblings[0].option, basket=a_basket(guardian), child=a_child("Cleo", of=guardian))
        check_out(basket_id=cleo.basket_id, expected_cents=5000, actor=SYSTEM, language="fr", at=NOON)

        deciding.cancel_registration(registration_id=siblings[0].id, answer="Fermé.", actor=SYSTEM, at=NOON)

        assert (state(siblings[0]), refunds()) == (Registered.CANCELLED, [5000])


def test_no_order_is_left_owing_or_owed(paid):
    practice(withdrawal={**ALLOWED, "fees": [{"cents": 1}]})
    ask(paid, Kind.WITHDRAWAL, (1, 9999, 0))

    line = paid.order_lines.get()
    assert ledger.balance_of_order(line.order_id) == 0
    assert ledger.totals()[Account.RECEIVABLE] == 0


def test_after_its_last_day_it_is_too_late(guardian, child):
    practice(withdrawal={**ALLOWED, "until_days": 7})
    option = an_option(price=1000, starts_on=date(2026, 12, 1))
    paid = a_paid(option, child=child, guardian=guardian, at=NOON)
    zone = organisation.profile().zone
    assert zone is not None

    with pytest.raises(errors.TooLate):
        ask(paid, Kind.WITHDRAWAL, (0, 1000, 0), at=NOON.replace(year=2026, month=11, day=25, hour=12))
