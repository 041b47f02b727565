"""Application fees: what the platform earned on its accounts' payments."""

from deploy.sandbox import lists
from deploy.sandbox.errors import Json, invalid
from deploy.sandbox.payments import refunding
from deploy.sandbox.registry import answers
from deploy.sandbox.work import Work

_KIND = "application_fee"
_URL = "/v1/application_fees"


@answers("GET", _URL + "/{id}")
def retrieve(work: Work, params: Json, identifier: str) -> Json:
    """Show a fee."""
    return work.get(_KIND, identifier)


@answers("POST", _URL + "/{id}/refunds")
def refund(work: Work, params: Json, identifier: str) -> Json:
    """Give a fee, or a part of it, back to the account."""
    fee = work.get(_KIND, identifier)
    left = fee["amount"] - fee["amount_refunded"]
    amount = params.get("amount", left)
    if not 0 < amount <= left:
        message = f"Refund amount ({amount}) is greater than the unrefunded amount on the fee ({left})."
        raise invalid(message, param="amount")
    return refunding.return_fee(work, fee, amount)


@answers("GET", _URL)
def list_(work: Work, params: Json) -> Json:
    """List fees."""
    return lists.page(work, _KIND, params, url=_URL, filters={"charge": "charge"})
