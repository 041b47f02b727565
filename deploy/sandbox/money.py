"""Amounts: integers of the smallest unit, in the currencies the sandbox deals in."""

from deploy.sandbox.errors import invalid

# The smallest charge of each currency, in its smallest unit.
MINIMUM = {"cad": 50, "eur": 50, "usd": 50, "chf": 50, "gbp": 30}
_MAXIMUM = 99_999_999


def check_currency(currency: str, *, param: str = "currency") -> None:
    """Refuse a currency we do not have; the names are lower case."""
    if currency not in MINIMUM:
        supported = ", ".join(MINIMUM)
        message = f"Invalid currency: {currency}. The sandbox supports these currencies: {supported}"
        raise invalid(message, param=param)


def check_charge(amount: int, currency: str, *, param: str = "amount") -> None:
    """Refuse an amount that cannot be charged."""
    check_currency(currency)
    if amount < 1:
        raise invalid(
            "This value must be greater than or equal to 1.",
            param=param,
            code="parameter_invalid_integer",
        )
    if amount < MINIMUM[currency]:
        message = f"Amount must be at least {MINIMUM[currency] / 100:.2f} {currency}"
        raise invalid(message, param=param, code="amount_too_small")
    if amount > _MAXIMUM:
        message = f"Amount must be no more than {_MAXIMUM / 100:.2f} {currency}"
        raise invalid(message, param=param, code="amount_too_large")


def check_application_fee(fee: int | None, amount: int, *, on_platform: bool, param: str) -> None:
    """Refuse a fee that is more than the payment, or that the platform would pay to itself."""
    if fee is None:
        return
    if on_platform:
        message = (
            "Can only apply an application_fee_amount when the payment is made on a connected account "
            "(with the Stripe-Account header)."
        )
        raise invalid(message, param=param)
    if not 0 <= fee <= amount:
        message = f"Invalid application fee amount: it must be between 0 and the amount ({amount})."
        raise invalid(message, param=param)
