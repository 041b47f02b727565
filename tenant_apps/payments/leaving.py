"""What payments say to an organisation that leaves: its papers, and the money that is not where it belongs yet."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.organisation.models import Payee
from tenant_apps.payments import deposit_slips, drawer, invoices, receipts
from tenant_apps.payments.disputed import UNDECIDED
from tenant_apps.payments.models import (
    Instalment,
    InstalmentStatus,
    Payment,
    Receipt,
    Refund,
    RefundMeans,
    RefundStatus,
)
from tenant_apps.payments.operations.instalments import OPEN
from tenant_apps.payments.states import LIVE
from tenants.leaving.registries import Matter


def papers() -> Iterator[tuple[str, bytes]]:
    """Each receipt, each invoice, and each slip that went to the bank."""
    for pk in Receipt.objects.order_by("number").values_list("pk", flat=True):
        receipt = Receipt.objects.select_related("payment__order__payee", "payment__order__guardian").get(pk=pk)
        yield f"recus/{receipt.pk}-{receipts.file_name(receipt)}", receipts.pdf(receipt)
    for pk in Order.objects.exclude(status=OrderStatus.CANCELLED).order_by("number").values_list("pk", flat=True):
        order = Order.objects.select_related("payee", "guardian").get(pk=pk)
        yield f"factures/{order.pk}-{invoices.file_name(order)}", invoices.pdf(order)
    for payee in Payee.objects.order_by("pk"):
        for slip in drawer.deposits([payee.pk]):
            name = f"{payee.pk}-{deposit_slips.file_name(slip)}"
            yield f"depots/{name}", deposit_slips.pdf(slip, payee, language="fr")


def matters(at: datetime) -> Iterator[Matter]:
    """Only those of which there are any."""
    for matter in _all():
        if matter.number:
            yield matter


def _all() -> Iterator[Matter]:
    waiting = RefundStatus.DUE, RefundStatus.PENDING
    refunds = Refund.objects.filter(status__in=waiting)
    by_card = refunds.filter(means=RefundMeans.CARD)
    yield Matter("payments", _("Paiements en cours"), Payment.objects.filter(status__in=LIVE).count(), True)
    charging = Instalment.objects.filter(status=InstalmentStatus.CHARGING)
    yield Matter("charging", _("Prélèvements en cours"), charging.count(), True)
    yield Matter("refunds", _("Remboursements par carte en cours"), by_card.count(), True)
    disputed = Payment.objects.filter(dispute__status__in=UNDECIDED)
    yield Matter("disputes", _("Paiements contestés sans décision"), disputed.count(), True)
    by_hand = refunds.exclude(means=RefundMeans.CARD)
    yield Matter("by_hand", _("Remboursements à faire par chèque, par virement ou en espèces"), by_hand.count())
    yield Matter("unpaid", _("Commandes à payer"), Order.objects.filter(status=OrderStatus.OPEN).count())
    coming = Instalment.objects.filter(status__in=OPEN).exclude(status=InstalmentStatus.CHARGING)
    yield Matter("instalments", _("Versements à venir ou impayés"), coming.count())
    owed = int(ledger.totals().get(Account.CREDIT, 0) != 0)
    yield Matter("credit", _("Crédits de familles à rendre"), owed)
