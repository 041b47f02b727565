"""A payer's answer on the bank's page, to whichever intent asked."""

from deploy.sandbox.errors import Json
from deploy.sandbox.payments import banks, confirming, intents, setups
from deploy.sandbox.work import Work


def answer(work: Work, intent: Json, *, approved: bool) -> Json:
    """Go on with an intent after the bank's page. Raises ApiError (402) when it is refused."""
    setting_up = intent["object"] == "setup_intent"
    if approved:
        if setting_up:
            return setups.confirm(work, intent, authenticated=True)
        return confirming.confirm(work, intent, authenticated=True)
    method = work.get("payment_method", intent["payment_method"])
    if setting_up:
        raise setups.refuse(work, intent, method, setups.AUTHENTICATION_FAILED)
    bank = method["type"] != "card"
    decline = banks.DECLINED_AT_BANK if bank else intents.AUTHENTICATION_FAILED
    raise intents.refuse(work, intent, method, decline)
