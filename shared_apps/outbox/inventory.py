"""What this app's tables hold (kernel.inventory)."""

from django.utils.translation import gettext_lazy as _

from kernel.inventory import DataClass, Held, Retention, fields

_MESSAGE = Held(DataClass.PERSONAL, _("Écrire à la personne ce qu’elle doit savoir"), Retention.SHORT)

FIELDS = {
    **fields("Event", "id kind payload created_at due_at handled_at attempts last_error"),
    **fields("Message", "id unique_key sender_name reply_to attachments status due_at attempts last_error"),
    **fields("Message", "recipient language subject text html created_at sent_at", _MESSAGE),
}
