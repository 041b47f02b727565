"""What this app's tables hold (kernel.inventory)."""

from django.utils.translation import gettext_lazy as _

from kernel.inventory import Basis, DataClass, Held, Retention, fields

_OWED = Held(DataClass.PAYMENT, _("Savoir ce qui est dû et ce qui est payé"), Retention.ACCOUNTING, Basis.LAW)
_DOOR = Held(DataClass.SECRET, _("Ouvrir la confirmation à qui a le lien"), Retention.ACCOUNTING)

FIELDS = {
    **fields("Order", "id payee basket guardian"),
    **fields("Order", "number reference status currency total_cents language placed_at settled_at", _OWED),
    **fields("Order", "communication card plan first_cents", _OWED),
    **fields("Order", "token", _DOOR),
    **fields("OrderLine", "id order registration position"),
    **fields("OrderLine", "label participant_name quantity unit_cents amount_cents quote", _OWED),
    **fields("Numbering", "id payee series last"),
    **fields("Transfer", "id payee order guardian offering source"),
    **fields("Transfer", "debit credit amount_cents currency at", _OWED),
}
