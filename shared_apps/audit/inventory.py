"""What this app's tables hold (kernel.inventory)."""

from django.utils.translation import gettext_lazy as _

from kernel.inventory import Basis, DataClass, Held, Retention, fields

_DEED = Held(DataClass.PERSONAL, _("Montrer qui a fait quoi, et quand"), Retention.TRAIL, Basis.LAW)

FIELDS = {
    **fields("Entry", "id"),
    **fields("Entry", "at actor_kind actor_id actor_label action subject subject_id details", _DEED),
}
