"""The price of a family's lines as a whole: whatever happens in whatever order, the same lines cost the same (O-07)."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tenant_apps.catalog.pricing.family import Booked
from tenant_apps.catalog.pricing.lines import Line
from tenant_apps.catalog.pricing.pricing import price, reversal
from tenant_apps.catalog.pricing.quote import Quote
from tenant_apps.organisation.prices import Prices
from tests.catalog.prices import CITY, TODAY, TPS, TVA, TVQ, a_line, an_offering, tables

FAMILY = {"family": "fratrie"}
BROTHERS = tables(discounts=(0, 10, 20))
CHILDREN = ("Ada", "Bo", "Cleo", "Dan")
PAYEES = (CITY, UUID(int=8))


def camp(price_cents: int, child: str, **more: Any) -> Line:
    return a_line(price_cents, child=child, pricing={**FAMILY, **more.pop("pricing", {})}, **more)


def booked(lines: list[Line], quotes: list[Quote]) -> list[Booked]:
    return [Booked(line.participant_id, line.option.id, quote) for line, quote in zip(lines, quotes, strict=True)]


def amounts(lines: list[Line], prices: Prices = BROTHERS, already: list[Booked] | None = None) -> list[int]:
    return [each.amount_cents for each in price(lines, booked=already or [], tables=prices, on=TODAY)]


def in_turn(lines: list[Line], prices: Prices) -> int:
    """What a family pays that takes and pays them one after the other."""
    owed: list[Booked] = []
    for line in lines:
        owed += booked([line], price([line], booked=owed, tables=prices, on=TODAY))
    return sum(each.quote.amount_cents for each in owed)


def added(quote: Quote, prices: Prices) -> int:
    """The taxes that are not in the price already."""
    return sum(quote.taxes_cents.get(tax.code, 0) for tax in prices.taxes if not tax.is_included)


def test_the_most_expensive_child_is_the_first_one():
    assert amounts([camp(10000, "Ada"), camp(20000, "Bo"), camp(5000, "Cleo")]) == [9000, 20000, 4000]


def test_what_one_child_takes_counts_together():
    lines = [camp(6000, "Ada"), camp(10000, "Bo"), camp(6000, "Ada", option="Semaine 2")]

    assert amounts(lines) == [6000, 9000, 6000]


def test_the_last_discount_is_that_of_all_the_children_beyond():
    assert sorted(amounts([camp(1000, child) for child in CHILDREN])) == [800, 800, 900, 1000]


def test_a_dearer_child_that_comes_later_pays_what_it_adds_to_the_whole():
    first = [camp(10000, "Ada")]
    owed = booked(first, price(first, tables=BROTHERS, on=TODAY))
    [quote] = price([camp(20000, "Bo")], booked=owed, tables=BROTHERS, on=TODAY)

    assert [(step.kind, step.cents) for step in quote.steps] == [("base", 20000), ("family_others", -1000)]


def test_the_cap_is_shared_between_the_lines_to_the_cent():
    lines = [camp(5000, "Ada"), camp(5000, "Bo"), camp(5000, "Cleo")]

    assert sorted(amounts(lines, tables(cap=10000))) == [3333, 3333, 3334]


def test_lines_of_another_season_or_of_no_scheme_do_not_count():
    summer = an_offering(**FAMILY, season=UUID(int=1))
    winter = an_offering(**FAMILY, season=UUID(int=2))
    lines = [a_line(1000, offering=summer), a_line(1000, offering=winter, child="Bo"), a_line(1000, child="Cleo")]

    assert amounts(lines) == [1000, 1000, 1000]


def test_a_scheme_that_has_changed_since_changes_nothing_that_was_charged():
    first = [camp(10000, "Ada"), camp(10000, "Bo")]
    owed = booked(first, price(first, tables=BROTHERS, on=TODAY))

    assert amounts([camp(10000, "Cleo")], tables(discounts=(0, 50)), owed) == [5000]
    assert amounts([camp(10000, "Cleo")], tables(), owed) == [10000]


def test_what_was_charged_amiss_is_made_up_for_by_the_next_line():
    """Two adults of a household paid at the same time, each for what seemed the first child."""
    ada, bo = [camp(10000, "Ada")], [camp(10000, "Bo")]
    owed = [*booked(ada, price(ada, tables=BROTHERS, on=TODAY)), *booked(bo, price(bo, tables=BROTHERS, on=TODAY))]

    assert amounts([camp(10000, "Cleo")], BROTHERS, owed) == [7000]


def test_cancelling_a_line_gives_back_what_it_added_to_the_whole():
    lines = [camp(10000, "Ada"), camp(10000, "Bo")]
    dear, cheap = sorted(booked(lines, price(lines, tables=BROTHERS, on=TODAY)), key=lambda each: -each.price_cents)
    scheme = BROTHERS.family("fratrie")

    for line, other in ((dear, cheap), (cheap, dear)):
        back = reversal(line, others=[other], scheme=scheme)
        assert [(step.kind, step.cents) for step in back.steps] == [("reversal", -9000)]


def test_cancelling_a_line_of_no_scheme_gives_back_all_of_it():
    [quote] = price([a_line(1000, pricing={"tax": "goods"})], tables=tables(TPS), on=TODAY)
    back = reversal(Booked(CITY, CITY, quote), others=[], scheme=None)

    assert (back.amount_cents, back.taxes_cents) == (-1050, {"tps": -50})


def test_the_tax_of_a_scheme_is_that_of_the_whole():
    """Three lines of 0,10 $: each rounded by itself would bear no 5 % at all, or one cent too much."""
    lines = [camp(10, child, pricing={"tax": "goods"}) for child in ("Ada", "Bo", "Cleo")]

    assert sum(amounts(lines, tables(TPS))) == 32
    assert in_turn(lines, tables(TPS)) == 32


cents = st.integers(0, 60000)
weeks = st.sampled_from(["Semaine 1", "Semaine 2", "Semaine 3"])
discounts = st.lists(st.integers(0, 100), min_size=1, max_size=4).map(lambda found: tuple(sorted(found)))
caps = st.none() | st.integers(0, 90000)
taxed = st.sampled_from([(), (TPS,), (TPS, TVQ), (TVA,)])
schemes = st.builds(lambda taxes, found, cap: tables(*taxes, discounts=found, cap=cap), taxed, discounts, caps)
goods = st.builds(
    lambda price_cents, child, option: camp(price_cents, child, option=option, pricing={"tax": "goods"}),
    cents,
    st.sampled_from(CHILDREN),
    weeks,
)
mixed = st.builds(
    lambda line, tax_class: camp(
        line.option.price_cents, "Ada" if tax_class == "goods" else "Bo", pricing={"tax": tax_class}
    ),
    goods,
    st.sampled_from(["goods", "exempt"]),
)


@given(st.lists(goods, max_size=6), schemes, st.randoms(use_true_random=False))
def test_the_order_of_the_lines_never_matters(lines, prices, shuffler):
    together = sum(amounts(lines, prices))
    shuffled = shuffler.sample(lines, len(lines))

    assert sum(amounts(shuffled, prices)) == together
    assert in_turn(shuffled, prices) == together


@given(st.lists(goods, max_size=5), goods, schemes)
def test_one_more_line_never_lowers_the_whole(lines, more, prices):
    assert sum(amounts([*lines, more], prices)) >= sum(amounts(lines, prices))


@given(st.lists(mixed, min_size=1, max_size=6), schemes)
def test_no_line_is_ever_below_zero_even_where_only_some_are_taxed(lines, prices):
    owed: list[Booked] = []
    for line in lines:
        [quote] = price([line], booked=owed, tables=prices, on=TODAY)
        owed += booked([line], [quote])
        assert quote.amount_cents >= 0
        assert quote.amount_cents == quote.price_cents + added(quote, prices)
    assert sum(each.quote.amount_cents for each in owed) >= sum(amounts(lines, prices))


@given(st.lists(goods, max_size=6), schemes)
def test_taxes_are_those_of_the_whole_to_the_cent(lines, prices):
    quotes = price(lines, tables=prices, on=TODAY)
    whole = sum(quote.price_cents for quote in quotes)
    found = {tax.code: sum(quote.taxes_cents.get(tax.code, 0) for quote in quotes) for tax in prices.taxes}

    included = Decimal(100) + sum(tax.rate for tax in prices.taxes if tax.is_included)
    for tax in prices.taxes:
        exact = whole * 100 / included * tax.rate / 100
        assert abs(found[tax.code] - exact) <= Decimal("0.5")
    assert all(quote.amount_cents == quote.price_cents + added(quote, prices) for quote in quotes)


class Life(RuleBasedStateMachine):
    """A household that adds lines, drops them, pays its payees one by one, lets the rest lapse, and cancels."""

    @initialize(prices=schemes)
    def begin(self, prices):
        self.prices = prices
        self.owed: list[Booked] = []
        self.lines: dict[int, Line] = {}  # of what is owed and not cancelled, by position in `owed`
        self.basket: list[Line] = []

    @rule(price_cents=cents, child=st.sampled_from(CHILDREN), option=weeks, payee=st.sampled_from(PAYEES))
    def add(self, price_cents, child, option, payee):
        offering = an_offering(**FAMILY, tax="goods", payee=payee)
        self.basket.append(a_line(price_cents, child=child, option=option, offering=offering))

    @precondition(lambda self: self.basket)
    @rule(data=st.data())
    def drop(self, data):
        self.basket.pop(data.draw(st.integers(0, len(self.basket) - 1)))

    @precondition(lambda self: self.basket)
    @rule(is_all=st.booleans())
    def pay(self, is_all):
        """The first payee, then the others; or nobody else, and the rest lapses."""
        quotes = self.quotes()
        first = min(str(line.option.offering.payee_id) for line in self.basket)
        for line, quote in zip(self.basket, quotes, strict=True):
            if is_all or str(line.option.offering.payee_id) == first:
                self.lines[len(self.owed)] = line
                self.owed += booked([line], [quote])
        self.basket = []

    @precondition(lambda self: self.lines)
    @rule(data=st.data())
    def cancel(self, data):
        place = data.draw(st.sampled_from(sorted(self.lines)))
        line = self.owed[place]
        others = [each for position, each in enumerate(self.owed) if position != place]
        back = reversal(line, others=others, scheme=self.prices.family("fratrie"))
        assert back.amount_cents <= 0
        self.owed[place] = Booked(line.participant_id, line.option_id, line.quote, back)
        del self.lines[place]

    @invariant()
    def costs_what_the_same_lines_cost_at_once(self):
        paid = sum(each.quote.amount_cents + (each.reversal.amount_cents if each.reversal else 0) for each in self.owed)
        held = self.quotes()
        at_once = price([*self.lines.values(), *self.basket], tables=self.prices, on=TODAY)
        assert paid + sum(quote.amount_cents for quote in held) == sum(quote.amount_cents for quote in at_once)
        assert all(quote.amount_cents >= 0 for quote in held)

    def quotes(self) -> list[Quote]:
        return price(self.basket, booked=self.owed, tables=self.prices, on=TODAY)


Life.TestCase.settings = settings(max_examples=60, stateful_step_count=15, deadline=None)
TestLife = Life.TestCase
