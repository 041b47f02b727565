"""The totals of the ledger, by payee, currency and account, for an organisation that takes everything with it."""

import json
from collections.abc import Iterator

from django.db.models import Sum

from tenant_apps.orders.models import Transfer


def totals() -> Iterator[tuple[str, bytes]]:
    """Debits less credits, in cents; over all accounts of a payee they sum to zero."""
    found: dict[tuple[str, str, str], int] = {}
    for side, sign in (("debit", 1), ("credit", -1)):
        rows = Transfer.objects.values_list("payee__name", "currency", side).annotate(cents=Sum("amount_cents"))
        for payee, currency, account, cents in rows.order_by():
            key = (payee, currency, account)
            found[key] = found.get(key, 0) + sign * cents
    told = [
        {"payee": payee, "currency": currency, "account": account, "cents": cents}
        for (payee, currency, account), cents in sorted(found.items())
    ]
    yield "grand-livre.json", json.dumps(told, ensure_ascii=False, indent=1).encode()
