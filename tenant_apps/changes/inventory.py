"""What this app's tables hold (kernel.inventory)."""

from django.utils.translation import gettext_lazy as _

from kernel.inventory import Basis, DataClass, Held, Retention, fields

_CHANGE = Held(DataClass.PERSONAL, _("Décider d’une désinscription ou d’un changement"), Retention.PARTICIPATION)
_WORDS = Held(DataClass.HEALTH, _("Étudier la demande de la famille"), Retention.HEALTH, Basis.CONSENT)

FIELDS = {
    **fields("ChangeRequest", "id registration guardian uploads decided_by"),
    **fields("ChangeRequest", "kind option participant status fee_cents refund_cents asked_at decided_at", _CHANGE),
    **fields("ChangeRequest", "sealed", _WORDS),
}
