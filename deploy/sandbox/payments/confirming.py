"""A payment intent is tried: the card answers, or its bank asks, or takes days."""

from deploy.sandbox import cards, faults
from deploy.sandbox.errors import ApiError, Json, unexpected_state
from deploy.sandbox.payments import banks, charging, intents, methods
from deploy.sandbox.work import Work, job


def confirm(
    work: Work,
    intent: Json,
    *,
    off_session: bool = False,
    authenticated: bool = False,
    return_url: str | None = None,
    never_asks: bool = False,
) -> Json:
    """Try to take the money with the intent's method. `never_asks`: a bank that wants the payer has refused.

    Raises ApiError (402) on a refusal; what the refusal wrote is to be kept.
    """
    if intent["status"] not in intents.OPEN:
        raise unexpected_state("PaymentIntent", intent, "confirm")
    if intent["payment_method"] is None:
        message = (
            "You cannot confirm this PaymentIntent because it's missing a payment method. You can "
            "either update the PaymentIntent with a payment method and then confirm it again, or "
            "confirm it again directly with a payment method or ConfirmationToken."
        )
        raise ApiError(
            400,
            message,
            code="payment_intent_unexpected_state",
            details={"payment_intent": intent},
        )
    method = work.get("payment_method", intent["payment_method"])
    if return_url:
        work.hide(intent["id"], return_url=return_url)
    if method["type"] == "card":
        return _confirm_card(work, intent, method, off_session, authenticated, never_asks)
    if method["type"] == "bancontact":
        return intents.succeed(work, intent, method) if authenticated else intents.ask(work, intent, "bancontact")
    return intents.process(work, intent, method)


@job("abandon_redirect")
def abandon_redirect(work: Work, intent_id: str) -> None:
    """The payer left for the bank an hour ago and never answered."""
    intent = work.get("payment_intent", intent_id)
    if intent["status"] == "requires_action":
        intents.refuse(work, intent, work.get("payment_method", intent["payment_method"]), banks.ABANDONED)


@job("settle_debit")
def settle_debit(work: Work, intent_id: str) -> None:
    """The bank answers a debit asked for days ago."""
    intent = work.get("payment_intent", intent_id)
    if intent["status"] != "processing":
        return
    charge = work.get("charge", intent["latest_charge"])
    method = work.get("payment_method", charge["payment_method"])
    outcome = banks.outcome(work.hidden(method["id"])["number"])
    if outcome.fails:
        charge = charging.bounce(work, charge, banks.REFUSED)
        intents.refuse(work, intent, method, banks.REFUSED, charge=charge)
        return
    intents.finish(work, intent, charging.settle(work, charge, intent))
    if outcome.disputed_after:
        work.later(outcome.disputed_after, "dispute_debit", charge["id"])


def _confirm_card(
    work: Work, intent: Json, method: Json, off_session: bool, authenticated: bool, never_asks: bool
) -> Json:
    card = methods.card_of(work, method)
    if _wants_authentication(work, card, method, off_session, authenticated):
        if not off_session and not never_asks:
            return intents.ask(work, intent, "authenticate")
        charge = charging.failed(work, intent, method, cards.AUTHENTICATION)
        raise intents.refuse(work, intent, method, cards.AUTHENTICATION, charge=charge)
    decline = card.decline or _bad_day(work)
    if decline:
        charge = charging.failed(work, intent, method, decline)
        raise intents.refuse(work, intent, method, decline, charge=charge)
    if authenticated:
        work.hide(method["id"], authenticated=True)
    return intents.succeed(work, intent, method)


def _bad_day(work: Work) -> cards.Decline | None:
    """The bank says no to this merchant, where a rule wants it."""
    return cards.GENERIC if faults.take(work.db, faults.CARD_KINDS, account=work.account) else None


def _wants_authentication(work: Work, card: cards.Card, method: Json, off_session: bool, authenticated: bool) -> bool:
    if card.authentication == "never" or authenticated:
        return False
    saved = bool(work.hidden(method["id"]).get("authenticated")) and method["customer"] is not None
    return not (card.authentication == "unless_saved" and saved and off_session)
