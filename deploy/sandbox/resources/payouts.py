"""Payouts: `/v1/payouts`."""

from deploy.sandbox import lists
from deploy.sandbox.errors import Json
from deploy.sandbox.money import check_currency
from deploy.sandbox.payments import payouts
from deploy.sandbox.registry import answers
from deploy.sandbox.work import Work

_KIND = "payout"
_URL = "/v1/payouts"


@answers("POST", _URL)
def create(work: Work, params: Json) -> Json:
    """Send available money to the bank."""
    check_currency(params["currency"])
    return payouts.new(work, params)


@answers("GET", _URL + "/{id}")
def retrieve(work: Work, params: Json, identifier: str) -> Json:
    """Show a payout."""
    return work.get(_KIND, identifier)


@answers("POST", _URL + "/{id}/cancel")
def cancel(work: Work, params: Json, identifier: str) -> Json:
    """Take a payout back."""
    return payouts.cancel(work, work.get(_KIND, identifier))


@answers("GET", _URL)
def list_(work: Work, params: Json) -> Json:
    """List payouts."""
    return lists.page(work, _KIND, params, url=_URL, filters={"status": "status"})
