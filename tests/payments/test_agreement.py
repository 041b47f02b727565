"""What is agreed at a check-out: never a cent more or less than what is bought, and never what was not shown."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import ids
from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from tenant_apps.catalog.models import Offering
from tenant_apps.orders.models import Order
from tenant_apps.organisation import paying
from tenant_apps.payments import agreement
from tenant_apps.payments.agreement import Terms
from tenant_apps.payments.models import Instalment
from tenant_apps.payments.operations.check_out import check_out, leave_check_out
from tenant_apps.payments.terms import Bought
from tenant_apps.registrations.errors import BasketChanged
from tenant_apps.registrations.models import Registration
from tests.factories.catalog import an_offering, an_option
from tests.factories.moments import NOON
from tests.factories.organisation import an_organisation_profile
from tests.factories.registrations import a_hold

THIRDS = {
    "key": "trois",
    "label": {"fr": "En trois fois"},
    "shares": [{"percent": "33.4"}, {"percent": "33.3", "months": 1}, {"percent": "33.3", "months": 2}],
    "natures": ["camp"],
    "minimum_cents": 100,
}
RULES: dict[str, Any] = {"plans": [THIRDS], "later": "families"}
TODAY = date(2026, 1, 31)
PAYEE = ids.uuid7()


def bought(cents: int, nature: str = "camp", *, is_given: bool = False) -> Bought:
    return Bought(Offering(nature=nature), cents, is_given)


@given(
    lines=st.lists(st.tuples(st.integers(0, 50_000), st.sampled_from(["camp", "course"]), st.booleans()), max_size=4),
    plan=st.sampled_from(["", "trois", "later", "inconnu"]),
    credit=st.integers(0, 80_000),
)
def test_now_later_and_the_credit_make_the_total_whatever_is_chosen(
    lines: list[tuple[int, str, bool]], plan: str, credit: int
) -> None:
    taken = [bought(cents, nature, is_given=is_given) for cents, nature, is_given in lines]
    total = sum(each.cents for each in taken)

    part = agreement.part(PAYEE, taken, plan, paying.read(RULES), credit_cents=credit, on=TODAY, by_staff=False)

    assert part.first_cents + part.credit_cents + sum(due.cents for due in part.later) == total
    assert part.credit_cents <= min(credit, total)
    assert all(due.cents > 0 for due in part.later)
    # No card is kept by who pays nothing with it.
    assert part.first_cents > 0 or not part.keeps_card


def test_what_is_given_is_neither_spread_nor_counted_for_the_minimum() -> None:
    rules = paying.read({"plans": [{**THIRDS, "minimum_cents": 10_000}]})

    lines = [bought(9_000), bought(5_000, is_given=True)]

    assert agreement.choices({PAYEE: lines}, rules, by_staff=False) == [""]


def test_the_fingerprint_is_empty_where_all_is_paid_now_and_else_names_the_days() -> None:
    def shown(plan: str, on: date, credit: int = 0) -> str:
        part = agreement.part(
            PAYEE, [bought(9_000)], plan, paying.read(RULES), credit_cents=credit, on=on, by_staff=False
        )
        return agreement.fingerprint([part])

    assert shown("", TODAY) == ""
    assert (
        len({shown("trois", TODAY), shown("trois", date(2026, 2, 1)), shown("later", TODAY), shown("", TODAY, 5)}) == 4
    )


@pytest.fixture
def held(organisation_a: Any) -> Registration:
    an_organisation_profile(rules={"paying": RULES})
    return a_hold(an_option(offering=an_offering(nature="camp"), price=9001), at=NOON)


def agreed(line: Registration, terms: Terms, expected_terms: str | None = None) -> list[Order]:
    return check_out(
        basket_id=line.basket_id,
        expected_cents=9001,
        expected_terms=expected_terms,
        actor=SYSTEM,
        language="fr",
        at=NOON,
        terms=terms,
    )


def test_terms_that_were_not_shown_are_not_agreed_to(held: Registration) -> None:
    with pytest.raises(BasketChanged):
        agreed(held, Terms(plan="trois"), expected_terms="")

    assert (Order.objects.count(), Instalment.objects.count()) == (0, 0)
    assert not Entry.objects.filter(action="orders.agreed").exists()


def test_agreeing_twice_to_the_same_is_agreeing_once(held: Registration) -> None:
    [first] = agreed(held, Terms(plan="trois"))

    [again] = agreed(held, Terms(plan="trois"))

    assert again.id == first.id
    assert [each.amount_cents for each in Instalment.objects.all()] == [3007, 2998, 2996]


def test_other_terms_are_agreed_to_anew_and_the_old_parts_are_not_due(held: Registration) -> None:
    [first] = agreed(held, Terms(plan="trois"))

    [second] = agreed(held, Terms())

    assert second.id != first.id
    assert (second.plan, second.first_cents) == ("", 9001)
    assert set(Instalment.objects.values_list("order_id", "status")) == {(first.id, "cancelled")}


def test_going_back_to_the_basket_leaves_nothing_due(held: Registration) -> None:
    agreed(held, Terms(plan="later"))

    leave_check_out(basket_id=held.basket_id, actor=SYSTEM, at=NOON)

    assert set(Instalment.objects.values_list("status", flat=True)) == {"cancelled"}
