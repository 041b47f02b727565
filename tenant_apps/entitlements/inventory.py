"""What this app's tables hold (kernel.inventory)."""

from django.utils.translation import gettext_lazy as _

from kernel.inventory import Basis, DataClass, Held, Retention, fields

_GRANT = Held(DataClass.PERSONAL, _("Appliquer le bon prix et les bonnes conditions"), Retention.PARTICIPATION)
_WORDS = Held(DataClass.HEALTH, _("Étudier la demande de la famille"), Retention.HEALTH, Basis.CONSENT)

FIELDS = {
    **fields("Entitlement", "id guardian uploads decided_by"),
    **fields("Entitlement", "kind key participant offering option status", _GRANT),
    **fields("Entitlement", "valid_from_on valid_until_on asked_at decided_at", _GRANT),
    **fields("Entitlement", "sealed", _WORDS),
}
