"""What this app's tables hold (kernel.inventory)."""

from django.utils.translation import gettext_lazy as _

from kernel.inventory import Basis, DataClass, Held, Retention, fields

_SLIP = Held(DataClass.PAYMENT, _("Attester au fisc ce qui a été payé"), Retention.ACCOUNTING, Basis.LAW)
_NUMBERS = Held(
    DataClass.NATIONAL_NUMBER, _("Attester au fisc qui a payé et pour qui"), Retention.ACCOUNTING, Basis.LAW
)

FIELDS = {
    **fields("Slip", "id payee guardian participant amends"),
    **fields("Slip", "kind year number version total_cents facts made_at published_at", _SLIP),
    **fields("Slip", "sealed", _NUMBERS),
}
