"""How banks answer: the test accounts of slow debits, and a payer who never comes back."""

from dataclasses import dataclass

from deploy.sandbox.cards import Decline
from deploy.sandbox.clock import DAY

REFUSED = Decline(
    "payment_method_customer_decline",
    "generic_decline",
    "The customer's bank account could not be debited.",
)
ABANDONED = Decline(
    "payment_intent_payment_attempt_expired",
    "payment_attempt_expired",
    "The payment attempt has expired: the customer did not complete it in time.",
)
DECLINED_AT_BANK = Decline(
    "payment_method_provider_decline",
    "generic_decline",
    "The payment was declined by the customer's bank.",
)
_DISPUTE_DAYS = 30


@dataclass(frozen=True)
class Outcome:
    """What becomes of a debit."""

    fails: bool = False
    disputed_after: int = 0


# Stripe's own test accounts; the disputed Canadian one is the sandbox's.
_OUTCOMES = {
    "000222222227": Outcome(fails=True),
    "000777777771": Outcome(disputed_after=(_DISPUTE_DAYS - 5) * DAY),
    "AT861904300235473202": Outcome(fails=True),
    "BE62510007547061": Outcome(fails=True),
    "FR8420041010050500013M02607": Outcome(fails=True),
    "AT591904300235473203": Outcome(disputed_after=(_DISPUTE_DAYS - 5) * DAY),
    "BE68539007547034": Outcome(),
}


def outcome(number: str) -> Outcome:
    """Return what becomes of a debit of this account: it is paid, unless the number says otherwise."""
    return _OUTCOMES.get(number, Outcome())
