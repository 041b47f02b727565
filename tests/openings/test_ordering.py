"""The order of a draw, which anybody can make again."""

import hashlib
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.openings.ordering import commitment, every, in_line, order

ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))


def test_the_order_is_that_of_the_hashes_of_seed_and_identifier() -> None:
    by_hand = sorted([ONE, TWO, THREE], key=lambda each: hashlib.sha256(f"graine:{each}".encode()).digest())

    assert order("graine", [THREE, ONE, TWO]) == by_hand
    assert order("graine", [ONE, TWO, THREE]) == by_hand


def test_another_seed_gives_another_order() -> None:
    ids = [UUID(int=number) for number in range(100)]

    assert order("une", ids) != order("autre", ids)


def test_the_commitment_is_the_hash_of_the_seed() -> None:
    assert commitment("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize(("share", "expected"), [(0, None), (1, 100), (10, 10), (30, 3), (50, 2), (100, 2)])
def test_one_position_in_so_many_is_kept_for_the_counter(share: int, expected: int | None) -> None:
    assert every(share) == expected


_FAMILIES = st.lists(st.uuids(), unique=True, max_size=60)


@given(families=_FAMILIES, at_the_counter=st.integers(0, 60), share=st.integers(1, 100))
def test_each_list_keeps_its_order_and_the_counter_its_share(
    families: list[UUID], at_the_counter: int, share: int
) -> None:
    desk, web = families[:at_the_counter], families[at_the_counter:]

    given = in_line(web, desk, counter_share=share)

    assert sorted(web, key=given.__getitem__) == web
    assert sorted(desk, key=given.__getitem__) == desk
    assert len(set(given.values())) == len(families)
    kept = every(share)
    assert kept
    last_online = max((given[each] for each in web), default=0)
    among = [position for position in range(1, last_online + 1) if position % kept == 0]
    taken = [given[each] for each in desk if given[each] <= last_online]
    assert taken == among[: len(desk)]
    assert all(given[each] % kept for each in web)


def test_who_is_left_at_the_counter_follows_without_a_gap() -> None:
    ids = [UUID(int=number) for number in range(6)]

    assert list(in_line(ids[:2], ids[2:], counter_share=50).values()) == [1, 2, 3, 4, 5, 6]
