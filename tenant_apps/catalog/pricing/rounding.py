"""Cents: rounded half up, and shared so that the shares sum to what is shared."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

HUNDRED = Decimal(100)


def half_up(cents: Decimal) -> int:
    return int(cents.quantize(Decimal(1), ROUND_HALF_UP))


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """`total`, not negative, in proportion to the weights: the cents left over go to the largest remainders, the first
    ones where they are equal; all of it to the first where nobody weighs anything.
    """
    whole = sum(weights)
    if not whole:
        return [total if not position else 0 for position, _ in enumerate(weights)]
    exact = [Fraction(total * weight, whole) for weight in weights]
    found = [int(each) for each in exact]
    by_remainder = sorted(range(len(weights)), key=lambda position: (found[position] - exact[position], position))
    for position in by_remainder[: total - sum(found)]:
        found[position] += 1
    return found
