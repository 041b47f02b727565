"""Each row has a cause that the books know (docs/books.md), between the accounts that it moves money between."""

from collections.abc import Iterator
from functools import reduce
from operator import or_

from django.db.models import Q

from tenant_apps.accounting.proof.faults import Fault
from tenant_apps.orders.ledger import SOLD
from tenant_apps.orders.models import Account, Transfer
from tenant_apps.organisation import queries as organisation

_A = Account


def check() -> Iterator[Fault]:
    rows = Transfer.objects.exclude(reduce(or_, _KNOWN)).order_by("at", "id")
    for source, cents in rows.values_list("source", "amount_cents").iterator():
        yield Fault("a row has a cause and accounts that the books know", source, 0, cents)
    ours = Q(source__startswith="deposit:") | Q(source__startswith="credit:") | Q(source__startswith="bank:")
    foreign = Transfer.objects.filter(ours).exclude(currency=organisation.profile().currency).order_by("at", "id")
    for source, cents in foreign.values_list("source", "amount_cents").iterator():
        yield Fault("what no processor moves is in the organisation's currency", source, 0, cents)


def _cause(prefix: str, *sides: tuple[Account, Account], end: str = "") -> Q:
    named = Q(source__startswith=f"{prefix}:", source__endswith=end)
    if not sides:
        return named
    return named & reduce(or_, (Q(debit=debit, credit=credit) for debit, credit in sides))


def _either(one: Account, *others: Account) -> list[tuple[Account, Account]]:
    return [pair for other in others for pair in ((one, other), (other, one))]


# The rows of a payment and of a refund are compared one by one (proof.rows).
_KNOWN = [
    _cause("payment"),
    _cause("refund"),
    _cause("order_line", *_either(_A.RECEIVABLE, *SOLD)),
    _cause("change", *((account, _A.RECEIVABLE) for account in SOLD)),
    _cause("rebate", *((account, _A.RECEIVABLE) for account in SOLD)),
    _cause("credit", (_A.REVENUE, _A.CREDIT), end=":granted"),
    _cause("credit", (_A.CREDIT, _A.BETWEEN), end=":out"),
    _cause("credit", (_A.BETWEEN, _A.CREDIT), end=":in"),
    _cause("credit", (_A.CREDIT, _A.BANK), (_A.CREDIT, _A.CASH), end=":paid"),
    _cause("dispute", (_A.DISPUTES, _A.PROCESSOR), end=":withdrawn"),
    _cause("dispute", (_A.PROCESSOR, _A.DISPUTES), end=":reinstated"),
    _cause("dispute", (_A.RECEIVABLE, _A.DISPUTES), end=":lost"),
    _cause("deposit", (_A.BANK, _A.CASH), end=":cash"),
    _cause("deposit", (_A.BANK, _A.CASH), end=":cheque"),
    _cause("deposit", *_either(_A.CASH, _A.ROUNDING), end=":difference"),
    _cause("fee", *_either(_A.PROCESSOR, _A.FEES, _A.PLATFORM_FEES)),
    _cause("payout", *_either(_A.PROCESSOR, _A.BANK)),
    _cause("unclaimed", *_either(_A.PROCESSOR, _A.UNCLAIMED)),
    _cause("claimed", *_either(_A.PROCESSOR, _A.UNCLAIMED)),
    _cause("bank", *_either(_A.BANK, _A.UNCLAIMED)),
]
