"""What this app's tables hold (kernel.inventory)."""

from django.utils.translation import gettext_lazy as _

from kernel.inventory import DataClass, Held, Retention, fields

_KEY = Held(DataClass.SECRET, _("Chiffrer ce que peu de personnes peuvent lire"), Retention.ORGANISATION)

FIELDS = {
    **fields("DataKey", "id number created_at retired_at"),
    **fields("DataKey", "wrapped", _KEY),
}
