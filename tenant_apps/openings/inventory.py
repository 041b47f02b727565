"""What this app's tables hold (kernel.inventory)."""

from django.utils.translation import gettext_lazy as _

from kernel.inventory import DataClass, Held, Retention, fields

_TURN = Held(DataClass.PERSONAL, _("Donner son tour à chaque famille à l’ouverture"), Retention.PARTICIPATION)

FIELDS = {
    **fields("Opening", "id name translations mode gathers_from opens_at ended_at terms seed"),
    **fields("Opening", "draw_asked_at draw_failed_at drawn_at"),
    **fields("Opening", "last_position admitted admitted_at rate"),
    **fields("Ticket", "id opening guardian"),
    **fields("Ticket", "family channel joined_at position called_at is_given_up pass_until done_at", _TURN),
}
