"""A draw reads for everybody at once: as many queries for nine families as for three, and the same answers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from kernel.database import connection
from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Nature, Offering
from tenant_apps.catalog.rules.kind import KINDS, Case, Circle, kind_of
from tenant_apps.catalog.rules.own_words import OwnWords
from tenant_apps.families.models import Guardian, Participant, PriceCategory
from tenant_apps.organisation import operations as organisation
from tenant_apps.registrations.lottery import draw
from tenant_apps.registrations.models import Registration, Status
from tests.factories.catalog import an_offering, an_option
from tests.factories.entitlements import the_prices
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON, TORONTO
from tests.factories.openings import DRAW, a_wish, an_offering_of, an_opening
from tests.factories.registrations import a_basket, a_hold

RESIDENTS = {"kind": "residence", "category": "resident"}
AWAY = {"kind": "residence", "residence": "non_resident", "percent": "50"}


def asked_by(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def living(category: str, child: Participant) -> Participant:
    child.price_category = category
    child.save()
    return child


def asked_by_a_draw(families: int, *, terms: dict[str, Any], **columns: Any) -> int:
    opening = an_opening(terms=terms)
    option = an_option(places=20, price=1000, offering=an_offering_of(opening, **columns))
    for number in range(families):
        guardian = a_guardian()
        category = PriceCategory.RESIDENT if number % 2 else PriceCategory.NON_RESIDENT
        a_wish(opening, option, of=guardian, child=living(category, a_child(of=guardian)))
    return asked_by(lambda: draw.run(opening_id=opening.id, actor=SYSTEM, at=DRAW))


def test_who_comes_first_is_judged_for_everybody_at_once() -> None:
    terms = {"priorities": [{"name": "Résidents", "rules": [RESIDENTS]}]}

    plain, three, nine = (
        asked_by_a_draw(3, terms={}),
        asked_by_a_draw(3, terms=terms),
        asked_by_a_draw(9, terms=terms),
    )

    assert (three - plain, nine - plain) == (3, 3)


def test_what_is_won_is_priced_for_everybody_at_once() -> None:
    organisation.describe(rules=the_prices(families=[{"key": "fratrie", "label": "Fratrie", "discounts": ["0", "10"]}]))
    pricing = {"rules": [AWAY], "family": "fratrie"}

    plain, three, nine = (
        asked_by_a_draw(3, terms={}),
        asked_by_a_draw(3, terms={}, pricing=pricing),
        asked_by_a_draw(9, terms={}, pricing=pricing),
    )

    assert (three - plain, nine - plain) == (6, 6)
    prices = Registration.objects.filter(status=Status.HELD, option__offering__pricing=pricing)
    assert sorted(prices.values_list("amount_cents", flat=True)) == [1000] * 5 + [1500] * 7


@pytest.mark.parametrize("kind", sorted(key for key, _kind in KINDS))
def test_every_kind_of_rule_answers_for_all_what_it_answers_for_one(kind: str) -> None:
    """What was taken by a partner counts for the family, and by a stranger for nobody."""
    member = an_offering(slug="membre", nature=Nature.MEMBERSHIP)
    before = an_option(offering=member, code="A")
    asked = an_option(offering=an_offering(selection="several"))
    rules = [{"kind": kind, **told} for told in SAID[kind]]
    families = [a_family(before if number % 3 else asked) for number in range(9)]
    circles = [Circle(children, guardian.id, NOON, TORONTO) for guardian, children in families]

    one_by_one = [kind_of(rules[0]).gather(rules, circle) for circle in circles]
    together = kind_of(rules[0]).gather_each(rules, circles)

    def judged(known: list[Any]) -> list[object]:
        return [
            reason and reason.code
            for circle, each in zip(circles, known, strict=True)
            for child in circle.participants
            for rule in rules
            for reason in [kind_of(rule).judge(rule, case_of(asked.offering, asked, child), each)]
        ]

    assert judged(together) == judged(one_by_one)
    assert asked_by(lambda: kind_of(rules[0]).gather_each(rules, circles)) == asked_by(
        lambda: kind_of(rules[0]).gather_each(rules, circles[:3])
    )


SAID: dict[str, list[dict[str, Any]]] = {
    "age": [{"min": 5, "unit": "year", "on": "today"}],
    "approval": [{}],
    "earlier": [{"offering": ["membre"]}],
    "establishment": [{"establishments": ["x"]}],
    "form": [{"form": "sante"}],
    "level": [{"levels": ["m1"]}],
    "limit_child": [{"maximum": 1}],
    "limit_family": [{"maximum": 1}],
    "membership": [{"offering": "membre"}, {"offering": "membre", "who": "family"}],
    "no_clash": [{}],
    "residence": [{"category": "resident"}, {"category": "non_resident"}],
    "support_request": [{}],
}


def a_family(option: Any) -> tuple[Guardian, list[Participant]]:
    """Two who live together, of whom the second took the option for a child that only they answer for."""
    guardian = a_guardian()
    partner = Guardian.objects.create(first_name="Léa", last_name="Roy", household=guardian.household)
    children = [living(PriceCategory.RESIDENT, a_child("Ada", of=guardian)), a_child("Bo", of=guardian)]
    hold = a_hold(option, child=a_child("Cleo", of=partner), basket=a_basket(partner))
    Registration.objects.filter(pk=hold.pk).update(status=Status.CONFIRMED)
    return guardian, children


def case_of(offering: Offering, option: Any, child: Participant) -> Case:
    return Case(offering, option, child, NOON, TORONTO, OwnWords())
