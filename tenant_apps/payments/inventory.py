"""What this app's tables hold (kernel.inventory)."""

from django.utils.translation import gettext_lazy as _

from kernel.inventory import Basis, DataClass, Held, Retention, fields

_PAID = Held(DataClass.PAYMENT, _("Encaisser, rembourser et en donner la preuve"), Retention.ACCOUNTING, Basis.LAW)
_PAGE = Held(DataClass.SECRET, _("Ouvrir la page de paiement"), Retention.SHORT)

FIELDS = {
    **fields("Payment", "id order attempt session_id intent_id is_page_closed recorded_by"),
    **fields("Payment", "means amount_cents rounding_cents currency status method started_at ended_at", _PAID),
    **fields("Payment", "reference received_on deposit dispute", _PAID),
    **fields("Payment", "page_url", _PAGE),
    **fields("Instalment", "id order position payment attempts try_at failure"),
    **fields("Instalment", "amount_cents left_cents due_on is_automatic status grace_until told_at", _PAID),
    **fields("Refund", "id payment processor_id attempts replaces decided_by"),
    **fields("Refund", "amount_cents reason means proof status requested_at ended_at", _PAID),
    **fields("Receipt", "id payment payee corrects"),
    **fields("Receipt", "number reason words issued_at", _PAID),
}
