"""What this app's tables hold (kernel.inventory)."""

from django.utils.translation import gettext_lazy as _

from kernel.inventory import DataClass, Held, Retention, fields

_ROWS = Held(DataClass.PERSONAL, _("Vérifier un fichier avant de l’importer"), Retention.SHORT, is_exported=False)

FIELDS = {
    **fields("ImportRun", "id layout state path errors_path rows rows_done counts error_count begun_by"),
    **fields("ImportRun", "created_at due_at attempts ended_at"),
    **fields("ImportRun", "name errors preview options source doubts", _ROWS),
}
