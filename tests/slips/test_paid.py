"""Cents by year and by line: conserved, never below zero, and an earlier year is not altered by a later payment."""

from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.slips import paid

_moves = st.lists(st.tuples(st.sampled_from([2025, 2026, 2027]), st.integers(-50_000, 50_000)), max_size=12)
_weights = st.lists(st.integers(0, 100_000), min_size=1, max_size=8)
_paid = st.dictionaries(st.sampled_from([2025, 2026, 2027]), st.integers(1, 300_000), max_size=3)


@given(_moves)
def test_what_stayed_is_what_came_less_what_went_back(moves: list[tuple[int, int]]) -> None:
    in_order = sorted(moves, key=lambda move: move[0])

    found = paid.by_year(in_order)

    assert sum(found.values()) == max(sum(cents for _year, cents in in_order), 0)
    assert all(cents > 0 for cents in found.values())


def test_a_refund_is_of_what_came_last() -> None:
    assert paid.by_year([(2025, 5000), (2026, 3000), (2026, -4000)]) == {2025: 4000}


@given(_paid, _weights)
def test_every_cent_paid_is_somebodys_up_to_what_is_owed(by_year: dict[int, int], weights: list[int]) -> None:
    found = paid.spread(by_year, weights)

    assert sum(sum(parts) for parts in found.values()) == min(sum(by_year.values()), sum(weights))
    for position, weight in enumerate(weights):
        got = [parts[position] for parts in found.values()]
        assert all(cents >= 0 for cents in got)
        assert sum(got) <= weight


@given(_paid, _weights, st.integers(1, 50_000))
def test_a_later_payment_changes_no_earlier_year(by_year: dict[int, int], weights: list[int], later: int) -> None:
    before = paid.spread(by_year, weights)

    after = paid.spread({**by_year, 2028: later}, weights)

    assert {year: after[year] for year in before} == before


@given(st.integers(0, 60), _paid)
def test_days_are_each_of_one_year(number: int, by_year: dict[int, int]) -> None:
    found = paid.counts(number, by_year, sum(by_year.values()))

    spans = [found[year] for year in sorted(found)]
    assert [begins for begins, _ends in spans[1:]] == [ends for _begins, ends in spans[:-1]]
    assert not spans or (spans[0][0], spans[-1][1]) == (0, number)


def test_half_paid_pays_half_the_days_and_the_rest_later() -> None:
    assert paid.counts(5, {2026: 5000}, 10_000) == {2026: (0, 3)}
    assert paid.counts(5, {2026: 5000, 2027: 5000}, 10_000) == {2026: (0, 3), 2027: (3, 5)}
