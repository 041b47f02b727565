"""Amounts: whole minor units (cents) and the rules that keep every cent."""

from decimal import Decimal

from babel.numbers import format_currency


def shown(cents: int, currency: str, locale: str) -> str:
    """« 5,50 $ » in fr_CA, « $5.50 » in en_CA, « 5,50 € » in fr_BE. `locale` is a Babel identifier."""
    return format_currency(Decimal(cents) / 100, currency, locale=locale)


def shares(cents: int, count: int) -> list[int]:
    """`cents` in `count` parts that sum to it; the odd cents are in the first ones (S2-20)."""
    part, odd = divmod(cents, count)
    return [part + 1 if position < odd else part for position in range(count)]
