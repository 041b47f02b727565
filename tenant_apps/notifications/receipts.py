"""The receipt of each payment, sent as soon as it came, and the one that corrects it (S3-07, F7)."""

from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from shared_apps.design import formats
from tenant_apps.families.queries import hidden_ids
from tenant_apps.notifications import about_orders
from tenant_apps.notifications.letters import Letter, send
from tenant_apps.orders.models import Order
from tenant_apps.organisation import queries as organisation
from tenant_apps.payments import progress, receipts
from tenant_apps.payments.models import Payment, Receipt
from tenant_apps.payments.papers import paid_by
from tenants import links


def settling(payment_id: UUID) -> None:
    """Of the payment by which an order was settled: the confirmation is the page to see (S1-46)."""
    receipt = _of_payment(payment_id)
    with override(receipt.payment.order.language):
        address = links.absolute(reverse("confirmation", args=[receipt.payment.order.token]))
        _send(_letter(receipt, action=(_("Voir la confirmation"), address)), receipt, key=_key(receipt))


def received(payload: dict[str, Any]) -> None:
    """Of one that came later: the account is."""
    receipt = _of_payment(UUID(payload["payment"]))
    with override(receipt.payment.order.language):
        action = about_orders.page(receipt.payment.order, _("Voir le compte"))
        _send(_letter(receipt, action=action), receipt, key=_key(receipt))


def corrected(payload: dict[str, Any]) -> None:
    receipt = _receipts().select_related("corrects").get(pk=payload["receipt"])
    order = receipt.payment.order
    if receipt.corrects is None:
        return
    said = {"new": receipts.number(receipt), "old": receipts.number(receipt.corrects)}
    with override(order.language):
        is_cancelled = receipt.words.get("is_cancelled")
        subject = _("Reçu nº %(old)s annulé") if is_cancelled else _("Reçu nº %(old)s corrigé")
        told = _("Le reçu nº %(new)s, joint à ce message, remplace le reçu nº %(old)s.")
        letter = Letter(
            subject=subject % said,
            paragraphs=[_("Bonjour,"), told % said],
            facts=[(_("Motif"), receipt.reason), (_("Référence"), order.reference)],
            action=about_orders.page(order, _("Voir le compte")),
        )
        _send(letter, receipt, key=f"receipt:{receipt.id}:corrected")


def _letter(receipt: Receipt, *, action: tuple[str, str]) -> Letter:
    payment, order = receipt.payment, receipt.payment.order
    amount = about_orders.money(payment.amount_cents, order)
    return Letter(
        subject=_("Paiement reçu\u202f: %(amount)s") % {"amount": amount},
        paragraphs=[_("Bonjour,"), _("Nous avons bien reçu votre paiement. Votre reçu est joint à ce message.")],
        facts=[
            (_("Montant"), amount),
            (_("Payé à"), order.payee.legal_name),
            (_("Moyen de paiement"), paid_by(payment)),
            (_("Reçu"), receipts.number(receipt)),
            (_("Référence"), order.reference),
            *_rest(payment, order),
        ],
        action=action,
    )


def _rest(payment: Payment, order: Order) -> list[tuple[str, str]]:
    """What is left once it came, and when the next part is due."""
    how_far = progress.after(payment)
    if not how_far.left_cents:
        return []
    rest = [(_("Reste à payer"), about_orders.money(how_far.left_cents, order))]
    if how_far.coming:
        day = formats.date_words(how_far.coming[0].on, about_orders.locale(), length="long")
        rest.append((_("Prochaine échéance"), day))
    return rest


def _send(letter: Letter, receipt: Receipt, *, key: str) -> None:
    order = receipt.payment.order
    send(
        letter,
        key=key,
        recipient=order.guardian.email,
        language=order.language,
        profile=organisation.profile(),
        attachments=[_file(receipt)],
    )


def _file(receipt: Receipt) -> dict[str, str]:
    path = f"receipts/{receipt.id}.pdf"
    if not default_storage.exists(path):
        hidden = hidden_ids(receipt.payment.order.guardian_id)
        path = default_storage.save(path, ContentFile(receipts.pdf(receipt, hidden=hidden)))
    return {"name": receipts.file_name(receipt), "path": path, "type": "application/pdf"}


def _key(receipt: Receipt) -> str:
    """However many events tell of the payment, it is written of once."""
    return f"payment:{receipt.payment_id}:received"


def _of_payment(payment_id: UUID) -> Receipt:
    """The first: what corrects it is written of by itself."""
    return _receipts().get(payment_id=payment_id, corrects=None)


def _receipts() -> QuerySet[Receipt]:
    return Receipt.objects.select_related("payment__order__payee", "payment__order__guardian")


LISTENERS = {"payments.received": received, "payments.receipt_corrected": corrected}
