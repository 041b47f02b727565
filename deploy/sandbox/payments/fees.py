"""What the processor keeps of a payment."""

from dataclasses import dataclass

from deploy.sandbox.errors import Json


@dataclass(frozen=True)
class _Tariff:
    per_ten_thousand: int
    fixed: int
    ceiling: int | None = None


_CARD = {
    "cad": _Tariff(290, 30),
    "eur": _Tariff(150, 25),
    "usd": _Tariff(290, 30),
    "chf": _Tariff(290, 30),
    "gbp": _Tariff(150, 20),
}
_OTHERS = {
    "acss_debit": _Tariff(100, 40, ceiling=500),
    "bancontact": _Tariff(0, 39),
    "sepa_debit": _Tariff(0, 35),
}
DISPUTE = 1500


def processing_fee(amount: int, currency: str, method: str) -> int:
    """Return the fee of a payment, in the currency's smallest unit, rounded half up."""
    tariff = _OTHERS.get(method) or _CARD[currency]
    fee = (amount * tariff.per_ten_thousand + 5000) // 10_000 + tariff.fixed
    return min(fee, amount, tariff.ceiling or fee)


def stripe_fee(amount: int, currency: str) -> Json:
    """One line of a balance transaction's fees: the processor's."""
    return _line(amount, currency, "stripe_fee", "Stripe processing fees", None)


def application_fee(amount: int, currency: str, platform: str) -> Json:
    """One line of a balance transaction's fees: the platform's."""
    return _line(amount, currency, "application_fee", "Application fee", platform)


def _line(amount: int, currency: str, kind: str, description: str, application: str | None) -> Json:
    return {
        "amount": amount,
        "application": application,
        "currency": currency,
        "description": description,
        "type": kind,
    }
