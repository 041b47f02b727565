"""The balance and its transactions."""

from collections import Counter

from deploy.sandbox import lists
from deploy.sandbox.errors import Json
from deploy.sandbox.registry import answers
from deploy.sandbox.work import Work

_KIND = "balance_transaction"
_URL = "/v1/balance_transactions"


@answers("GET", "/v1/balance")
def retrieve_balance(work: Work, params: Json) -> Json:
    """Sum up the account's books."""
    sums: dict[str, Counter[str]] = {"available": Counter(), "pending": Counter()}
    for transaction in work.where(_KIND):
        for other in sums.values():
            other[transaction["currency"]] += 0
        sums[transaction["status"]][transaction["currency"]] += transaction["net"]
    amounts = {status: [_amount(c, sum_) for c, sum_ in found.items()] for status, found in sums.items()}
    return {"object": "balance", "connect_reserved": [], "livemode": False, **amounts}


@answers("GET", _URL + "/{id}")
def retrieve(work: Work, params: Json, identifier: str) -> Json:
    """Show a movement."""
    return work.get(_KIND, identifier)


@answers("GET", _URL)
def list_(work: Work, params: Json) -> Json:
    """List movements; those of one payout are the ones it paid out, and itself."""
    filters = {"currency": "currency", "source": "source", "type": "type"}
    if "payout" not in params:
        return lists.page(work, _KIND, params, url=_URL, filters=filters)
    payout = work.get("payout", params["payout"], param="payout")
    paid_out = set(work.hidden(payout["id"])["transactions"])
    found = [body for body in work.where(_KIND) if body["id"] in paid_out]
    if "type" in params:
        found = [body for body in found if body["type"] == params["type"]]
    return lists.of(found[::-1], _URL)


def _amount(currency: str, amount: int) -> Json:
    return {"amount": amount, "currency": currency, "source_types": {"card": amount}}
