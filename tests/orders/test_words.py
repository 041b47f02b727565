"""An order is written in the language in which it was placed, whoever reads it and wherever."""

from datetime import date

import pytest

from tenant_apps.orders.models import Order
from tenant_apps.portal import calendar_file
from tests.factories.catalog import an_offering, an_option
from tests.factories.orders import an_order
from tests.factories.organisation import an_organisation_profile

AUGUST = date(2035, 8, 24)


@pytest.fixture(autouse=True)
def profile(organisation_a):
    an_organisation_profile()


def an_order_in(language: str, *, name: dict[str, str] | None = None) -> Order:
    offering = an_offering("Camp d’été", starts_on=AUGUST, translations={"en": {"title": "Summer camp"}})
    translations = {"en": {"name": "Week 1"} if name is None else name}
    return an_order(an_option("Semaine 1", code="S1", offering=offering, translations=translations), language=language)


@pytest.mark.parametrize(
    ("language", "label"),
    [
        ("fr", "Camp d’été – S1 – Semaine 1"),
        ("en", "Summer camp – S1 – Week 1"),
        ("nl", "Camp d’été – S1 – Semaine 1"),
    ],
)
def test_the_lines_are_kept_in_the_language_of_the_order(language, label):
    assert an_order_in(language).lines.get().label == label


def test_a_choice_named_as_its_offering_in_that_language_is_said_once():
    assert an_order_in("en", name={"name": "Summer camp"}).lines.get().label == "Summer camp – S1"


def test_a_code_with_which_the_name_begins_is_said_once():
    assert an_order_in("en", name={"name": "S1, Monday"}).lines.get().label == "Summer camp – S1, Monday"


def test_the_calendar_says_the_title_in_the_language_of_the_order():
    order = an_order_in("en")

    [entry] = calendar_file.entries(order)

    assert entry.title == f"Summer camp ({order.lines.get().participant_name})"
