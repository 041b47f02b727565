"""What there is to do about money today: one figure for each page that has the work."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tenant_apps.accounting import queries as accounting
from tenant_apps.accounting.bank import matching
from tenant_apps.office.balances import Balance
from tenant_apps.office.money.owing import unpaid
from tenant_apps.orders.models import Account, Order
from tenant_apps.payments import refunding
from tenant_apps.payments.disputed import is_open
from tenant_apps.payments.models import Instalment, InstalmentStatus, Payment, Refund


@dataclass(frozen=True, slots=True)
class Task:
    """`cents` is None for what is counted alone; `is_urgent` where somebody waits for it."""

    label: str
    url: str
    count: int | None
    cents: int | None = None
    is_urgent: bool = False

    @property
    def count_words(self) -> str:
        count = self.count or 0
        return ngettext("%(count)s dossier", "%(count)s dossiers", count) % {"count": count}


def tasks(balances: Iterable[Balance]) -> list[Task]:
    """In a constant number of questions."""
    owed = _sum(unpaid(Order.objects.all()), "owed")
    refused = _sum(Instalment.objects.filter(status=InstalmentStatus.FAILED), "left_cents")
    again = _sum(Refund.objects.filter(refunding.AGAIN | refunding.TO_MAKE), "amount_cents")
    in_drawers = sum(balance.by_account[Account.CASH] for balance in balances)
    unknown, differences = matching.open_lines().count(), accounting.open_breaks().count()
    contested = sum(is_open(dispute) for dispute in _disputes())
    return [
        Task(_("À recevoir"), reverse("office:owing"), *owed),
        Task(_("Prélèvements refusés"), f"{reverse('office:owing')}?state=failed", *refused, is_urgent=refused[0] > 0),
        Task(_("À rembourser"), reverse("office:refunds"), *again, is_urgent=again[0] > 0),
        Task(_("Virements à attribuer"), reverse("office:bank"), unknown, None, unknown > 0),
        Task(_("Caisse à déposer"), reverse("office:deposits"), None, in_drawers),
        Task(_("Écarts"), reverse("office:breaks"), differences, None, differences > 0),
        Task(_("Contestations ouvertes"), reverse("office:disputes"), contested, None, contested > 0),
    ]


def _sum(found: QuerySet[Any], column: str) -> tuple[int, int]:
    said = found.order_by().aggregate(count=Count("pk"), cents=Sum(column))
    return said["count"], said["cents"] or 0


def _disputes() -> list[Mapping[str, Any]]:
    return list(Payment.objects.exclude(dispute={}).values_list("dispute", flat=True))
