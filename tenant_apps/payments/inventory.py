"""What this app's tables hold (kernel.inventory)."""

from django.utils.translation import gettext_lazy as _

from kernel.inventory import Basis, DataClass, Held, Retention, fields

_PAID = Held(DataClass.PAYMENT, _("Encaisser, rembourser et en donner la preuve"), Retention.ACCOUNTING, Basis.LAW)
_PAGE = Held(DataClass.SECRET, _("Ouvrir la page de paiement"), Retention.SHORT)

FIELDS = {
    **fields("Payment", "id order attempt session_id intent_id is_page_closed"),
    **fields("Payment", "amount_cents currency status method started_at ended_at", _PAID),
    **fields("Payment", "page_url", _PAGE),
    **fields("Refund", "id payment processor_id attempts"),
    **fields("Refund", "amount_cents reason status requested_at ended_at", _PAID),
    **fields("Receipt", "id payment payee"),
    **fields("Receipt", "number issued_at", _PAID),
}
