"""The list of test cards and accounts that the payment page offers."""

from deploy.sandbox.cards import TEST_CARDS, Card
from deploy.sandbox.pages.wording import Wording

_ACCOUNTS = {
    "acss_debit": (
        ("110 / 11000 / 000123456789", "debit_ok"),
        ("110 / 11000 / 000222222227", "debit_fails"),
        ("110 / 11000 / 000777777771", "debit_disputed"),
    ),
    "sepa_debit": (
        ("BE68 5390 0754 7034", "debit_ok"),
        ("BE62 5100 0754 7061", "debit_fails"),
        ("AT59 1904 3002 3547 3203", "debit_disputed"),
    ),
}


def card_effects(words: Wording) -> list[tuple[str, str]]:
    """Return each test card's number, in groups, and what happens to it."""
    return [(_grouped(card.number), words(f"effect.{_effect(card)}")) for card in TEST_CARDS]


def account_effects(words: Wording) -> dict[str, list[tuple[str, str]]]:
    """Return, for each kind of debit, the test accounts and what happens to them."""
    return {
        kind: [(number, words(f"effect.{effect}")) for number, effect in found] for kind, found in _ACCOUNTS.items()
    }


def _effect(card: Card) -> str:
    if card.decline:
        return "attaches" if card.attaches else card.decline.reason
    if card.authentication != "never":
        return card.authentication
    if card.disputed:
        return "disputed"
    if card.refund != "succeeds":
        return card.refund
    return "ok_debit" if card.funding == "debit" else "ok"


def _grouped(number: str) -> str:
    if len(number) == 15:
        return f"{number[:4]} {number[4:10]} {number[10:]}"
    return " ".join(number[place : place + 4] for place in range(0, len(number), 4))
