"""A payer's answer on the bank's page, to whichever intent asked."""

from deploy.sandbox.errors import Json
from deploy.sandbox.payments import banks, intents
from deploy.sandbox.work import Work


def answer(work: Work, intent: Json, *, approved: bool) -> Json:
    """Go on with an intent after the bank's page. Raises ApiError (402) when it is refused."""
    if approved:
        return intents.confirm(work, intent, authenticated=True)
    method = work.get("payment_method", intent["payment_method"])
    bank = method["type"] != "card"
    raise intents.refuse(work, intent, method, banks.DECLINED_AT_BANK if bank else intents.AUTHENTICATION_FAILED)
