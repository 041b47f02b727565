"""The price of one line: the option's price, the offering's rules in order, and the taxes."""

from datetime import date
from decimal import Decimal

import pytest

from tenant_apps.catalog.pricing import quote as quotes
from tenant_apps.catalog.pricing.circumstances import Circumstances
from tenant_apps.catalog.pricing.pricing import price
from tenant_apps.organisation.prices import Tax
from tests.catalog.prices import TODAY, TPS, TVA, TVQ, a_household, a_line, tables

AWAY = a_household(Ada=Circumstances(residence="non_resident"))


def steps(line, **asked):
    [quote] = price([line], **{"tables": tables(), "on": TODAY, **asked})
    return [(step.kind, step.cents) for step in quote.steps]


def test_the_price_is_that_of_the_option_as_many_times_as_asked():
    assert steps(a_line(550, quantity=3)) == [("base", 1650)]


@pytest.mark.parametrize(("percent", "added"), [("25", 2500), ("-10", -1000), ("-100", -10000), ("-150", -10000)])
def test_who_lives_elsewhere_pays_more_or_less(percent, added):
    line = a_line(10000, {"kind": "residence", "residence": "non_resident", "percent": percent})

    assert steps(line, household=AWAY) == [("base", 10000), ("residence", added)]
    assert steps(line) == [("base", 10000)]


def test_an_amount_is_for_each_one_and_a_price_never_goes_below_zero():
    dearer = {"kind": "residence", "residence": "non_resident", "cents": 2000}
    cheaper = {"kind": "residence", "residence": "non_resident", "cents": -2000}

    assert steps(a_line(500, dearer, quantity=2), household=AWAY) == [("base", 1000), ("residence", 4000)]
    assert steps(a_line(500, cheaper, quantity=2), household=AWAY) == [("base", 1000), ("residence", -1000)]


@pytest.mark.parametrize(
    ("cents", "percent", "paid"), [(145, "-10", 131), (144, "-10", 130), (5, "-50", 3), (1, "-50", 1)]
)
def test_half_a_cent_is_rounded_up(cents, percent, paid):
    line = a_line(cents, {"kind": "residence", "residence": "non_resident", "percent": percent})

    assert sum(added for _, added in steps(line, household=AWAY)) == paid


@pytest.mark.parametrize(
    ("taken_on", "expected"),
    [
        (date(2026, 9, 1), [("base", 10000), ("early", -1000)]),
        (date(2026, 9, 2), [("base", 10000)]),
        (date(2026, 9, 19), [("base", 10000)]),
        (date(2026, 9, 20), [("base", 10000), ("late", 1500)]),
    ],
)
def test_early_and_late_are_judged_on_the_day_of_the_hold(taken_on, expected):
    early = {"kind": "early", "until_on": "2026-09-01", "percent": "-10"}
    late = {"kind": "late", "from_on": "2026-09-20", "cents": 1500}

    assert steps(a_line(10000, early, late, taken_on=taken_on), on=date(2026, 12, 1)) == expected


@pytest.mark.parametrize(
    ("cents", "bounds", "paid"),
    [
        (10000, {}, 5000),
        (10000, {"minimum_cents": 6000}, 6000),
        (10000, {"maximum_cents": 3000}, 3000),
        (4000, {"minimum_cents": 6000}, 4000),
    ],
)
def test_an_income_band_pays_a_share_between_a_least_and_a_most(cents, bounds, paid):
    line = a_line(cents, {"kind": "income", "band": "low", "percent": "-50", **bounds})
    household = a_household(Ada=Circumstances(income_band="low"))

    assert sum(added for _, added in steps(line, household=household)) == paid
    assert steps(line) == [("base", cents)]


def test_a_subsidy_takes_off_no_more_than_its_most():
    line = a_line(10000, {"kind": "subsidy", "subsidy": "acces", "percent": "-100", "maximum_cents": 7500})
    household = a_household(Ada=Circumstances(subsidies=frozenset({"acces"})))

    assert steps(line, household=household) == [("base", 10000), ("subsidy", -7500)]
    assert steps(line) == [("base", 10000)]


def test_the_rules_follow_each_other_in_the_order_of_the_offering():
    away = {"kind": "residence", "residence": "non_resident", "percent": "50"}
    early = {"kind": "early", "until_on": "2026-12-01", "percent": "-10"}

    assert steps(a_line(10000, away, early), household=AWAY) == [("base", 10000), ("residence", 5000), ("early", -1500)]
    assert steps(a_line(10000, early, away), household=AWAY) == [("base", 10000), ("early", -1000), ("residence", 4500)]


@pytest.mark.parametrize("typed", ["ÉTÉ 2026", "ete2026", "  eTe 20 26 "])
def test_capitals_accents_and_spaces_say_nothing_in_a_code(typed):
    line = a_line(10000, {"kind": "promotion", "code": "Été2026", "percent": "-15"})

    assert steps(line, promotion=typed) == [("base", 10000), ("promotion", -1500)]
    assert steps(line, promotion="HIVER") == [("base", 10000)]
    assert steps(line) == [("base", 10000)]


