"""What this app's tables hold (kernel.inventory)."""

from django.utils.translation import gettext_lazy as _

from kernel.inventory import Basis, DataClass, Held, Retention, fields

_SAID = Held(
    DataClass.PAYMENT, _("Rapprocher les livres de la banque et du processeur"), Retention.ACCOUNTING, Basis.LAW
)

FIELDS = {
    **fields("StatementLine", "id payee payment owner"),
    **fields("StatementLine", "book kind reference booked_on cents expected_cents currency", _SAID),
    **fields("StatementLine", "communication counterparty status known_as note found_at ended_at", _SAID),
}
