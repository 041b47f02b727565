"""The test cards and what happens to each, as Stripe documents them."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Decline:
    """Why a card is refused."""

    code: str
    reason: str
    message: str


GENERIC = Decline("card_declined", "generic_decline", "Your card was declined.")
INSUFFICIENT = Decline("card_declined", "insufficient_funds", "Your card has insufficient funds.")
EXPIRED = Decline("expired_card", "expired_card", "Your card has expired.")
INCORRECT_CVC = Decline("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect.")
AUTHENTICATION = Decline(
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
)
NOT_A_TEST_CARD = Decline(
    "card_declined",
    "test_mode_live_card",
    "Your card was declined. Your request was in test mode, but used a non test card.",
)


@dataclass(frozen=True, kw_only=True)
class Card:
    """A card number and its fate."""

    number: str
    names: tuple[str, ...]
    brand: str = "visa"
    funding: str = "credit"
    country: str = "US"
    decline: Decline | None = None
    attaches: bool = True
    authentication: str = "never"  # or "unless_saved", or "always"
    disputed: bool = False
    refund: str = "succeeds"  # or "fails_later", or "pending"

    @property
    def last4(self) -> str:
        """The digits one may show."""
        return self.number[-4:]


TEST_CARDS = (
    Card(number="4242424242424242", names=("visa",)),
    Card(number="5555555555554444", names=("mastercard",), brand="mastercard"),
    Card(number="4000056655665556", names=("visa_debit",), funding="debit"),
    Card(number="5200828282828210", names=("mastercard_debit",), brand="mastercard", funding="debit"),
    Card(number="378282246310005", names=("amex",), brand="amex"),
    Card(number="4000001240000000", names=("ca",), country="CA"),
    Card(number="4000000560000004", names=("be",), country="BE"),
    Card(
        number="4000000000000002",
        names=("visa_chargeDeclined", "chargeDeclined"),
        decline=GENERIC,
        attaches=False,
    ),
    Card(
        number="4000000000009995",
        names=("visa_chargeDeclinedInsufficientFunds", "chargeDeclinedInsufficientFunds"),
        decline=INSUFFICIENT,
        attaches=False,
    ),
    Card(
        number="4000000000000069",
        names=("chargeDeclinedExpiredCard", "visa_chargeDeclinedExpiredCard"),
        decline=EXPIRED,
        attaches=False,
    ),
    Card(
        number="4000000000000127",
        names=("chargeDeclinedIncorrectCvc", "visa_chargeDeclinedIncorrectCvc"),
        decline=INCORRECT_CVC,
        attaches=False,
    ),
    Card(
        number="4000002500003155",
        names=("authenticationRequiredOnSetup",),
        authentication="unless_saved",
    ),
    Card(number="4000002760003184", names=("authenticationRequired",), authentication="always"),
    Card(number="4000000000000259", names=("createDispute",), disputed=True),
    Card(number="4000000000000341", names=("chargeCustomerFail",), decline=GENERIC),
    Card(number="4000000000005126", names=("refundFail",), refund="fails_later"),
    Card(number="4000000000007726", names=("pendingRefund",), refund="pending"),
)
_BY_NUMBER = {card.number: card for card in TEST_CARDS}
_BY_NAME = {name: card for card in TEST_CARDS for name in card.names}


def by_number(number: str) -> Card:
    """Return the card of a number; any other card is one that testing declines."""
    known = _BY_NUMBER.get(number)
    return known or Card(number=number, names=(), decline=NOT_A_TEST_CARD, attaches=False)


def by_name(identifier: str) -> Card | None:
    """Return the card of `pm_card_…` or `tok_…`, or nothing."""
    for prefix in ("pm_card_", "tok_"):
        if identifier.startswith(prefix):
            return _BY_NAME.get(identifier.removeprefix(prefix))
    return None


def is_number(digits: str) -> bool:
    """Whether the digits can be a card number at all (length and check digit)."""
    if not (digits.isascii() and digits.isdigit() and 12 <= len(digits) <= 19):
        return False
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


def is_past(month: int, year: int, today: date) -> bool:
    """Whether a card that says this month is over."""
    return (year, month) < (today.year, today.month)


def cvc_length(number: str) -> int:
    """How many digits the security code has."""
    return 4 if number.startswith(("34", "37")) else 3