@pytest.mark.parametrize(
    ("taken_on", "on", "is_valid"),
    [
        (date(2026, 9, 1), date(2026, 9, 1), True),
        (date(2026, 8, 31), date(2026, 8, 31), False),
        (date(2026, 8, 31), date(2026, 9, 1), True),
        (date(2026, 9, 30), date(2026, 10, 1), True),
        (date(2026, 10, 1), date(2026, 10, 1), False),
    ],
)
def test_a_code_holds_between_its_days_both_included(taken_on, on, is_valid):
    rule = {"kind": "promotion", "code": "x", "cents": -500, "from_on": "2026-09-01", "until_on": "2026-09-30"}
    discount = [("promotion", -500)] if is_valid else []

    assert steps(a_line(1000, rule, taken_on=taken_on), promotion="x", on=on) == [("base", 1000), *discount]


def test_a_voluntary_contribution_is_what_was_said_and_bears_nothing():
    rule = {"kind": "residence", "residence": "non_resident", "percent": "25"}
    line = a_line(5000, rule, unit_cents=1234, is_voluntary=True, pricing={"tax": "goods", "family": "fratrie"})

    assert steps(line, household=AWAY, tables=tables(TPS, TVQ, discounts=(50,))) == [("voluntary", 1234)]


def test_a_contribution_that_was_left_empty_is_nothing():
    assert steps(a_line(5000, is_voluntary=True)) == [("voluntary", 0)]


def test_taxes_are_added_each_rounded_half_up():
    [quote] = price([a_line(14500, pricing={"tax": "goods"})], tables=tables(TPS, TVQ), on=TODAY)

    assert [(step.kind, step.cents) for step in quote.steps] == [("base", 14500), ("tax", 725), ("tax", 1446)]
    assert quote.taxes_cents == {"tps": 725, "tvq": 1446}
    assert (quote.amount_cents, quote.price_cents) == (16671, 14500)


def test_taxes_come_after_discounts():
    early = {"kind": "early", "until_on": "2026-12-01", "percent": "-10"}

    assert steps(a_line(14500, early, pricing={"tax": "goods"}), tables=tables(TPS, TVQ)) == [
        ("base", 14500),
        ("early", -1450),
        ("tax", 653),
        ("tax", 1302),
    ]


def test_a_tax_that_is_included_adds_nothing_and_is_told():
    [quote] = price([a_line(12100, pricing={"tax": "goods"})], tables=tables(TVA), on=TODAY)

    assert (quote.amount_cents, quote.taxes_cents) == (12100, {"tva": 2100})
    assert quote.steps[-1].values["included_cents"] == 2100


@pytest.mark.parametrize("tax_class", ["", "exempt", "unheard-of"])
def test_what_is_of_no_taxed_class_bears_no_tax(tax_class):
    assert steps(a_line(100, pricing={"tax": tax_class}), tables=tables(TPS)) == [("base", 100)]


@pytest.mark.parametrize(
    ("born", "pricing", "support", "is_taxed"),
    [
        (date(2012, 7, 2), {}, False, False),  # 14 the day before the start, and all that day
        (date(2011, 7, 3), {}, False, False),
        (date(2011, 7, 2), {}, False, True),
        (date(2020, 1, 1), {"overnight": True}, False, True),
        (date(2020, 1, 1), {"overnight": True}, True, False),
        (date(1980, 1, 1), {}, True, False),
        (None, {}, False, True),
    ],
)
def test_a_programme_is_not_taxed_for_children_of_14_and_under_nor_with_support(born, pricing, support, is_taxed):
    line = a_line(100, starts_on=date(2026, 7, 2), pricing={"tax": "programme", **pricing})
    household = a_household(Ada=Circumstances(birth_date=born, has_support=support))

    assert (steps(line, household=household, tables=tables(TPS)) == [("base", 100), ("tax", 5)]) is is_taxed


@pytest.mark.parametrize(("starts_on", "added"), [(date(2026, 12, 31), 500), (date(2027, 1, 1), 600), (None, 500)])
def test_a_tax_is_that_of_the_day_of_the_activity_or_else_of_the_purchase(starts_on, added):
    old = Tax("tps", "TPS", Decimal(5), frozenset({"goods"}), until_on=date(2026, 12, 31))
    new = Tax("tps", "TPS", Decimal(6), frozenset({"goods"}), from_on=date(2027, 1, 1))
    line = a_line(10000, starts_on=starts_on, pricing={"tax": "goods"})

    assert steps(line, tables=tables(old, new)) == [("base", 10000), ("tax", added)]


def test_a_quote_is_read_as_it_was_written():
    line = a_line(10000, pricing={"tax": "goods", "family": "fratrie"})
    [quote] = price([line], tables=tables(TPS, discounts=(10,)), on=TODAY)

    assert quotes.read(quotes.write(quote)) == quote
