"""What is paid in coins: the sum due to the nearest coin that there is (R-50, R-51)."""


def in_coins(cents: int, step: int) -> int:
    """The total to the nearest `step`, the exact middle up. A sum of one coin or less is paid exactly.

    Of cash alone, and of the whole that is paid by it: cheques, cards and payments at a distance never round.
    """
    return cents if cents <= step else (cents + step // 2) // step * step
